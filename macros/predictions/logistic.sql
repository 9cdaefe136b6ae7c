{# Logistic regression by Newton's method, many fits at once. `rates` is a relation with the columns of
   `keys`, point (0 to 100), partners (weight) and rate (share that reached the outcome, between 0 and 1).
   Gives CTEs, the last one `logistic` with keys, intercept (at 50 points) and slope (per 10 points).
   A step goes no further than 2 either way, so that steep curves converge too. #}
{% macro logistic_fits(rates, keys, steps=12) -%}
    {%- set columns = keys | join(', ') %}
newton_0 as (
    select {{ columns }}, {{ log_odds('sum(partners * rate) / sum(partners)') }} as intercept, cast(0 as double) as slope
    from {{ rates }}
    group by {{ columns }}
),
{% for step in range(steps) %}
gradient_{{ step }} as (
    select
        {% for key in keys %}fits.{{ key }}, {% endfor %}
        fits.intercept,
        fits.slope,
        sum(rates.partners * (rates.rate - {{ fitted('fits', 'rates') }})) as pull,
        sum(rates.partners * (rates.rate - {{ fitted('fits', 'rates') }}) * (rates.point - 50) / 10) as tilt,
        sum(rates.partners * {{ spread('fits', 'rates') }}) as weight,
        sum(rates.partners * {{ spread('fits', 'rates') }} * (rates.point - 50) / 10) as moment,
        sum(rates.partners * {{ spread('fits', 'rates') }} * (rates.point - 50) * (rates.point - 50) / 100) as square
    from newton_{{ step }} as fits
    inner join {{ rates }} as rates
        on {% for key in keys %}fits.{{ key }} = rates.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    group by {% for key in keys %}fits.{{ key }}, {% endfor %}fits.intercept, fits.slope
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

{# The likelihood of a fit at a point. #}
{% macro fitted(fit, at) -%}
    {{ likelihood_of(fit ~ '.intercept + ' ~ fit ~ '.slope * (' ~ at ~ '.point - 50) / 10') }}
{%- endmacro %}

{% macro spread(fit, at) -%}
    {{ fitted(fit, at) }} * (1 - {{ fitted(fit, at) }})
{%- endmacro %}
