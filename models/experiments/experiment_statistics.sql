-- One row per experiment, metric, arm and scale of analysis: what a test of two arms needs, and no partner.
with outcomes as (
    select * from {{ ref('experiment_outcomes') }}
),

scaled as (
    {%- for scale, expression in experiment_scales().items() %}
    select
        experiment,
        metric,
        arm,
        role,
        '{{ scale }}' as scale,
        cast({{ expression }} as double) as amount,
        score_before
    from outcomes
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    experiment,
    metric,
    arm,
    role,
    scale,
    cast(count(*) as integer) as partners,
    round(avg(amount), 9) as mean,
    round(var_samp(amount), 9) as variance,
    round(avg(score_before), 9) as score_mean,
    round(var_samp(score_before), 9) as score_variance,
    -- Engines round what is next to nothing to 0 or to -0: adding 0 leaves one of them.
    round(covar_samp(amount, score_before), 9) + 0.0 as score_covariance
from scaled
group by experiment, metric, arm, role, scale
