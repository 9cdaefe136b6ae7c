-- One row per origin, quarter and draw: what all partners' amounts are multiplied by in it, lognormal with mean 1
-- and the spread of the common component.
with components as (
    select
        origin_week,
        quarter_start,
        ln(1 + common_spread * common_spread) as log_variance
    from {{ ref('common_components') }}
),

drawn as (
    select
        components.*,
        draws.draw,
        'common ' || cast(components.quarter_start as {{ dbt.type_string() }}) || ' ' || cast(draws.draw as {{ dbt.type_string() }}) as name
    from components
    cross join {{ draws() }} as draws
)

select
    origin_week,
    quarter_start,
    cast(draw as integer) as draw,
    -- Two even numbers make a normal one (Box and Muller).
    exp(
        sqrt(log_variance) * sqrt(-2 * ln(1 - {{ uniform_of("name || ' length'") }})) * cos(2 * pi() * {{ uniform_of("name || ' angle'") }})
        - log_variance / 2
    ) as factor
from drawn
