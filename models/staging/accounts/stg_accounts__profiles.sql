-- One row per landed version of a profile that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='profile_id') }}

{{ staged('accounts', 'profiles') }}
