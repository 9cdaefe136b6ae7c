-- One row per segment: the share of its own numbers that its size would speak for, n / (n + k), beside
-- the share in force. For people to look at when they write the next version; no score reads it.
with partner_segments as (
    select * from {{ ref('partner_segments') }}
),

sizes as (
    select segment, cast(count(*) as integer) as partners
    from partner_segments
    group by segment
),

framework_segments as (
    select * from {{ ref('framework_segments') }}
),

in_force as (
    select framework
    from {{ ref('framework_weeks') }}
    where
        is_official
        and is_leading
        and week_start = (select max(week_start) from {{ ref('framework_weeks') }})
)

select
    framework_segments.segment,
    framework_segments.framework_version,
    coalesce(sizes.partners, 0) as partners,
    framework_segments.own_share,
    coalesce(sizes.partners, 0)
    / (coalesce(sizes.partners, 0) + cast({{ parameter('pooling_strength') }} as double)) as estimated_own_share
from framework_segments
inner join in_force on framework_segments.framework = in_force.framework
left join sizes on framework_segments.segment = sizes.segment
where framework_segments.segment != 'baseline'
