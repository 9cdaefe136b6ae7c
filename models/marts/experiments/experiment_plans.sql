-- One row per registered experiment and metric: what was said before anybody was assigned.
with plans as (
    select * from {{ ref('experiments') }}
),

planned as (
    select * from {{ ref('experiment_metrics') }}
),

arms as (
    select
        experiment,
        {{ texts_in_one("arm || ' (' || cast(round(100 * share) as integer) || '%)'", 'role asc nulls last, arm asc nulls last') }} as arms
    from {{ ref('experiment_arms') }}
    group by experiment
)

select
    plans.experiment,
    planned.metric,
    plans.title,
    plans.hypothesis,
    plans.unit,
    arms.arms,
    plans.intervention,
    plans.decision_rule,
    plans.status,
    planned.role,
    planned.counts,
    planned.analysis,
    planned.covariate,
    planned.better,
    plans.owner,
    plans.reason,
    planned.reason as metric_reason,
    plans.least_tenure_week,
    plans.most_tenure_week,
    planned.first_week,
    planned.last_week,
    planned.threshold,
    planned.minimum_effect,
    plans.alpha,
    {{ parameter('experiment_power') }} as power,
    {{ parameter('experiment_least_chance_of_sizes') }} as least_chance_of_sizes,
    {{ parameter('experiment_most_contaminated') }} as most_contaminated_share,
    cast({{ parameter('experiment_permutation_below') }} as integer) as permutation_below,
    cast({{ parameter('experiment_permutations') }} as integer) as permutations,
    plans.registered_on,
    plans.planned_start_on,
    plans.planned_look_on
from plans
inner join planned on plans.experiment = planned.experiment
inner join arms on plans.experiment = arms.experiment
