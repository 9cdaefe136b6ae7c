-- One row per contested metric and reason code: how often, how soon it was answered, how often the partner was right.
with disputes as (
    select * from {{ ref('contested_metrics') }}
)

select
    metric,
    reason_code,
    max(reason) as reason,
    max(owner) as owner,
    cast(count(*) as integer) as disputes,
    cast(count(distinct partner_id) as integer) as partners,
    cast(count(*) filter (where is_open) as integer) as open_disputes,
    cast(count(*) filter (where is_overdue) as integer) as overdue_disputes,
    cast(count(*) filter (where state = 'answered late') as integer) as answered_late,
    cast(count(*) filter (where not is_open) as integer) as answered,
    cast(count(*) filter (where is_upheld) as integer) as upheld,
    cast(count(*) filter (where is_upheld) as double) / nullif(count(*) filter (where not is_open), 0) as upheld_rate,
    median(case when not is_open then days_open end) as median_days_to_answer,
    max(opened_on) as last_opened_on
from disputes
group by metric, reason_code
