{# What an outcome may be predicted from: the score, and the naive predictors that it must beat. Each is
   a column of whole numbers of `prediction_outcomes`; the mean of the segment needs none. #}
{% macro naive_predictors() %}
    {{ return(['equal_weights', 'weeks_idle', 'last_revenue', 'tier_and_tenure', 'segment_mean']) }}
{% endmacro %}

{% macro predictors() %}
    {{ return(['score'] + naive_predictors()) }}
{% endmacro %}
