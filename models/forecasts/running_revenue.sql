-- One row per partner and week of its tenure: sourced revenue up to the end of the week, so that what any span
-- of weeks brought is a difference of two rows.
select
    partner_id,
    week_start,
    sum(cast(sourced_revenue_cents as double)) over (
        partition by partner_id order by week_start asc nulls last
        rows between unbounded preceding and current row
    ) / 100 as revenue_to_date
from {{ ref('partner_weeks') }}
