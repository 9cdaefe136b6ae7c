{# Logistic regression by Newton's method, many fits at once. `rates` is a relation with the columns of
   `keys`, point (0 to 100), partners (weight) and rate (share that reached the outcome, between 0 and 1).
   Gives CTEs, the last one `logistic` with keys, intercept (at 50 points) and slope (per 10 points).
   A step goes no further than 2 either way, so that steep curves converge too. #}
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
        sum(partners * likelihood * (1 - likelihood) * tens * tens) as square
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
        intercept + least(greatest(coalesce(rise, 0), -2), 2) as intercept,
        slope + least(greatest(coalesce(turn, 0), -2), 2) as slope
    from direction_{{ step }}
),
{% endfor %}
logistic as (
    select * from newton_{{ steps }}
)
{%- endmacro %}
