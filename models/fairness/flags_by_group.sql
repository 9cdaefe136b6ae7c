-- One row per score, attribute and group: how many of its partners are flagged now, and how much of what is
-- weighed is measured of them, beside all partners.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

attributes as (
    select * from {{ ref('fairness_attributes') }}
    where week_start = (select as_of_week from horizon)
),

scores as (
    {%- for outcome in outcomes() %}
    select
        partner_id,
        week_start,
        '{{ outcome }}' as score,
        status,
        {{ outcome }}_band as band,
        {{ outcome }}_coverage as coverage
    from {{ ref('outcome_scores') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

present as (
    select * from scores
    where week_start = (select as_of_week from horizon) and status != 'terminated'
),

groups as (
    select
        present.score,
        attributes.attribute,
        attributes.group_name,
        present.status,
        present.band,
        present.coverage
    from present
    inner join attributes on present.partner_id = attributes.partner_id
),

counted as (
    select
        score,
        attribute,
        group_name,
        {{ flag_counts() }}
    from groups
    group by score, attribute, group_name
),

everybody as (
    select
        score,
        {{ flag_counts() }}
    from present
    group by score
),

numbers as (
    select
        {{ parameter('fairness_interval_deviations') }} as deviations,
        {{ parameter('fairness_least_partners') }} as least_partners,
        {{ parameter('fairness_most_coverage_gap') }} as most_coverage_gap
),

shares as (
    select
        counted.*,
        counted.low_band / nullif(counted.banded, 0) as low_share,
        everybody.low_band / nullif(everybody.banded, 0) as low_share_of_all,
        counted.unscored / counted.partners as unscored_share,
        everybody.unscored / everybody.partners as unscored_share_of_all,
        counted.stale / counted.partners as stale_share,
        everybody.stale / everybody.partners as stale_share_of_all,
        counted.coverage - everybody.coverage as coverage_gap,
        numbers.least_partners,
        numbers.most_coverage_gap,
        {{ wilson_at('counted.low_band', 'nullif(counted.banded, 0)', '-', 'numbers.deviations') }} as low_share_from,
        {{ wilson_at('counted.low_band', 'nullif(counted.banded, 0)', '+', 'numbers.deviations') }} as low_share_to
    from counted
    inner join everybody on counted.score = everybody.score
    cross join numbers
)

select
    score,
    attribute,
    group_name,
    case
        when banded < least_partners then 'insufficient'
        when low_share_from > low_share_of_all then 'more often low than all'
        when low_share_to < low_share_of_all then 'less often low than all'
        else 'as often low as all'
    end as flag_verdict,
    case
        when partners < least_partners or coverage_gap is null then 'insufficient'
        when coverage_gap < -most_coverage_gap then 'less is measured than of all'
        when coverage_gap > most_coverage_gap then 'more is measured than of all'
        else 'as much is measured as of all'
    end as data_verdict,
    cast(partners as integer) as partners,
    round(low_share, 9) as low_share,
    round(low_share_from, 9) as low_share_from,
    round(low_share_to, 9) as low_share_to,
    round(low_share_of_all, 9) as low_share_of_all,
    round(unscored_share, 9) as unscored_share,
    round(unscored_share_of_all, 9) as unscored_share_of_all,
    round(stale_share, 9) as stale_share,
    round(stale_share_of_all, 9) as stale_share_of_all,
    round(coverage, 9) as coverage,
    round(coverage_gap, 9) as coverage_gap
from shares
