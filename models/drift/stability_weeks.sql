-- One row per approved framework version and week that is held against it: the week whose partners were there
-- when the version was approved, and the first week of each month since, and the last scored one, while it is
-- the newest. Programmes whose data end before the approval take their first week with enough partners.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

versions as (
    select
        framework_version,
        approved_on,
        effective_from,
        coalesce(lead(effective_from) over (order by effective_from asc nulls last), cast('9999-12-31' as date)) as effective_until
    from {{ ref('framework_versions') }}
    where status = 'approved'
),

populated as (
    select week_start
    from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }}
    group by week_start
    having count(*) >= {{ parameter('drift_least_partners') }}
),

reference_weeks as (
    select
        versions.framework_version,
        coalesce(
            max(populated.week_start) filter (where {{ add_days('populated.week_start', 6) }} <= versions.approved_on and versions.approved_on <= horizon.as_of_on),
            min(populated.week_start)
        ) as reference_week
    from versions
    cross join populated
    cross join horizon
    group by versions.framework_version
)

select
    versions.framework_version,
    populated.week_start,
    reference_weeks.reference_week
from versions
inner join reference_weeks on versions.framework_version = reference_weeks.framework_version
cross join horizon
inner join populated
    on
        reference_weeks.reference_week < populated.week_start
        and versions.effective_from <= {{ add_days('populated.week_start', 6) }}
        and versions.effective_until > {{ add_days('populated.week_start', 6) }}
where {{ is_origin('populated.week_start') }} or populated.week_start = horizon.as_of_week
