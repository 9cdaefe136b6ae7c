{# The value that a chi-square variable of `df` degrees of freedom exceeds as seldom as a normal one exceeds
   `deviations` (Wilson and Hilferty 1931, PNAS 17, 684-688; within 1% from six degrees on, 3% before). #}
{% macro chi_square_limit(df, deviations) -%}
    ({{ df }} * power(1 - 2.0 / (9 * {{ df }}) + {{ deviations }} * sqrt(2.0 / (9 * {{ df }})), 3))
{%- endmacro %}

{# Rows of metric and source entity, for every metric that names its sources. #}
{% macro sources_of_metrics() -%}
    {%- for metric in metrics() %}
    {%- for source_entity in metric.sources or [] %}
    select '{{ metric.name }}' as metric, '{{ source_entity }}' as source
    union all
    {%- endfor %}
    {%- endfor %}
    select cast(null as {{ dbt.type_string() }}) as metric, cast(null as {{ dbt.type_string() }}) as source
{%- endmacro %}

{# A subquery: per group of `keys` of the relation `reference`, the middle of `measured`, its spread and how many
   `observations` there were. Both bear half of the rows being wrong: median, and 1.4826 times the median absolute
   deviation, which is a standard deviation where values are normal (Rousseeuw and Croux 1993, JASA 88, 1273-1283). #}
{% macro robust_levels(reference, keys, measured) %}
    select
        {% for key in keys %}seen.{{ key }}, {% endfor %}
        max(middles.middle) as middle,
        1.4826 * median(abs(seen.{{ measured }} - middles.middle)) as spread,
        cast(count(*) as integer) as observations
    from {{ reference }} as seen
    inner join (
        select {{ keys | join(', ') }}, median({{ measured }}) as middle
        from {{ reference }}
        group by {{ keys | join(', ') }}
    ) as middles
        on {% for key in keys %}seen.{{ key }} = middles.{{ key }}{% if not loop.last %} and {% endif %}{% endfor %}
    group by {% for key in keys %}seen.{{ key }}{% if not loop.last %}, {% endif %}{% endfor %}
{%- endmacro %}

{# How many standard deviations `successes` of `trials` are from what a share of all of them would be (binomial,
   normal approximation); null where the share leaves no doubt. #}
{% macro binomial_z(successes, trials, share) -%}
    ({{ successes }} - {{ trials }} * {{ share }}) / nullif(sqrt({{ trials }} * {{ share }} * (1 - {{ share }})), 0)
{%- endmacro %}
