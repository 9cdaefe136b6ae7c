-- One row per intervention of the catalogue: what is known of what it does, and what that may be called. Only what
-- was compared with a control is an effect; what followed where people chose whom to help is an association.
{{ config(materialized='view') }}

with interventions as (
    select * from {{ ref('interventions') }}
),

plans as (
    select experiment, intervention from {{ ref('experiments') }} where intervention is not null
    union
    select experiment, intervention from interventions where experiment is not null
),

estimates as (
    select * from {{ source('derived', 'experiment_results') }}
    where is_planned and role = 'primary' and state = 'looked at' and difference is not null
),

tested as (
    select
        plans.intervention,
        {{ texts_in_one(
            "plans.experiment || ': ' || replace(estimates.metric, '_', ' ') || ' of ' || estimates.arm || ' beside the control '
            || " ~ difference_in_words('estimates.difference', 2) ~ " || ' on the ' || estimates.scale || ' scale ('
            || " ~ percent('estimates.confidence') ~ " || ' interval from ' || " ~ difference_in_words('estimates.difference_low', 2) ~ "
            || ' to ' || " ~ difference_in_words('estimates.difference_high', 2) ~ " || ')'",
            'plans.experiment asc nulls last, estimates.arm asc nulls last', '; ') }} as words
    from plans
    inner join estimates on plans.experiment = estimates.experiment
    group by plans.intervention
),

comparisons as (
    select * from {{ ref('intervention_comparisons') }}
),

followed as (
    select
        intervention,
        max(taken) as taken,
        max(not_taken) as not_taken,
        {{ texts_in_one(
            "score || ' ' || " ~ difference_in_words('difference') ~ " || ' points where taken (95% interval from '
            || " ~ difference_in_words('difference_low') ~ " || ' to ' || " ~ difference_in_words('difference_high') ~ " || ')'",
            'score asc nulls last', '; ', 'difference is not null') }} as words
    from comparisons
    group by intervention
)

select
    interventions.intervention,
    case
        when tested.words is not null then 'experiment'
        when followed.words is not null then 'association'
        when followed.taken is not null then 'insufficient'
        else 'none'
    end as label,
    case
        when tested.words is not null then tested.words
        when followed.words is not null then followed.words || '; those who took it were not drawn by lot'
        when followed.taken is not null then 'too few with a quarter behind them to compare'
        else 'nothing on record'
    end as evidence,
    coalesce(followed.taken, 0) as taken,
    coalesce(followed.not_taken, 0) as not_taken
from interventions
left join tested on interventions.intervention = tested.intervention
left join followed on interventions.intervention = followed.intervention
