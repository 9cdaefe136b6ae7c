-- A plan that cannot be followed is no plan. One row per experiment without exactly one control, a treatment,
-- shares of one and exactly one primary metric; or registered after its start; or with a look before its
-- windows have passed.
with arms as (
    select
        experiment,
        count(*) filter (where role = 'control') as controls,
        count(*) filter (where role = 'treatment') as treatments,
        sum(share) as shares
    from {{ ref('experiment_arms') }}
    group by experiment
),

metrics as (
    select
        experiment,
        count(*) filter (where role = 'primary') as primaries,
        count(*) filter (where first_week > last_week or (analysis = 'reached' and covariate is not null)) as impossible,
        max(last_week) as last_week
    from {{ ref('experiment_metrics') }}
    group by experiment
)

select experiments.experiment
from {{ ref('experiments') }} as experiments
left join arms on experiments.experiment = arms.experiment
left join metrics on experiments.experiment = metrics.experiment
where
    coalesce(arms.controls, 0) != 1
    or arms.treatments < 1
    or abs(arms.shares - 1) > 0.000001
    or coalesce(metrics.primaries, 0) != 1
    or metrics.impossible > 0
    or experiments.registered_on > experiments.planned_start_on
    or experiments.least_tenure_week > experiments.most_tenure_week
    or {{ add_weeks(week_start('experiments.planned_start_on'), 'metrics.last_week + 1') }} > experiments.planned_look_on
