{# Every week that anything is told of, without a gap: a query with the columns `week_start` and `weeks_ago` (0 is the last scored week). #}
{% macro weeks_told_of() -%}
    select
        {{ add_weeks('first.week_start', 'steps.step') }} as week_start,
        {{ weeks_between('first.week_start', 'horizon.as_of_week') }} - steps.step as weeks_ago
    from (
        select least(
            (select as_of_week from {{ ref('score_horizon') }}),
            (select min(contract_week) from {{ ref('partners') }}),
            (select min({{ week_start('recommended_on') }}) from {{ ref('intervention_follow_ups') }})
        ) as week_start
    ) as first
    cross join {{ ref('score_horizon') }} as horizon
    -- Weeks since 1990 fit in: no programme is older than the first plausible day.
    cross join {{ steps(2600) }}
    where steps.step <= {{ weeks_between('first.week_start', 'horizon.as_of_week') }}
{%- endmacro %}
