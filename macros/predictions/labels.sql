{# What came of each row of `asked` (a relation with partner_id and week_start) by each outcome whose window has
   passed, with the week at whose end that was known. `weeks` says of a week whether it is asked for: where few are,
   few running totals are worked out, as an outcome is a difference of those before its window and at its end. #}
{% macro labels_of(asked, weeks='true') -%}
with definitions as (
    select * from {{ ref('outcome_definitions') }}
),

{{ running_totals_at_ends(weeks) }},

windows as (
    select
        asked.*,
        definitions.outcome,
        definitions.counts,
        definitions.threshold,
        {{ add_weeks('asked.week_start', 'definitions.last_week') }} as known_week,
        -- Nothing comes after the end of a contract.
        least({{ add_weeks('asked.week_start', 'definitions.first_week - 1') }}, spans.last_week) as week_before,
        least({{ add_weeks('asked.week_start', 'definitions.last_week') }}, spans.last_week) as last_week
    from {{ asked }} as asked
    inner join {{ ref('partners') }} as partners on asked.partner_id = partners.partner_id
    inner join spans on partners.last_week = spans.week_start
    cross join definitions
    where {{ add_weeks('asked.week_start', 'definitions.last_week') }} <= (select as_of_week from {{ ref('score_horizon') }})
),

counted as (
    select
        windows.*,
        case windows.counts
            {%- for name, figure in countable_figures().items() %}
            when '{{ name }}' then ({{ 'at_end.' ~ name }} - coalesce({{ 'before.' ~ name }}, 0)) / {{ figure.scale }}
            {%- endfor %}
        end as counted_amount
    from windows
    -- Each of them is there. Two inner joins may be planned as one of all of a partner's weeks with each other.
    left join running as before
        on windows.partner_id = before.partner_id and windows.week_before = before.last_week
    left join running as at_end
        on windows.partner_id = at_end.partner_id and windows.last_week = at_end.last_week
)

select
    *,
    cast(counted_amount as double) as amount,
    -- Of an amount, any is enough.
    case when threshold is null then counted_amount > 0 else counted_amount >= threshold end as is_reached
from counted
{%- endmacro %}

{# CTEs, after `definitions`: `spans` says of each week which end of a window is the next one, from itself on, and `running`
   what a partner had had by such an end since its contract. Ends are those of the windows of `weeks`. #}
{% macro running_totals_at_ends(weeks) -%}
calendar as (
    select distinct week_start from {{ ref('partner_weeks') }}
),

-- Weeks at whose end a running total is needed, and the next of those for each week.
ends as (
    {%- for offset in ['definitions.first_week - 1', 'definitions.last_week'] %}
    select {{ add_weeks('calendar.week_start', offset) }} as week_start
    from calendar
    cross join definitions
    where {{ weeks }}
    {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

spans as (
    select
        calendar.week_start,
        min(ends.week_start) as last_week
    from calendar
    inner join ends on calendar.week_start <= ends.week_start
    group by calendar.week_start
),

span_counts as (
    select
        partner_weeks.partner_id,
        spans.last_week
        {%- for name, figure in countable_figures().items() %},
        sum(cast({{ figure.weekly }} as double)) as {{ name }}
        {%- endfor %}
    from {{ ref('partner_weeks') }} as partner_weeks
    inner join spans on partner_weeks.week_start = spans.week_start
    group by partner_weeks.partner_id, spans.last_week
),

running as (
    select
        partner_id,
        last_week
        {%- for name in countable_figures() %},
        sum({{ name }}) over since_contract as {{ name }}
        {%- endfor %}
    from span_counts
    window
        since_contract as (partition by partner_id order by last_week asc nulls last rows between unbounded preceding and current row)
)
{%- endmacro %}
