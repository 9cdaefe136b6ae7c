-- One row per activity of each landed version of its record: the history behind `activities`.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source', 'source_record_id'],
    on_schema_change='fail',
) }}

with reported as (
    {%- for source_name in sources_of_activities() %}
    select * from {{ ref('activities_from_' ~ source_name) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from reported
{% if is_incremental() %}
-- A record that arrived again brings all its versions along.
where changed_at > (select max(changed_at) from {{ this }})
{% endif %}
