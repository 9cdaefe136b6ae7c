-- One row per partner and outcome: where its raw score went in the eight weeks up to its last one.
-- Slope: median of the slopes between all pairs of weeks (Sen 1968, J. Am. Stat. Assoc. 63, 1379-1389).
-- Chance: sign test on the changes from week to week, those of nothing left out (Conover 1999, 3.4):
-- of n changes k go the more frequent way; p = min(1, 2 x sum of C(n, i) / 2^n for i = k .. n).
-- Why raw scores, and why not all pairs for the test: docs/decisions/0014.
{%- set weeks = 8 %}
with partners as (
    select * from {{ ref('partners') }} where contract_week <= last_week
),

last_weeks as (
    select
        outcome_scores.partner_id,
        outcome_scores.tenure_week
        {%- for outcome in outcomes() %},
        outcome_scores.{{ outcome }}_raw_score
        {%- endfor %},
        count(*) over (partition by outcome_scores.partner_id) as weeks_scored
    from {{ ref('outcome_scores') }} as outcome_scores
    inner join partners on outcome_scores.partner_id = partners.partner_id
    where
        outcome_scores.week_start > {{ add_weeks('partners.last_week', -weeks) }}
        and {{ has_comparable_score('outcome_scores') }}
),

slopes as (
    select
        later.partner_id,
        later.weeks_scored,
        later.tenure_week - earlier.tenure_week as weeks_apart
        {%- for outcome in outcomes() %},
        (later.{{ outcome }}_raw_score - earlier.{{ outcome }}_raw_score)
        / (later.tenure_week - earlier.tenure_week) as {{ outcome }}_slope
        {%- endfor %}
    from last_weeks as later
    inner join last_weeks as earlier
        on later.partner_id = earlier.partner_id and later.tenure_week > earlier.tenure_week
    where later.weeks_scored = {{ weeks }}
),

measured as (
    select
        partner_id
        {%- for outcome in outcomes() %},
        median({{ outcome }}_slope) as {{ outcome }}_slope,
        -- The last digits of a sum are no change.
        cast(count(*) filter (where weeks_apart = 1 and {{ outcome }}_slope > 0.000000001) as integer) as {{ outcome }}_rises,
        cast(count(*) filter (where weeks_apart = 1 and {{ outcome }}_slope < -0.000000001) as integer) as {{ outcome }}_falls
        {%- endfor %}
    from slopes
    group by partner_id
),

counted as (
    select partner_id, cast(count(*) as integer) as weeks_scored
    from last_weeks
    group by partner_id
),

by_outcome as (
    {%- for outcome in outcomes() %}
    select
        partners.partner_id,
        partners.last_week as week_start,
        '{{ outcome }}' as outcome,
        coalesce(counted.weeks_scored, 0) as weeks_scored,
        measured.{{ outcome }}_rises as rises,
        measured.{{ outcome }}_falls as falls,
        measured.{{ outcome }}_slope as slope
    from partners
    left join counted on partners.partner_id = counted.partner_id
    left join measured on partners.partner_id = measured.partner_id
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

numbers as (
    select step from {{ steps(weeks) }}
),

chances as (
    select
        sizes.step as changes,
        most.step as more_frequent,
        least(1.0, 2 * sum(
            cast(factorial(sizes.step) as double)
            / cast(factorial(ways.step) as double) / cast(factorial(sizes.step - ways.step) as double)
        ) / pow(2, sizes.step)) as p_value
    from numbers as sizes
    inner join numbers as most on sizes.step >= most.step
    inner join numbers as ways on sizes.step >= ways.step and most.step <= ways.step
    group by sizes.step, most.step
)

select
    by_outcome.partner_id,
    by_outcome.week_start,
    by_outcome.outcome,
    case
        when by_outcome.slope is null then 'insufficient'
        when chances.p_value > {{ parameter('most_chance') }} then 'flat'
        when by_outcome.slope >= {{ parameter('least_trend') }} and by_outcome.rises > by_outcome.falls then 'improving'
        when by_outcome.slope <= -{{ parameter('least_trend') }} and by_outcome.rises < by_outcome.falls then 'declining'
        else 'flat'
    end as verdict,
    by_outcome.weeks_scored,
    by_outcome.rises,
    by_outcome.falls,
    by_outcome.slope,
    chances.p_value
from by_outcome
left join chances
    on
        by_outcome.rises + by_outcome.falls = chances.changes
        and greatest(by_outcome.rises, by_outcome.falls) = chances.more_frequent
