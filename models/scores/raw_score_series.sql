-- One row per partner and week that is computed: what smoothing needs of a raw score, by week of tenure. Sorted, a step
-- of the recursion that follows reads one row group and not all; to sort whole raw scores would take four times as long.
{{ config(materialized='table' if recurses() else 'view') }}

with raw_scores as (
    {{ changed_rows(ref('raw_scores')) }}
)

select
    partner_id,
    week_start,
    tenure_week,
    framework_version
    {%- for outcome in outcomes() %},
    {{ outcome }}_raw_score
    {%- endfor %}
from raw_scores
{{ 'order by tenure_week asc nulls last, partner_id asc nulls last' if recurses() }}
