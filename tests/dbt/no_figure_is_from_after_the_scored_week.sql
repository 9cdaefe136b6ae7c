-- As of, always. One row per partner and week that knows something of later.
select weeks.partner_id, weeks.week_start
from {{ ref('partner_weeks') }} as weeks
cross join {{ ref('score_horizon') }} as horizon
where
    weeks.week_start > horizon.as_of_week
    or weeks.last_active_on > {{ add_days('weeks.week_start', 6) }}
    or weeks.last_required_milestone_on > {{ add_days('weeks.week_start', 6) }}
    or weeks.first_deal_approved_on > {{ add_days('weeks.week_start', 6) }}
