-- One row per activity that the learning system tells of, of every landed version of its record.
{{ config(materialized='view') }}

with enrollments as (
    select * from {{ ref('stg_learning__enrollments') }}
),

held as (
    select
        *,
        -- Where people are not told apart, each certification is a person of its own.
        coalesce(learner_id, certification_id) as person,
        superseded_at is null and coalesce(expires_at > awarded_at, true) as is_valid
    from {{ ref('stg_learning__certifications') }}
),

renewed as (
    select
        *,
        max(coalesce(expires_at, cast('9999-12-31' as timestamp))) over (
            partition by partner_id, person, is_valid
            order by awarded_at asc nulls last, certification_id asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as held_until,
        max(changed_at) over (partition by partner_id, person) as person_changed_at
    from held
),

spells as (
    -- A spell: the time in which a person holds one certification or another without a gap.
    select
        *,
        sum(case when held_until >= awarded_at then 0 else 1 end) over (
            partition by partner_id, person, is_valid
            order by awarded_at asc nulls last, certification_id asc nulls last
            rows between unbounded preceding and current row
        ) as spell
    from renewed
),

certifications as (
    -- A person counts once: from the first certification of a spell to the lapse of the one that lasts longest.
    select
        certification_id,
        partner_id,
        awarded_at,
        expires_at,
        case when is_valid and row_number() over first_awarded = 1 then 1 else 0 end as people_gained,
        case when is_valid and row_number() over last_lapsed = 1 then -1 else 0 end as people_lost,
        loaded_at,
        superseded_at,
        -- What arrives of a person may change all its certifications, and each brings all its versions along.
        max(person_changed_at) over (partition by certification_id) as changed_at
    from spells
    window
        first_awarded as (
            partition by partner_id, person, is_valid, spell
            order by awarded_at asc nulls last, certification_id asc nulls last
        ),
        last_lapsed as (
            partition by partner_id, person, is_valid, spell
            order by expires_at desc nulls first, certification_id asc nulls last
        )
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
        quantity='people_gained') }}
    from certifications
    union all
    select {{ activity("'certification_lapsed'", 'expires_at', 'certification_id', 'learning.certifications',
        quantity='people_lost') }}
    from certifications
    where expires_at is not null
)

select * from activities
