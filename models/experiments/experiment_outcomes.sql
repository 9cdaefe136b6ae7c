-- One row per experiment, metric and partner whose window has passed: what it did in the weeks after its
-- assignment, on the scales on which that is analysed. The week of the assignment itself counts nowhere.
with members as (
    select * from {{ ref('experiment_members') }} where role is not null
),

planned as (
    select * from {{ ref('experiment_metrics') }}
),

weeks as (
    select
        partner_id,
        week_start
        {%- for name, figure in experiment_figures().items() %},
        {{ figure.weekly }} as {{ name }}
        {%- endfor %}
    from {{ ref('partner_weeks') }}
),

windows as (
    select
        members.experiment,
        planned.metric,
        members.partner_id,
        members.arm,
        members.role,
        planned.counts,
        planned.threshold,
        planned.winsorised_share,
        case planned.covariate
            {%- for outcome in outcomes() %}
            when '{{ outcome }}' then members.{{ outcome }}_before
            {%- endfor %}
        end as score_before,
        {{ add_weeks('members.assigned_week', 'planned.first_week') }} as first_week,
        {{ add_weeks('members.assigned_week', 'planned.last_week') }} as last_week
    from members
    inner join planned on members.experiment = planned.experiment
    where {{ add_weeks('members.assigned_week', 'planned.last_week') }} <= (select as_of_week from {{ ref('score_horizon') }})
),

-- After the end of a contract there are no weeks: nothing is done in them.
counted as (
    select
        windows.experiment,
        windows.metric,
        windows.partner_id,
        cast(case windows.counts
            {%- for name, figure in experiment_figures().items() %}
            when '{{ name }}' then coalesce(sum(weeks.{{ name }}), 0) / cast({{ figure.scale }} as double)
            {%- endfor %}
        end as double) as amount
    from windows
    left join weeks
        on
            windows.partner_id = weeks.partner_id
            and windows.first_week <= weeks.week_start
            and windows.last_week >= weeks.week_start
    group by windows.experiment, windows.metric, windows.partner_id, windows.counts
),

amounts as (
    select
        windows.*,
        counted.amount
    from windows
    inner join counted
        on
            windows.experiment = counted.experiment
            and windows.metric = counted.metric
            and windows.partner_id = counted.partner_id
),

-- Over all arms together: a cap that differs by arm would be an effect of its own.
ranked as (
    select
        *,
        row_number() over (
            partition by experiment, metric order by amount asc nulls last, partner_id asc nulls last
        ) as place,
        count(*) over (partition by experiment, metric) as partners,
        avg(score_before) over (partition by experiment, metric) as mean_score_before
    from amounts
),

caps as (
    select
        experiment,
        metric,
        min(amount) filter (where place > floor(winsorised_share * partners)) as least_amount,
        max(amount) filter (where place <= partners - floor(winsorised_share * partners)) as most_amount
    from ranked
    group by experiment, metric
)

select
    ranked.experiment,
    ranked.metric,
    ranked.partner_id,
    ranked.arm,
    ranked.role,
    ranked.amount,
    greatest(least(ranked.amount, caps.most_amount), caps.least_amount) as winsorised_amount,
    round(ln(1 + greatest(ranked.amount, 0)), 12) as log_amount,
    -- Who had no score yet is taken for average, whatever its arm.
    round(coalesce(ranked.score_before, ranked.mean_score_before), 9) as score_before,
    case when ranked.threshold is null then ranked.amount > 0 else ranked.amount >= ranked.threshold end as is_reached
from ranked
inner join caps on ranked.experiment = caps.experiment and ranked.metric = caps.metric
