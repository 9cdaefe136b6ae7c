-- One row per partner, week and outcome whose window has passed: what came of it, and the week at whose
-- end that was known. Looks forward, and is read by predictions alone.
{{ config(materialized='view') }}

with definitions as (
    select * from {{ ref('outcome_definitions') }}
),

partners as (
    select
        partner_id,
        {{ weeks_between('contract_week', 'last_week') }} as last_tenure_week
    from {{ ref('partners') }}
),

running as (
    select
        partner_id,
        week_start,
        tenure_week
        {%- for name, figure in countable_figures().items() %},
        {{ total_of(figure.weekly) }} as {{ name }}
        {%- endfor %}
    from {{ ref('partner_weeks') }}
    {{ trailing_windows() }}
),

windows as (
    select
        running.partner_id,
        running.week_start,
        definitions.outcome,
        definitions.counts,
        definitions.threshold,
        {{ add_weeks('running.week_start', 'definitions.last_week') }} as known_week,
        -- Nothing comes after the end of a contract.
        least(running.tenure_week + definitions.first_week - 1, partners.last_tenure_week) as week_before,
        least(running.tenure_week + definitions.last_week, partners.last_tenure_week) as last_week
    from running
    inner join partners on running.partner_id = partners.partner_id
    cross join definitions
),

counted as (
    select
        windows.partner_id,
        windows.week_start,
        windows.outcome,
        windows.threshold,
        windows.known_week,
        case windows.counts
            {%- for name, figure in countable_figures().items() %}
            when '{{ name }}' then ({{ 'at_end.' ~ name }} - {{ 'before.' ~ name }}) / {{ figure.scale }}
            {%- endfor %}
        end as amount
    from windows
    inner join running as before
        on windows.partner_id = before.partner_id and windows.week_before = before.tenure_week
    inner join running as at_end
        on windows.partner_id = at_end.partner_id and windows.last_week = at_end.tenure_week
    where windows.known_week <= (select as_of_week from {{ ref('score_horizon') }})
)

select
    partner_id,
    week_start,
    outcome,
    cast(amount as double) as amount,
    -- Of an amount, any is enough.
    case when threshold is null then amount > 0 else amount >= threshold end as is_reached,
    known_week
from counted
