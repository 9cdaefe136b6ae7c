-- One row per partner, week that predictions are judged on and outcome that is known by now: what was
-- known at the end of the week beside what came of it.
with prediction_weeks as (
    select * from {{ ref('prediction_weeks') }} where {{ is_origin('week_start') }}
),

labels as (
    {{ labels_of('prediction_weeks', weeks=is_origin('calendar.week_start')) }}
),

definitions as (
    select * from {{ ref('outcome_definitions') }}
)

select
    labels.partner_id,
    labels.week_start,
    labels.outcome,
    labels.known_week,
    labels.segment,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then labels.{{ outcome }}_band
        {%- endfor %}
    end as band,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then labels.{{ outcome }}_point
        {%- endfor %}
    end as score,
    case definitions.score
        {%- for outcome in outcomes() %}
        when '{{ outcome }}' then labels.{{ outcome }}_equal_weights
        {%- endfor %}
    end as equal_weights,
    labels.weeks_idle,
    labels.last_revenue,
    labels.tier_and_tenure,
    labels.lower_knot,
    labels.upper_knot,
    labels.revenue_before,
    labels.upper_share,
    labels.amount,
    labels.is_reached
from labels
inner join definitions on labels.outcome = definitions.outcome
