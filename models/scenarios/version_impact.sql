-- One row per partner, week of the current quarter, outcome and framework version that is based on another: the raw
-- score under both, each as if it alone had been in force, and the difference by cause. The causes add up.
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

split as (
    {%- for outcome in outcomes() %}
    select
        partner_id,
        week_start,
        segment,
        '{{ outcome }}' as outcome,
        framework,
        base_framework
        {%- for cause in impact_causes() %},
        0 {% for layer in layers() %}{% for metric in metrics_of(outcome, layer) -%}
        + {{ impact_points(cause, outcome, layer, metric) }}
        {% endfor %}{% endfor -%} as {{ cause }}_points
        {%- endfor %}
        {%- for side in ['before', 'after'] %},
        0 {% for layer in layers() %}{% for metric in metrics_of(outcome, layer) -%}
        + {{ outcome }}__{{ layer }}__{{ side }} * {{ outcome }}__{{ metric.name }}__{{ side }} * {{ metric.name }}__{{ side }}
        {% endfor %}{% endfor -%} as points_{{ side }}
        {%- endfor %}
    from both_versions
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

with_overlay as (
    select
        split.*,
        {%- for side, adjusted in [('before', 'base_adjustments'), ('after', 'adjustments')] %}
        case split.outcome
            {%- for outcome in outcomes() %}
            when '{{ outcome }}' then coalesce({{ adjusted }}.{{ outcome }}_points, 0)
            {%- endfor %}
        end as overlay_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
    from split
    left join adjustments
        on split.partner_id = adjustments.partner_id and split.framework = adjustments.framework
    left join adjustments as base_adjustments
        on split.partner_id = base_adjustments.partner_id and split.base_framework = base_adjustments.framework
),

scored as (
    select
        *,
        {%- for side in ['before', 'after'] %}
        least(greatest(points_{{ side }} + overlay_{{ side }}, 0), 100) as score_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
    from with_overlay
),

banded as (
    select
        scored.*,
        version_pairs.framework_version,
        version_pairs.base_version,
        version_pairs.role,
        {%- for side, cuts in [('before', 'base_rules'), ('after', 'rules')] %}
        case scored.outcome
            {%- for outcome in outcomes() %}
            when '{{ outcome }}' then {{ plain_band(outcome, 'scored.score_' ~ side, cuts) }}
            {%- endfor %}
        end as band_{{ side }}{{ ',' if not loop.last }}
        {%- endfor %}
    from scored
    inner join version_pairs on scored.framework = version_pairs.framework
    inner join rules on version_pairs.framework_version = rules.framework_version
    inner join rules as base_rules on version_pairs.base_version = base_rules.framework_version
)

select
    partner_id,
    week_start,
    segment,
    outcome,
    framework_version,
    base_version,
    role,
    score_before,
    score_after,
    score_after - score_before as score_difference,
    {{ band_name('band_before') }} as band_before,
    {{ band_name('band_after') }} as band_after,
    {%- for cause in impact_causes() %}
    {{ cause }}_points,
    {%- endfor %}
    overlay_after - overlay_before as overlay_points,
    -- What the ends of the scale, 0 and 100, cut off.
    (score_after - points_after - overlay_after) - (score_before - points_before - overlay_before) as limit_points
from banded
