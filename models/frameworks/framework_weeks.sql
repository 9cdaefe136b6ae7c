-- One row per week and framework that scores it. Official versions share a week: a new one is blended
-- in over its first weeks. The others are alternatives: each has the last week to itself. Scenarios are not
-- among them: they change metrics too (`scenario_rows`).
with versions as (
    select
        framework_versions.framework_version,
        frameworks.framework,
        framework_versions.blend_weeks,
        framework_versions.effective_from,
        {{ week_start('framework_versions.effective_from') }} as first_week,
        lag(framework_versions.framework_version) over (
            order by framework_versions.effective_from asc nulls last
        ) is null as is_first
    from {{ ref('framework_versions') }} as framework_versions
    inner join {{ ref('frameworks') }} as frameworks
        on framework_versions.framework_version = frameworks.framework_version and frameworks.role = 'official'
),

weeks as (
    select distinct week_start from {{ ref('partner_calendar') }}
),

risen as (
    -- How far each version has come by itself, whatever came after it.
    select
        weeks.week_start,
        versions.framework_version,
        versions.framework,
        versions.effective_from,
        case
            when versions.is_first then 1.0
            else least(
                ({{ weeks_between('versions.first_week', 'weeks.week_start') }} + 1) / cast(versions.blend_weeks as double), 1.0
            )
        end as rise
    from weeks
    inner join versions on weeks.week_start >= versions.first_week
),

left_over as (
    -- What later versions have not taken yet.
    select
        *,
        coalesce(
            exp(sum(ln(case when rise < 1 then 1 - rise end)) over later), 1
        ) * coalesce(min(case when rise < 1 then 1 else 0 end) over later, 1) as rest
    from risen
    window later as (
        partition by week_start order by effective_from asc nulls last rows between 1 following and unbounded following
    )
),

official as (
    select
        week_start,
        framework,
        framework_version,
        round(rise * rest, 12) as share
    from left_over
),

led as (
    select
        *,
        first_value(framework_version) over (
            partition by week_start order by share desc nulls last, framework_version desc nulls last
        ) as leading_version
    from official
    where share > 0
)

select
    week_start,
    framework,
    framework_version,
    leading_version,
    share,
    framework_version = leading_version as is_leading,
    true as is_official
from led
union all
select
    weeks.week_start,
    frameworks.framework,
    frameworks.framework_version,
    frameworks.framework_version as leading_version,
    1.0 as share,
    true as is_leading,
    false as is_official
from {{ ref('frameworks') }} as frameworks
cross join weeks
where frameworks.role in ('proposed', 'other method') and weeks.week_start = (select max(week_start) from weeks)
