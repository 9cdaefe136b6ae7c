-- One row per landed version of an assignment that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='assignment_id') }}

{{ staged('experiments', 'assignments') }}
