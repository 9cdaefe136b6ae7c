{# A number lies between `least` and `most` (either may be left out), but for the last digits of a sum
   of fractions; it may be missing only where `may_be_missing` says so. #}
{% test between(model, column_name, least=none, most=none, may_be_missing=false) %}
select * from {{ model }}
where
    {{ 'false' if may_be_missing else column_name ~ ' is null' }}
    {% if least is not none %}or {{ column_name }} < {{ least }} - 0.000000001{% endif %}
    {% if most is not none %}or {{ column_name }} > {{ most }} + 0.000000001{% endif %}
{% endtest %}
