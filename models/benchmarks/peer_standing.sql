-- One row per partner and measure (a score or a metric) of its last week: where its value lies among
-- the partners of its segment, tier and region, and of the whole programme.
{%- set groups = ['segment', 'tier', 'region', 'overall'] %}
{%- set scores = {} %}
{%- for outcome in outcomes() %}
{%- do scores.update({outcome ~ '_score': 'peers.' ~ outcome ~ '_score'}) %}
{%- endfor %}
with partners as (
    select * from {{ ref('partners') }}
),

peers as (
    -- Partners with a score: nobody is compared with a contract that ended or has just begun.
    select
        outcome_scores.partner_id,
        outcome_scores.week_start,
        outcome_scores.segment,
        coalesce(partners.tier, 'none') as tier,
        partners.region,
        'all' as overall
        {%- for outcome in outcomes() %},
        outcome_scores.{{ outcome }}_score
        {%- endfor %}
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join partners
        on outcome_scores.partner_id = partners.partner_id and outcome_scores.week_start = partners.last_week
    where {{ has_comparable_score('outcome_scores') }}
),

partner_metrics as (
    select * from {{ ref('partner_metrics') }}
),

measures as (
    select metric as measure, 'metric' as kind, better from {{ ref('metric_definitions') }}
    {%- for score in scores %}
    union all
    select '{{ score }}' as measure, 'score' as kind, 'higher' as better
    {%- endfor %}
),

observed as (
    select
        peers.partner_id,
        peers.week_start,
        {%- for group in groups %}
        peers.{{ group }},
        {%- endfor %}
        measures.measure,
        measures.kind,
        measures.better,
        cast({{ value_of_metric('measures.measure', 'partner_metrics', others=scores) }} as double) as observed
    from peers
    inner join partner_metrics
        on peers.partner_id = partner_metrics.partner_id and peers.week_start = partner_metrics.week_start
    cross join measures
),

compared as (
    select
        *
        {%- for group in groups %},
        count(*) over in_{{ group }} as {{ group }}_peers,
        -- Last digits follow the order in which rows are added.
        round(avg(observed) over in_{{ group }}, 9) as {{ group }}_expected,
        -- Mean of the shares below and not above: those that tie share their rank.
        50 * (
            cume_dist() over by_{{ group }}
            + cast(rank() over by_{{ group }} - 1 as double) / count(*) over in_{{ group }}
        ) as {{ group }}_share_not_above
        {%- endfor %}
    from observed
    where observed is not null
    window
        {%- for group in groups %}
        in_{{ group }} as (partition by measure, {{ group }}),
        by_{{ group }} as (partition by measure, {{ group }} order by observed asc nulls last){{ ',' if not loop.last }}
        {%- endfor %}
),

judged as (
    select
        *
        {%- for group in groups %},
        {{ group }} is not null and {{ group }}_peers >= {{ parameter('least_cohort') }} as is_{{ group }}_enough
        {%- endfor %}
    from compared
)

select
    partner_id,
    week_start,
    measure,
    kind,
    better,
    segment,
    tier,
    region,
    observed
    {%- for group in groups %},
    case when {{ group }} is not null then cast({{ group }}_peers as integer) end as {{ group }}_peers,
    case
        when is_{{ group }}_enough
            then case when better = 'lower' then 100 - {{ group }}_share_not_above else {{ group }}_share_not_above end
    end as {{ group }}_percentile,
    case when is_{{ group }}_enough then {{ group }}_expected end as {{ group }}_expected,
    case when is_{{ group }}_enough and {{ group }}_expected > 0 then observed / {{ group }}_expected end as {{ group }}_ratio
    {%- endfor %}
from judged
