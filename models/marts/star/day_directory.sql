-- One row per day of the weeks of `week_directory`: a table of dates for tools that ask for one.
with weeks as (
    {{ weeks_told_of() }}
)

select
    {{ add_days('weeks.week_start', 'steps.step') }} as day_on,
    weeks.week_start as monday_on
from weeks
cross join {{ steps(7) }}
