-- One row per intervention and score: what followed where it was taken and where it was not. People chose whom to help,
-- so that this is an association; only an experiment with a control says what an intervention does.
with follow_ups as (
    select * from {{ ref('intervention_follow_ups') }}
),

plans as (
    select intervention, max(experiment) as experiment from {{ ref('experiments') }} where intervention is not null group by intervention
),

long_changes as (
    {%- for outcome in outcomes() %}
    select intervention, '{{ outcome }}' as score, is_taken, {{ outcome }}_change as change
    from follow_ups
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        intervention,
        score,
        cast(count(*) filter (where is_taken) as integer) as taken,
        cast(count(*) filter (where not is_taken) as integer) as not_taken,
        cast(count(change) filter (where is_taken) as integer) as taken_followed,
        cast(count(change) filter (where not is_taken) as integer) as not_taken_followed,
        avg(change) filter (where is_taken) as change_taken,
        avg(change) filter (where not is_taken) as change_not_taken,
        var_samp(change) filter (where is_taken) as variance_taken,
        var_samp(change) filter (where not is_taken) as variance_not_taken
    from long_changes
    group by intervention, score
),

measured as (
    select
        *,
        taken_followed >= {{ parameter('least_cohort') }} and not_taken_followed >= {{ parameter('least_cohort') }} as has_enough,
        change_taken - change_not_taken as difference,
        {{ welch_squared_error('variance_taken', 'taken_followed', 'variance_not_taken', 'not_taken_followed') }} as squared_error,
        {{ welch_freedom('squared_error', 'variance_taken', 'taken_followed', 'variance_not_taken', 'not_taken_followed') }} as freedom,
        cast({{ parameter('fairness_interval_deviations') }} as double) as deviations
    from counted
),

compared as (
    select
        *,
        {{ t_quantile('deviations', 'freedom') }} * sqrt(squared_error) as half_width
    from measured
)

select
    compared.intervention,
    compared.score,
    case
        when plans.intervention is not null then 'experiment ' || plans.experiment || ' has a control: see experiment_results'
        when compared.has_enough then 'association: those who took it were not drawn by lot'
        else 'insufficient: too few with a quarter behind them'
    end as evidence,
    compared.taken,
    compared.not_taken,
    compared.taken_followed,
    compared.not_taken_followed,
    compared.change_taken,
    compared.change_not_taken,
    case when compared.has_enough then compared.difference end as difference,
    case when compared.has_enough then round(compared.difference - compared.half_width, 9) end as difference_low,
    case when compared.has_enough then round(compared.difference + compared.half_width, 9) end as difference_high
from compared
left join plans on compared.intervention = plans.intervention
