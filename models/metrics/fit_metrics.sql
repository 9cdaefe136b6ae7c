-- One row per partner and week: how well the partner's market and people fit ours.
with partner_weeks as (
    {{ changed_rows(ref('partner_weeks')) }}
),

profiles as (
    select * from {{ ref('partner_profiles') }}
),

ratings as (
    select * from {{ ref('partner_ratings') }}
),

-- Between two weeks in which a rating begins or lapses nothing changes: few spans instead of many weeks.
boundaries as (
    select
        partner_id,
        first_week
    from ratings
    union
    select
        partner_id,
        until_week
    from ratings
),

spans as (
    select
        partner_id,
        first_week,
        lead(first_week) over (partition by partner_id order by first_week asc nulls last) as until_week
    from boundaries
),

rated as (
    -- Each rater's latest rating counts until it expires; one voice alone is no rating.
    select
        spans.partner_id,
        spans.first_week,
        spans.until_week,
        avg(ratings.rating) as mean_rating,
        count(distinct ratings.rater) as raters
    from spans
    inner join ratings
        on
            spans.partner_id = ratings.partner_id
            and spans.first_week >= ratings.first_week
            and spans.first_week < ratings.until_week
    group by spans.partner_id, spans.first_week, spans.until_week
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
    on
        partner_weeks.partner_id = rated.partner_id
        and partner_weeks.week_start >= rated.first_week
        and partner_weeks.week_start < rated.until_week
