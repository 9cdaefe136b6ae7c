{# Isotonic regression of `rates` (as for `logistic_fits`) in its max-min form, on at most 20 groups of
   about equally many partners: the value of a group is the largest over all beginnings up to it of the
   smallest over all ends from it on of the mean rate between the two. Gives CTEs, the last one
   `isotonic` with keys, group_number, point (mean of the group), partners and likelihood. #}
{% macro isotonic_fits(rates, keys, groups=20) -%}
    {%- set columns = keys | join(', ') %}
{{ equal_groups(rates, columns, groups) }},

blocks as (
    select
        {% for key in keys %}beginnings.{{ key }}, {% endfor %}
        beginnings.group_number as first_group,
        ends.group_number as last_group,
        (ends.expected_so_far - beginnings.expected_so_far + beginnings.expected)
        / (ends.partners_so_far - beginnings.partners_so_far + beginnings.partners) as mean_rate
    from running_groups as beginnings
    inner join running_groups as ends
        on
            {% for key in keys %}beginnings.{{ key }} = ends.{{ key }} and {% endfor %}
            beginnings.group_number <= ends.group_number
),

smallest_means as (
    select
        {{ columns }},
        last_group as group_number,
        min(mean_rate) over (
            partition by {{ columns }}, first_group order by last_group desc nulls last rows between unbounded preceding and current row
        ) as mean_rate
    from blocks
),

largest_means as (
    select {{ columns }}, group_number, max(mean_rate) as likelihood
    from smallest_means
    group by {{ columns }}, group_number
),

isotonic as (
    select
        {% for key in keys %}grouped.{{ key }}, {% endfor %}
        grouped.group_number,
        grouped.point,
        grouped.partners,
        largest_means.likelihood
    from grouped
    inner join largest_means
        on
            {% for key in keys %}grouped.{{ key }} = largest_means.{{ key }} and {% endfor %}
            grouped.group_number = largest_means.group_number
)
{%- endmacro %}

{# Scores put together to groups of about equally many partners, and running totals over them. #}
{% macro equal_groups(rates, columns, groups) -%}
placed as (
    select
        *,
        -- Rounded, because the order of a sum must not move a score on an edge to the next group.
        cast(floor(round({{ groups }} * (
            sum(partners) over (partition by {{ columns }} order by point asc nulls last rows between unbounded preceding and current row)
            - partners / 2
        ) / sum(partners) over (partition by {{ columns }}), 9)) as integer) as group_number
    from {{ rates }}
),

grouped as (
    select
        {{ columns }},
        group_number,
        sum(partners) as partners,
        sum(partners * point) / sum(partners) as point,
        sum(partners * rate) as expected
    from placed
    group by {{ columns }}, group_number
),

running_groups as (
    select
        *,
        sum(partners) over up_to_here as partners_so_far,
        sum(expected) over up_to_here as expected_so_far
    from grouped
    window up_to_here as (partition by {{ columns }} order by group_number asc nulls last rows between unbounded preceding and current row)
)
{%- endmacro %}
