-- One row per landed version of an enrolment that passed its gates; `superseded_at is null` is the newest.
{{ config(unique_key='enrollment_id') }}

{{ staged('learning', 'enrollments') }}
