{# Of a landed record exactly one version is the newest; of one that was withdrawn, none. #}
{% test one_newest_version(model, column_name) %}
{%- set withdrawn_by = contract_of(*model.identifier[4:].split('__')).withdrawn_by if execute %}
select {{ column_name }}, count(*) filter (where superseded_at is null) as newest_versions
from {{ model }}
group by {{ column_name }}
having
    {{ column_name }} is null
    or count(*) filter (where superseded_at is null) > 1
    or count(*) filter (where superseded_at is null{% if withdrawn_by %} or {{ withdrawn_by }} is not null{% endif %}) = 0
{% endtest %}
