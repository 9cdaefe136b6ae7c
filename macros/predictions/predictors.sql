{# What an outcome may be predicted from: the score, and the naive predictors that it must beat. Each is
   a column of whole numbers of `prediction_outcomes`; the mean of the segment needs none. #}
{% macro naive_predictors() %}
    {{ return(['equal_weights', 'weeks_idle', 'last_revenue', 'tier_and_tenure', 'segment_mean']) }}
{% endmacro %}

{# Counts by value of one predictor: `share` is the column with how much a partner counts at `knot`. #}
{% macro counts_by(predictor, knot, share) -%}
    select
        week_start,
        known_week,
        segment,
        outcome,
        '{{ predictor }}' as predictor,
        {{ knot }} as knot,
        {{ predictor }} as point,
        sum({{ share }}) as partners,
        sum({{ share }} * event) as events,
        sum({{ share }} * has_amount) as amounts,
        sum({{ share }} * amount) as amount_sum,
        sum({{ share }} * log_amount) as log_amount_sum
    from prediction_outcomes
    where {{ share }} > 0
    group by week_start, known_week, segment, outcome, {{ knot }}, {{ predictor }}
{%- endmacro %}
