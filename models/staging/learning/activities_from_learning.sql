-- One row per activity that the learning system tells of, of every landed version of its record.
{{ config(materialized='view') }}

with enrollments as (
    select * from {{ ref('stg_learning__enrollments') }}
),

certifications as (
    select * from {{ ref('stg_learning__certifications') }}
),

activities as (
    select {{ activity("'training_assigned'", 'assigned_at', 'enrollment_id', 'learning.enrollments') }}
    from enrollments
    union all
    select {{ activity("'training_passed'", 'completed_at', 'enrollment_id', 'learning.enrollments') }}
    from enrollments
    where passed and completed_at is not null
    union all
    select {{ activity("'certification_awarded'", 'awarded_at', 'certification_id', 'learning.certifications',
        quantity='1') }}
    from certifications
    union all
    select {{ activity("'certification_lapsed'", 'expires_at', 'certification_id', 'learning.certifications',
        quantity='-1') }}
    from certifications
    where expires_at is not null
)

select * from activities
