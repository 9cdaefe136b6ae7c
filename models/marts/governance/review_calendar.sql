-- One row per thing that somebody has to look at again: by when, who, and where its date is stated.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

items as (
    select 'metric' as item_kind, metric as item, owner, review_due, 'models/metrics/_metrics.yml' as stated_in
    from {{ ref('metric_definitions') }}
    union all
    select
        'framework version' as item_kind,
        cast(framework_version as {{ dbt.type_string() }}) as item,
        owner,
        review_due,
        'seeds/policy/framework_versions.csv' as stated_in
    from {{ ref('framework_versions') }}
    where status != 'withdrawn'
    union all
    select 'team' as item_kind, team as item, owner, answers_until as review_due, 'seeds/policy/teams.csv' as stated_in
    from {{ ref('teams') }}
    {%- for each in registered_sources() %}
    union all
    select
        'source' as item_kind,
        {{ literal(each.name) }} as item,
        {{ literal(each.owner) }} as owner,
        {{ day(each.get('review_due')) }} as review_due,
        {{ literal(each.path) }} as stated_in
    {%- endfor %}
    {%- for each in registered_policy() if each.get('review_due') %}
    union all
    select
        'policy table' as item_kind,
        {{ literal(each.name) }} as item,
        {{ literal(each.get('owner')) }} as owner,
        {{ day(each.review_due) }} as review_due,
        'seeds/policy/_policy.yml' as stated_in
    {%- endfor %}
)

select
    items.item_kind,
    items.item,
    items.owner,
    items.stated_in,
    -- Counted from the scored day: no model reads a clock.
    {{ days_between('horizon.as_of_on', 'items.review_due') }} as days_left,
    items.review_due
from items
cross join horizon
