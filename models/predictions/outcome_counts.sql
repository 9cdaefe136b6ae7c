-- One row per week, segment, outcome, predictor and value of it: how many partners, how many of them
-- reached the outcome, and sums of amounts. All that fits need: millions of partner-weeks become counts.
with prediction_outcomes as (
    select
        *,
        cast(0 as integer) as segment_mean,
        case when amount > 0 then ln(amount) end as log_amount
    from {{ ref('prediction_outcomes') }}
)

{% for predictor in predictors() %}
select
    week_start,
    known_week,
    segment,
    outcome,
    '{{ predictor }}' as predictor,
    {{ predictor }} as point,
    cast(count(*) as double) as partners,
    cast(count(*) filter (where is_reached) as double) as events,
    cast(count(log_amount) as double) as amounts,
    coalesce(sum(amount), 0) as amount_sum,
    coalesce(sum(log_amount), 0) as log_amount_sum
from prediction_outcomes
group by week_start, known_week, segment, outcome, {{ predictor }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
