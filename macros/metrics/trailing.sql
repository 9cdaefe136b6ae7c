{# How a family of metrics looks back over `partner_weeks`. A run that builds anew goes through all weeks of a partner
   once, by windows. A run that adds has few weeks to measure: each gathers the weeks before it and adds them up. The
   figures are the same: whole numbers below 2^53 add up exactly in any order. #}
{% macro gathers_weeks() -%}
    {%- if adds_to_last_run() -%}
    {%- set found = run_query('select count(*) from ' ~ ref('changed_partners') ~ ' where from_week is not null and is_from_the_contract') -%}
    {{- 'gathers' if found.rows[0][0] == 0 -}}
    {%- endif -%}
{%- endmacro %}

{# A query: what a family looks back over. Columns of `partner_weeks`, and `weeks_back`: how many weeks before the
   measured week (`week_start`, `tenure_week`) they tell of; 0 where windows look back. #}
{% macro weeks_looked_back() -%}
    {%- if gathers_weeks() -%}
    select
        measured.partner_id,
        measured.week_start,
        measured.tenure_week,
        measured.tenure_week - past.tenure_week as weeks_back
        {%- for column in weekly_measures() + ['last_active_on', 'last_required_milestone_on', 'first_deal_approved_on'] %},
        past.{{ column }}
        {%- endfor %}
    from ({{ changed_rows(ref('partner_weeks')) }}) as measured
    inner join {{ ref('partner_weeks') }} as past
        on measured.partner_id = past.partner_id and measured.week_start >= past.week_start
    {%- else -%}
    select *, cast(0 as integer) as weeks_back from ({{ changed_rows(ref('partner_weeks')) }}) as measured
    {%- endif -%}
{%- endmacro %}

{# Sum of a weekly measure over the last `weeks` weeks of a partner, this one included (double).
   The query ends with `trailing_windows`. #}
{% macro sum_of(measure, weeks) -%}
    sum(cast({{ measure }} as double)) {{ 'filter (where weeks_back < ' ~ weeks ~ ')' if gathers_weeks() else 'over last_' ~ weeks ~ '_weeks' }}
{%- endmacro %}

{# Sum of a weekly measure since the contract (double). #}
{% macro total_of(measure) -%}
    sum(cast({{ measure }} as double)) {{- since_contract() }}
{%- endmacro %}

{# The last, or the first, day of all weeks since the contract. #}
{% macro last_of(day) -%}
    max({{ day }}) {{- since_contract() }}
{%- endmacro %}

{% macro first_of(day) -%}
    min({{ day }}) {{- since_contract() }}
{%- endmacro %}

{% macro since_contract() -%}
    {{ '' if gathers_weeks() else ' over since_contract' }}
{%- endmacro %}

{# The end of a query that looks back: its named windows, or what it gathers by. `partner_weeks` has a row for
   every week, so rows are weeks. #}
{% macro trailing_windows(lengths=[]) -%}
    {%- if gathers_weeks() -%}
    group by partner_id, week_start, tenure_week
    {%- else -%}
    window
        since_contract as (partition by partner_id order by week_start asc nulls last rows between unbounded preceding and current row)
        {%- for weeks in lengths %},
        last_{{ weeks }}_weeks as (partition by partner_id order by week_start asc nulls last rows between {{ weeks - 1 }} preceding and current row)
        {%- endfor %}
    {%- endif %}
{%- endmacro %}

{# A number of the policy table `metric_parameters`. #}
{% macro parameter(name) -%}
    (select value from {{ ref('metric_parameters') }} where parameter = '{{ name }}')
{%- endmacro %}

{# The last day (a Sunday) of the score week. #}
{% macro week_end(week_start_expr='week_start') -%}
    {{ add_days(week_start_expr, 6) }}
{%- endmacro %}

{# What a euro of policy is worth in the reporting currency, by the newest year of the rates. #}
{% macro parameter_rate() -%}
    (select max_by(rate, rate_year) from {{ ref('reporting_rates') }} where currency = 'EUR')
{%- endmacro %}
