-- Silence counts too: each week of tenure has a score. One row per partner and week without one, or too many.
select calendar.partner_id, calendar.week_start
from {{ ref('partner_calendar') }} as calendar
full join {{ ref('outcome_scores') }} as scores
    on calendar.partner_id = scores.partner_id and calendar.week_start = scores.week_start
where calendar.partner_id is null or scores.partner_id is null
