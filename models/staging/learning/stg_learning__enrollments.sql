-- One row per landed version of an enrolment that passed its gates.
-- The newest one has no `superseded_at`.
{{ config(unique_key='enrollment_id') }}

{{ staged('learning', 'enrollments') }}
