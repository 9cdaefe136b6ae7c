-- One row per kind and term: what the words of scores and policy mean, and who says so.
with activity_types as (
    select * from {{ ref('activity_types') }}
),

outcomes as (
    select * from {{ ref('outcome_definitions') }}
),

segments as (
    select * from {{ ref('segments') }}
),

milestones as (
    select * from {{ ref('milestones') }}
),

tiers as (
    select * from {{ ref('tiers') }}
),

terms as (
    select * from {{ ref('terms') }}
),

definitions as (
    select kind, term, definition, decided_by, owner, reason
    from terms
    union all
    select
        'activity type' as kind,
        activity_type as term,
        definition
        || case when counts_as_active then '; counts as active' else '' end
        || case when is_meaningful then '; a meaningful touchpoint if both sides took part' else '' end as definition,
        'activity_types' as decided_by,
        owner,
        reason
    from activity_types
    union all
    select
        'outcome' as kind,
        outcome as term,
        counts || ' of weeks ' || cast(first_week as {{ dbt.type_string() }})
        || ' to ' || cast(last_week as {{ dbt.type_string() }}) || ' after the score week'
        || case
            when threshold is null then ''
            else ', at least ' || cast(threshold as {{ dbt.type_string() }}) || ' ' || unit
        end as definition,
        'outcome_definitions' as decided_by,
        owner,
        reason
    from outcomes
    union all
    select 'segment' as kind, segment as term, definition, 'segments' as decided_by, owner, reason
    from segments
    union all
    select
        'milestone' as kind,
        milestone as term,
        'Step ' || cast(sequence as {{ dbt.type_string() }}) || ', expected by week '
        || cast(expected_week as {{ dbt.type_string() }}) || ' of the contract'
        || case when is_required then '; onboarding is unfinished without it' else '' end as definition,
        'milestones' as decided_by,
        owner,
        reason
    from milestones
    union all
    select
        'tier' as kind,
        tier as term,
        'Asks for ' || cast(required_certified_people as {{ dbt.type_string() }}) || ' certified people' as definition,
        'tiers' as decided_by,
        owner,
        reason
    from tiers
)

select * from definitions
