-- One row per landed row that broke a gate of its contract, with every reason; it is never scored.
{{ config(incremental_strategy='append') }}

{% for landed in landed_entities() -%}
{{ quarantined(*landed.split('.')) }}
{% if not loop.last %}union all{% endif %}
{% endfor -%}
