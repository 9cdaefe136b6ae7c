{# None of the columns is ever missing. #}
{% test complete(model, columns) %}
select * from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
