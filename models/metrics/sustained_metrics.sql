-- One row per partner and week: whether the partner stays active and its customers content.
with partner_weeks as (
    select
        *,
        case when active_activities > 0 then 1 else 0 end as is_active
    from ({{ weeks_looked_back() }}) as looked_back
),

partners as (
    select * from {{ ref('partners') }}
),

looking_back as (
    select
        partner_id,
        week_start,
        {{ sum_of('is_active', 13) }} as active_weeks,
        least(tenure_week + 1, 13) as weeks_of_tenure,
        {{ last_of('last_active_on') }} as last_active_on,
        {{ sum_of('survey_points', 26) }} as survey_points,
        {{ sum_of('survey_answers', 26) }} as survey_answers
    from partner_weeks
    {{ trailing_windows([13, 26]) }}
)

select
    looking_back.partner_id,
    looking_back.week_start,
    -- A partner that is younger than 13 weeks is measured by the weeks it has had.
    looking_back.active_weeks / looking_back.weeks_of_tenure as active_weeks_rate,
    cast(looking_back.weeks_of_tenure as double) as active_weeks_rate_n,
    -- A partner that was never active has been silent since its contract.
    cast({{ days_between('coalesce(looking_back.last_active_on, cast(partners.contract_signed_at as date))',
        week_end('looking_back.week_start')) }} as double) as days_since_active,
    looking_back.survey_points / nullif(looking_back.survey_answers, 0) as customer_satisfaction,
    looking_back.survey_answers as customer_satisfaction_n
from looking_back
inner join partners on looking_back.partner_id = partners.partner_id
