-- Nothing is policy because it always was. One row per row of policy without owner or reason, and per
-- policy table that this test does not know.
{%- set known = [
    ref('activity_types'), ref('context_adjustments'), ref('decision_log'), ref('decision_parameters'),
    ref('dispute_reasons'), ref('exchange_rates'), ref('experiment_arms'), ref('experiment_metrics'),
    ref('experiments'), ref('flag_approvals'), ref('framework_versions'), ref('incentive_budgets'),
    ref('incentive_rules'), ref('intervention_rules'), ref('interventions'), ref('lifecycle_rules'),
    ref('layer_weights'), ref('metric_anchors'), ref('metric_parameters'), ref('metric_priors'),
    ref('metric_weights'), ref('milestones'), ref('outcome_definitions'), ref('partner_visibility'),
    ref('prediction_tenures'), ref('scenario_changes'), ref('scenarios'), ref('score_bands'),
    ref('segment_pooling'), ref('segments'), ref('stability_rules'), ref('teams'), ref('terms'),
    ref('tiers'), ref('trajectory_weeks'),
] %}
{%- for table in known %}
select '{{ table.identifier }}' as policy, owner, reason
from {{ table }}
where coalesce(trim(owner), '') = '' or coalesce(trim(reason), '') = ''
{% if not loop.last %}union all{% endif %}
{%- endfor %}
{%- for seed in (graph.nodes.values() if execute else []) if seed.resource_type == 'seed' and seed.fqn[1] == 'policy' and seed.name not in known | map(attribute='identifier') %}
union all
select '{{ seed.name }}' as policy, 'unknown to this test' as owner, null as reason
{%- endfor %}
