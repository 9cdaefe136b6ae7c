-- One row per landed version of a profile that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='profile_id') }}

{{ staged('accounts', 'profiles') }}
