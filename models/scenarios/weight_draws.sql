-- One row per draw: what each weight is multiplied by when experts disagree about all of them at once, evenly
-- drawn from 1 - share to 1 + share. The same draws in every run.
with shares as (
    select cast({{ parameter('sensitivity_share') }} as double) as share
)

select
    steps.step as draw
    {%- for outcome in outcomes() %}
    {%- for metric in metrics_of(outcome) %},
    1 + shares.share * (2 * {{ uniform_of("'" ~ outcome ~ ' ' ~ metric.name ~ " ' || cast(steps.step as " ~ dbt.type_string() ~ ')') }} - 1) as {{ outcome }}__{{ metric.name }}
    {%- endfor %}
    {%- endfor %}
from {{ steps(10000) }}
cross join shares
where steps.step < {{ parameter('sensitivity_draws') }}
