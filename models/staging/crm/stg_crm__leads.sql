-- One row per landed version of a lead that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='lead_id') }}

{{ staged('crm', 'leads') }}
