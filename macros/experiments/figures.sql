{# What a metric of an experiment may count: the figures of outcomes, and how much a partner did. #}
{% macro experiment_figures() %}
    {{ return(dict(countable_figures(), activities={'weekly': 'active_activities', 'scale': 1})) }}
{% endmacro %}

{# The scales on which a metric is analysed: name -> column of `experiment_outcomes`. #}
{% macro experiment_scales() %}
    {{ return({
        'raw': 'amount',
        'winsorised': 'winsorised_amount',
        'log': 'log_amount',
        'reached': 'case when is_reached then 1.0 else 0.0 end',
    }) }}
{% endmacro %}
