-- One row per partner and week: how well the partner's market and people fit ours.
with partner_weeks as (
    select * from {{ ref('partner_weeks') }}
),

profiles as (
    select * from {{ ref('partner_profiles') }}
),

ratings as (
    select * from {{ ref('partner_ratings') }}
),

rated as (
    -- Each rater's latest rating counts until it expires; one voice alone is no rating.
    select
        partner_weeks.partner_id,
        partner_weeks.week_start,
        avg(ratings.rating) as mean_rating,
        count(distinct ratings.rater) as raters
    from partner_weeks
    inner join ratings
        on
            partner_weeks.partner_id = ratings.partner_id
            and partner_weeks.week_start >= ratings.first_week
            and partner_weeks.week_start < ratings.until_week
    group by partner_weeks.partner_id, partner_weeks.week_start
)

select
    partner_weeks.partner_id,
    partner_weeks.week_start,
    -- Nothing matched is nothing observed, whatever else the profile says.
    case
        when profiles.matched_accounts > 0 and profiles.icp_accounts > profiles.matched_accounts then 1.0
        else profiles.icp_accounts / nullif(profiles.matched_accounts, 0)
    end as icp_overlap_rate,
    cast(profiles.matched_accounts as double) as icp_overlap_rate_n,
    profiles.reachable_accounts as channel_reach_accounts,
    case
        when profiles.matched_accounts > 0 and profiles.compatible_accounts > profiles.matched_accounts then 1.0
        else profiles.compatible_accounts / nullif(profiles.matched_accounts, 0)
    end as product_affinity_rate,
    cast(profiles.matched_accounts as double) as product_affinity_rate_n,
    profiles.channel_rubric as scalable_channel_access,
    case when rated.raters >= {{ parameter('least_raters') }} then rated.mean_rating end as strategic_fit_rating
from partner_weeks
left join profiles
    on
        partner_weeks.partner_id = profiles.partner_id
        and partner_weeks.week_start >= profiles.first_week
        and partner_weeks.week_start < profiles.until_week
left join rated
    on partner_weeks.partner_id = rated.partner_id and partner_weeks.week_start = rated.week_start
