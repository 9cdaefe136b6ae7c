-- One row per account-mapping profile and the weeks for which it is the latest.
with profiles as (
    select * from {{ ref('stg_accounts__profiles') }} where superseded_at is null
),

dated as (
    select
        *,
        {{ week_start('profiled_at') }} as first_week
    from profiles
),

latest_of_week as (
    select * from dated
    qualify row_number() over (
        partition by partner_id, first_week order by profiled_at desc nulls last, profile_id asc nulls last
    ) = 1
)

select
    partner_id,
    first_week,
    coalesce(
        lead(first_week) over (partition by partner_id order by first_week asc nulls last),
        cast('9999-12-27' as date)
    ) as until_week,
    cast(matched_accounts as double) as matched_accounts,
    cast(icp_accounts as double) as icp_accounts,
    cast(reachable_accounts as double) as reachable_accounts,
    cast(compatible_accounts as double) as compatible_accounts,
    cast(channel_rubric as double) as channel_rubric
from latest_of_week
