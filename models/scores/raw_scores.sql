-- One row per partner and week: both outcomes' scores before smoothing, official versions blended.
{{ config(**by_changed_partner()) }}

{#- Most weeks have one version in force; only where two are blended is there anything to add up. -#}
{%- set parts = [('one_version', 'framework_share = 1', as_it_is), ('two_versions', 'framework_share < 1', summed)] %}
with
{% if adds_to_last_run() or not execute -%}
-- The engine of `layer_scores`, over the few weeks that are computed.
scored_metrics as (
    {{ changed_rows(ref('scored_metrics')) }}
),

framework_rows as (
    {{ under_frameworks('scored_metrics') }}
),

metric_scores as (
    {{ metric_scores_of('framework_rows', framework_columns()) }}
),

layer_scores as (
    {{ layer_points_of('metric_scores', framework_columns()) }}
),

{% endif -%}
blended as (
    {%- for part, share, total in parts %}
    select
        partner_id,
        week_start,
        tenure_week,
        segment,
        leading_version
        {{- blended_columns(total) }}
    from {{ 'layer_scores' if adds_to_last_run() else ref('layer_scores') }}
    where is_official and {{ share }}
    {{ 'group by partner_id, week_start, tenure_week, segment, leading_version' if total == summed }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

scored as (
    select
        *
        {%- for outcome in outcomes() %},
        {{ raw_score(outcome, outcome ~ '_overlay_asked') }} as {{ outcome }}_raw_score
        {%- endfor %}
    from blended
)

select
    partner_id,
    week_start,
    tenure_week,
    segment,
    leading_version as framework_version
    {%- for outcome in outcomes() %},
    {%- for layer in layers() %}
    -- A mean of scores up to 100 is at most 100, whatever the last digit of a division.
    case
        when {{ outcome }}_{{ layer }}_weight > 0 then least({{ outcome }}_{{ layer }}_points / {{ outcome }}_{{ layer }}_weight, 100.0)
    end as {{ outcome }}_{{ layer }}_score,
    {%- endfor %}
    {{ outcome }}_raw_score,
    -- What the overlay really moved: a score ends at 0 and at 100.
    {{ outcome }}_raw_score - {{ points_of_layers(outcome) }} as {{ outcome }}_overlay,
    -- A share of 1 is 1, whatever the order in which its parts were added.
    least(round({{ outcome }}_coverage, 9), 1) as {{ outcome }}_coverage,
    least(round({{ outcome }}_confidence, 9), 1) as {{ outcome }}_confidence
    {%- endfor %}
from scored
