-- One row per week, without a gap, from the first week that anything is told of to the last scored week.
with weeks as (
    {{ weeks_told_of() }}
),

dated as (
    select
        week_start,
        weeks_ago,
        cast(extract(year from week_start) as {{ dbt.type_string() }}) as calendar_year,
        cast(extract(quarter from week_start) as {{ dbt.type_string() }}) as quarter_number,
        lpad(cast(extract(month from week_start) as {{ dbt.type_string() }}), 2, '0') as month_number
    from weeks
)

select
    week_start,
    calendar_year,
    calendar_year || '-Q' || quarter_number as calendar_quarter,
    calendar_year || '-' || month_number as calendar_month,
    cast(weeks_ago as integer) as weeks_ago,
    weeks_ago = 0 as is_last_week,
    {{ add_days('week_start', 6) }} as week_end_on
from dated
