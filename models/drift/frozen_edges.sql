-- One row per framework version, measure and edge: deciles of the partners of the reference week. What is not new
-- after them stays where it was, so edges move only with the version.
with reference as (
    select distinct framework_version, reference_week from {{ ref('stability_weeks') }}
),

ranked as (
    select
        reference.framework_version,
        watched.measure,
        watched.measured,
        row_number() over (
            partition by reference.framework_version, watched.measure order by watched.measured asc nulls last, watched.partner_id asc nulls last
        ) as place,
        count(*) over (partition by reference.framework_version, watched.measure) as partners
    from reference
    inner join {{ ref('watched_values') }} as watched on reference.reference_week = watched.week_start
),

deciles as (
    select
        ranked.framework_version,
        ranked.measure,
        steps.step,
        min(ranked.measured) as edge
    from ranked
    cross join {{ steps(10) }}
    where steps.step >= 1 and ranked.place >= ranked.partners * steps.step / 10.0
    group by ranked.framework_version, ranked.measure, steps.step
)

-- Where many partners share a value, deciles fall together: there are fewer bins then.
select
    framework_version,
    measure,
    edge,
    cast(row_number() over (partition by framework_version, measure order by edge asc nulls last) as integer) as edge_number
from (select distinct framework_version, measure, edge from deciles) as edges
