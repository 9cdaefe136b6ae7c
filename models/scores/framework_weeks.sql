-- One row per week and framework version in force: a new version is blended in over its first weeks.
with versions as (
    select
        framework_version,
        blend_weeks,
        {{ week_start('effective_from') }} as first_week,
        lead({{ week_start('effective_from') }}) over (order by effective_from asc nulls last) as next_week,
        lead(blend_weeks) over (order by effective_from asc nulls last) as next_blend_weeks,
        lag(framework_version) over (order by effective_from asc nulls last) as earlier_version
    from {{ ref('framework_versions') }}
    where status = 'approved'
),

weeks as (
    select distinct week_start from {{ ref('partner_calendar') }}
),

ages as (
    select
        weeks.week_start,
        versions.framework_version,
        {{ weeks_between('versions.first_week', 'weeks.week_start') }} + 1 as weeks_in_force,
        {{ weeks_between('coalesce(versions.next_week, weeks.week_start)', 'weeks.week_start') }} + 1 as weeks_of_next,
        versions.next_week,
        versions.next_blend_weeks,
        versions.earlier_version,
        versions.blend_weeks
    from weeks
    inner join versions on weeks.week_start >= versions.first_week
),

shares as (
    select
        week_start,
        framework_version,
        case
            when next_week is not null and week_start >= next_week
                then greatest(1.0 - weeks_of_next / cast(next_blend_weeks as double), 0.0)
            when earlier_version is not null then least(weeks_in_force / cast(blend_weeks as double), 1.0)
            else 1.0
        end as share
    from ages
)

select
    week_start,
    framework_version,
    share,
    row_number() over (partition by week_start order by share desc nulls last, framework_version desc nulls last) = 1 as is_leading
from shares
where share > 0
