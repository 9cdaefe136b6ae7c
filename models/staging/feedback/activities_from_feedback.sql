-- One row per survey answer, of every landed version of its record.
{{ config(materialized='view') }}

with surveys as (
    select * from {{ ref('stg_feedback__surveys') }}
),

activities as (
    select {{ activity("'survey_answered'", 'submitted_at', 'response_id', 'feedback.surveys',
        quantity='score') }}
    from surveys
)

select * from activities
