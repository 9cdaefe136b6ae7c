-- One row per partner, week of the current quarter, outcome and framework version that is based on another: the raw
-- score under both, each as if it alone had been in force, and the difference by cause. The causes add up.
{%- set sides = [('before', 'base_adjustments', 'base_rules'), ('after', 'adjustments', 'rules')] %}
with both_versions as (
    select * from {{ ref('impact_rows') }}
),

adjustments as (
    select * from {{ ref('partner_adjustments') }}
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

version_pairs as (
    select * from {{ ref('version_pairs') }}
),

-- Outcomes stand side by side until all is known: hundreds of columns are read and joined once.
points as (
    select
        partner_id,
        week_start,
        segment,
        framework,
        base_framework
        {%- for outcome in outcomes() %}
        {%- for cause in impact_causes() %},
        0 {% for layer in layers() %}{% for metric in metrics_of(outcome, layer) -%}
        + {{ impact_points(cause, outcome, layer, metric) }}
        {% endfor %}{% endfor -%} as {{ outcome }}_{{ cause }}_points
        {%- endfor %}
        {%- for side, adjusted, cuts in sides %},
        0 {% for layer in layers() %}{% for metric in metrics_of(outcome, layer) -%}
        + {{ outcome }}__{{ layer }}__{{ side }} * {{ outcome }}__{{ metric.name }}__{{ side }} * {{ metric.name }}__{{ side }}
        {% endfor %}{% endfor -%} as {{ outcome }}_points_{{ side }}
        {%- endfor %}
        {%- endfor %}
    from both_versions
),

with_overlay as (
    select
        points.*
        {%- for side, adjusted, cuts in sides %}
        {%- for outcome in outcomes() %},
        coalesce({{ adjusted }}.{{ outcome }}_points, 0) as {{ outcome }}_overlay_{{ side }}
        {%- endfor %}
        {%- endfor %}
    from points
    left join adjustments
        on points.partner_id = adjustments.partner_id and points.framework = adjustments.framework
    left join adjustments as base_adjustments
        on points.partner_id = base_adjustments.partner_id and points.base_framework = base_adjustments.framework
),

scored as (
    select
        *
        {%- for side, adjusted, cuts in sides %}
        {%- for outcome in outcomes() %},
        least(greatest({{ outcome }}_points_{{ side }} + {{ outcome }}_overlay_{{ side }}, 0), 100) as {{ outcome }}_score_{{ side }}
        {%- endfor %}
        {%- endfor %}
    from with_overlay
),

banded as (
    select
        scored.*,
        version_pairs.framework_version,
        version_pairs.base_version,
        version_pairs.role
        {%- for side, adjusted, cuts in sides %}
        {%- for outcome in outcomes() %},
        {{ plain_band(outcome, 'scored.' ~ outcome ~ '_score_' ~ side, cuts) }} as {{ outcome }}_band_{{ side }}
        {%- endfor %}
        {%- endfor %}
    from scored
    inner join version_pairs on scored.framework = version_pairs.framework
    inner join rules on version_pairs.framework_version = rules.framework_version
    inner join rules as base_rules on version_pairs.base_version = base_rules.framework_version
)

{% for outcome in outcomes() -%}
select
    partner_id,
    week_start,
    segment,
    '{{ outcome }}' as outcome,
    framework_version,
    base_version,
    role,
    {{ outcome }}_score_before as score_before,
    {{ outcome }}_score_after as score_after,
    {{ outcome }}_score_after - {{ outcome }}_score_before as score_difference,
    {{ band_name(outcome ~ '_band_before') }} as band_before,
    {{ band_name(outcome ~ '_band_after') }} as band_after,
    {%- for cause in impact_causes() %}
    {{ outcome }}_{{ cause }}_points as {{ cause }}_points,
    {%- endfor %}
    {{ outcome }}_overlay_after - {{ outcome }}_overlay_before as overlay_points,
    -- What the ends of the scale, 0 and 100, cut off.
    ({{ outcome }}_score_after - {{ outcome }}_points_after - {{ outcome }}_overlay_after)
    - ({{ outcome }}_score_before - {{ outcome }}_points_before - {{ outcome }}_overlay_before) as limit_points
from banded
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
