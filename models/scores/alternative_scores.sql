-- One row per partner, outcome and framework that is not official (a proposed version, or the newest
-- one by the other method): the raw score of the programme's last week beside the official one, with
-- plain bands and ranks, both computed by the same engine.
with alternatives as (
    select
        layer_scores.partner_id,
        layer_scores.week_start,
        layer_scores.segment,
        layer_scores.framework
        {%- for outcome in outcomes() %},
        {{ raw_score(outcome, outcome ~ '_overlay') }} as {{ outcome }}_raw_score
        {%- endfor %}
    from {{ ref('layer_scores') }} as layer_scores
    where not layer_scores.is_official
),

frameworks as (
    select * from {{ ref('frameworks') }}
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

raw_scores as (
    select * from {{ ref('raw_scores') }}
),

compared as (
    {%- for outcome in outcomes() %}
    select
        alternatives.partner_id,
        alternatives.week_start,
        alternatives.segment,
        '{{ outcome }}' as outcome,
        alternatives.framework,
        frameworks.role,
        frameworks.framework_version,
        frameworks.method,
        official.{{ outcome }}_raw_score as official_score,
        {{ plain_band(outcome, 'official.' ~ outcome ~ '_raw_score', 'official_rules') }} as official_band,
        alternatives.{{ outcome }}_raw_score as alternative_score,
        {{ plain_band(outcome, 'alternatives.' ~ outcome ~ '_raw_score', 'rules') }} as alternative_band
    from alternatives
    inner join frameworks on alternatives.framework = frameworks.framework
    inner join rules on frameworks.framework_version = rules.framework_version
    inner join raw_scores as official
        on alternatives.partner_id = official.partner_id and alternatives.week_start = official.week_start
    inner join rules as official_rules on official.framework_version = official_rules.framework_version
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    partner_id,
    week_start,
    segment,
    outcome,
    framework,
    role,
    framework_version,
    method,
    official_score,
    alternative_score,
    alternative_score - official_score as score_difference,
    {{ band_name('official_band') }} as official_band,
    {{ band_name('alternative_band') }} as alternative_band,
    cast(rank() over (partition by framework, outcome order by official_score desc nulls last) as integer) as official_rank,
    cast(rank() over (partition by framework, outcome order by alternative_score desc nulls last) as integer) as alternative_rank
from compared
