{# Cells of a backtest by period (a month, or `all` of those whose predictions were numbers) and segment
   (or `all`), put together again by the columns `values`. `sums` are added up. #}
{% macro in_periods_and_segments(cells, values, sums) -%}
    select
        periods.period,
        levels.level as segment,
        cells.outcome,
        cells.predictor,
        {% for column in values %}cells.{{ column }},
        {% endfor %}
        {%- for column in sums %}
        sum(cells.{{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ cells }} as cells
    inner join {{ ref('backtest_periods') }} as periods
        on cells.origin_week = periods.origin_week and cells.outcome = periods.outcome
    inner join (
        select segment, segment as level from {{ ref('segments') }}
        union all
        select segment, 'all' as level from {{ ref('segments') }}
    ) as levels
        on cells.segment = levels.segment
    group by
        periods.period, levels.level, cells.outcome, cells.predictor
        {%- for column in values %}, cells.{{ column }}{% endfor %}
{%- endmacro %}

{# The part of a cell's partners that are among the first `share` of all when the largest values come
   first; a cell across the border has a part in it. The cell has partners, partners_above (those with
   larger values) and all_partners. #}
{% macro part_among_first(share) -%}
    least(greatest({{ share }} * all_partners - partners_above, 0), partners) / partners
{%- endmacro %}

{# A share's Wilson interval: `side` is - or +, 1.959963985 the normal quantile of 95%. #}
{% macro wilson(events, partners, side) -%}
    (({{ events }} + 1.920729411) {{ side }} 1.959963985 * sqrt(
        greatest({{ events }} * ({{ partners }} - {{ events }}) / ({{ partners }}), 0) + 0.960364706
    )) / ({{ partners }} + 3.841458822)
{%- endmacro %}
