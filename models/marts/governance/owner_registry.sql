-- One row per owner, kind and thing: everything that a team answers for.
{%- set policy = [
    'activity_types', 'context_adjustments', 'decision_log', 'decision_parameters', 'dispute_reasons', 'exchange_rates',
    'experiment_arms', 'experiment_metrics', 'experiments', 'flag_approvals', 'incentive_budgets', 'incentive_rules',
    'intervention_rules', 'interventions', 'layer_weights', 'lifecycle_rules', 'metric_anchors',
    'metric_parameters', 'metric_priors', 'metric_weights', 'milestones', 'outcome_definitions', 'partner_visibility',
    'prediction_tenures', 'scenario_changes', 'scenarios', 'score_bands', 'segment_pooling', 'segments', 'stability_rules', 'terms',
    'tiers', 'trajectory_weeks',
] %}

with owned as (
    {{ owned(ref('metric_definitions'), 'metric', 'metric') }}
    union all
    {{ owned(ref('framework_versions'), 'framework version', 'cast(framework_version as ' ~ dbt.type_string() ~ ')') }}
    {%- for table in policy %}
    union all
    {{ owned(ref(table), 'policy rows', literal(table), rows=true) }}
    {%- endfor %}
    {%- for kind, found in [('source', registered_sources()), ('mart', registered_marts())] %}
    {%- for each in found %}
    union all
    select {{ literal(each.get('owner')) }} as owner, '{{ kind }}' as item_kind, {{ literal(each.name) }} as item, cast(1 as integer) as policy_rows
    {%- endfor %}
    {%- endfor %}
),

teams as (
    select * from {{ ref('teams') }}
)

select
    owned.owner,
    owned.item_kind,
    owned.item,
    teams.answers_for,
    case when owned.item_kind = 'policy rows' then owned.policy_rows end as policy_rows,
    teams.answers_until
from owned
left join teams on owned.owner = teams.team
