-- A metric that nobody owns or explains is not measured. One row per entry of the registry that leaves something out.
select metric
from {{ ref('metric_definitions') }}
where
    scale not in ('linear', 'log1p')
    or better not in ('higher', 'lower')
    or layer not in ('{{ layers() | join("', '") }}')
    or coalesce(minimum_observation, 0) < 1
    {%- for text in ['definition', 'unit', 'scale', 'better', 'layer', 'metric_group', 'outcomes', 'owner', 'rationale', 'gaming_risk', 'gaming_counter', 'sources'] %}
    or coalesce(trim({{ text }}), '') = ''
    {%- endfor %}
