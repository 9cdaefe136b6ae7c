{# Of a landed record exactly one version is the newest. #}
{% test one_newest_version(model, column_name) %}
select {{ column_name }}, count(*) filter (where superseded_at is null) as newest_versions
from {{ model }}
group by {{ column_name }}
having {{ column_name }} is null or count(*) filter (where superseded_at is null) != 1
{% endtest %}
