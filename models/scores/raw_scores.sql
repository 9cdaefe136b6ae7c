-- One row per partner and week: both outcomes' scores before smoothing, official versions blended.
{{ config(**by_changed_partner()) }}

{#- Most weeks have one version in force; only where two are blended is there anything to add up. #}
{%- set parts = [('one_version', 'framework_share = 1', as_it_is), ('two_versions', 'framework_share < 1', summed)] %}
with scored_metrics as (
    {{ changed_rows(ref('scored_metrics')) }}
),

{% for part, share, total in parts -%}
rows_of_{{ part }} as (
    select * from ({{ under_frameworks('scored_metrics') }}) as framework_rows where is_official and {{ share }}
),

metrics_of_{{ part }} as (
    {{ metric_scores_of('rows_of_' ~ part, framework_columns()) }}
),

layers_of_{{ part }} as (
    {{ layer_points_of('metrics_of_' ~ part, framework_columns()) }}
),

{% endfor -%}
blended as (
    {%- for part, share, total in parts %}
    select
        partner_id,
        week_start,
        tenure_week,
        segment,
        leading_version
        {{- blended_columns(total) }}
    from layers_of_{{ part }}
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
