-- One row per activity of each landed version of its record: the history behind `activities`.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['source', 'source_record_id'],
    on_schema_change='fail',
) }}

with reported as (
    select * from {{ ref('activities_from_crm') }}
    union all
    select * from {{ ref('activities_from_feedback') }}
    union all
    select * from {{ ref('activities_from_finance') }}
    union all
    select * from {{ ref('activities_from_learning') }}
    union all
    select * from {{ ref('activities_from_marketing') }}
    union all
    select * from {{ ref('activities_from_portal') }}
)

select * from reported
{% if is_incremental() %}
-- A record that arrived again brings all its versions along.
where changed_at > (select max(changed_at) from {{ this }})
{% endif %}
