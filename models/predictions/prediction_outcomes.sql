-- One row per partner, week that predictions are judged on and outcome that is known by now: what was
-- known at the end of the week beside what came of it.
with prediction_weeks as (
    select * from {{ ref('prediction_weeks') }} where {{ is_origin('week_start') }}
),

labels as (
    select * from {{ ref('outcome_labels') }}
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
)

select
    prediction_weeks.partner_id,
    prediction_weeks.week_start,
    labels.outcome,
    labels.known_week,
    prediction_weeks.segment,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then prediction_weeks.{{ outcome }}_band
        {%- endfor %}
    end as band,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then prediction_weeks.{{ outcome }}_point
        {%- endfor %}
    end as score,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then prediction_weeks.{{ outcome }}_equal_weights
        {%- endfor %}
    end as equal_weights,
    prediction_weeks.weeks_idle,
    prediction_weeks.last_revenue,
    prediction_weeks.tier_and_tenure,
    prediction_weeks.lower_knot,
    prediction_weeks.upper_knot,
    prediction_weeks.revenue_before,
    prediction_weeks.upper_share,
    labels.amount,
    labels.is_reached
from prediction_weeks
inner join labels
    on prediction_weeks.partner_id = labels.partner_id and prediction_weeks.week_start = labels.week_start
inner join definitions on labels.outcome = definitions.outcome
