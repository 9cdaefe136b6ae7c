{# Logistic regression by Newton's method, many fits at once. `rates` is a relation with the columns of
   `keys`, point (0 to 100), partners (weight) and rate (share that reached the outcome, between 0 and 1).
   Gives CTEs, the last one `logistic` with keys, intercept (at 50 points), slope (per 10 points) and the
   last_move of its log odds, which is next to nothing where there is a best line.
   A step moves no log odds further than 2, or the steps of steep curves would run away. #}
{% macro logistic_fits(rates, keys, steps=9) -%}
    {%- set columns = keys | join(', ') %}
newton_0 as (
    select {{ columns }}, {{ log_odds('sum(partners * rate) / sum(partners)') }} as intercept, cast(0 as double) as slope
    from {{ rates }}
    group by {{ columns }}
),
{% for step in range(steps) %}
fitted_{{ step }} as (
    select
        {% for key in keys %}fits.{{ key }}, {% endfor %}
        fits.intercept,
        fits.slope,
        rates.partners,
        rates.rate,
        (rates.point - 50) / 10.0 as tens,
        {{ likelihood_of('fits.intercept + fits.slope * (rates.point - 50) / 10.0') }} as likelihood
    from newton_{{ step }} as fits
    inner join {{ rates }} as rates
        on {% for key in keys %}fits.{{ key }} = rates.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
),

gradient_{{ step }} as (
    select
        {{ columns }},
        intercept,
        slope,
        sum(partners * (rate - likelihood)) as pull,
        sum(partners * (rate - likelihood) * tens) as tilt,
        sum(partners * likelihood * (1 - likelihood)) as weight,
        sum(partners * likelihood * (1 - likelihood) * tens) as moment,
        sum(partners * likelihood * (1 - likelihood) * tens * tens) as square,
        min(tens) as least_tens,
        max(tens) as most_tens
    from fitted_{{ step }}
    group by {{ columns }}, intercept, slope
),

direction_{{ step }} as (
    select
        *,
        -- All at one score: there is no slope to find.
        case
            when weight * square - moment * moment > 0.000000001 * weight * square
                then (square * pull - moment * tilt) / (weight * square - moment * moment)
            else pull / nullif(weight, 0)
        end as rise,
        case
            when weight * square - moment * moment > 0.000000001 * weight * square
                then (weight * tilt - moment * pull) / (weight * square - moment * moment)
            else 0
        end as turn
    from gradient_{{ step }}
),

newton_{{ step + 1 }} as (
    select
        {{ columns }},
        intercept + coalesce(rise, 0) * least(1, 2 / {{ largest_move() }}) as intercept,
        slope + coalesce(turn, 0) * least(1, 2 / {{ largest_move() }}) as slope,
        {{ largest_move() }} as last_move
    from direction_{{ step }}
),
{% endfor %}
logistic as (
    select * from newton_{{ steps }}
)
{%- endmacro %}

{# How far a step would move the log odds at the ends of the scores that were seen. #}
{% macro largest_move() -%}
    greatest(abs(coalesce(rise + turn * least_tens, 0)), abs(coalesce(rise + turn * most_tens, 0)), 0.000000001)
{%- endmacro %}
