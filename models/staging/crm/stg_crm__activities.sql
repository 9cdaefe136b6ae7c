-- One row per landed version of an activity that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='activity_id') }}

{{ staged('crm', 'activities') }}
