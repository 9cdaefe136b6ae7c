{# Select list of one row of activities. `activity_type`: an expression; `at`: when it happened; `counted_on`: the day on which weekly
   figures count it (default: the day it happened); `amount` in `currency`, converted by the join
   of `with_rates`. The relation must be a staged one: it brings the versions' times along. #}
{% macro activity(activity_type, at, record_id, entity, quantity='null', amount='null', counted_on=none) -%}
    partner_id,
    '{{ entity }}' as source,
    {{ record_id }} as source_record_id,
    {{ activity_type }} as activity_type,
    {% if amount != 'null' -%}
    case when {{ amount }} is not null and rate is null then coalesce('no exchange rate for ' || currency, 'no currency') end as held_reason,
    {%- else -%}
    cast(null as {{ dbt.type_string() }}) as held_reason,
    {%- endif %}
    cast({{ quantity }} as double) as quantity,
    cast({{ amount }}{% if amount != 'null' %} * rate{% endif %} as decimal(18, 2)) as amount,
    cast({{ counted_on or at }} as date) as counted_on,
    cast({{ at }} as timestamp) as occurred_at,
    loaded_at,
    superseded_at,
    changed_at
{%- endmacro %}

{# A staged relation with `rate`: what one unit of its currency is worth in the reporting currency in
   the year of `at` (the frozen yearly rates of policy; null: there is none). #}
{% macro with_rates(staged, at) -%}
    select staged.*, rates.rate
    from {{ staged }} as staged
    left join {{ ref('reporting_rates') }} as rates
        on staged.currency = rates.currency and extract(year from staged.{{ at }}) = rates.rate_year
{%- endmacro %}
