-- One row per partner, outcome, metric and horizon (1 or 13 weeks): how many points of the raw score
-- came or went because the metric moved, and how many because its weight did. With two factors that
-- both change, each change is counted at the mean of the other, so that the two add up exactly.
{{ config(**by_changed_partner(week=none)) }}
{%- set weighed = [] %}
{%- for outcome in outcomes() %}
{%- for metric in metrics_of(outcome) %}
{%- do weighed.append({'outcome': outcome, 'metric': metric.name, 'name': outcome ~ '__' ~ metric.name}) %}
{%- endfor %}
{%- endfor %}
with explained_weeks as (
    {{ changed_rows(ref('explained_weeks'), week=none) }}
),

-- A metric that a framework does not weigh has no weight here, rather than one of 0.
weights as (
    select
        framework,
        segment,
        tenure_week
        {%- for each in weighed %},
        max(weight) filter (where outcome = '{{ each.outcome }}' and metric = '{{ each.metric }}') as {{ each.name }}
        {%- endfor %}
    from {{ ref('effective_weights') }}
    group by framework, segment, tenure_week
),

{%- for weeks_back in weeks_explained() if weeks_back > 0 %}

before_{{ weeks_back }} as (
    select * from explained_weeks where weeks_back = {{ weeks_back }}
),

now_{{ weeks_back }} as (
    select * from explained_weeks
    where weeks_back = 0 and partner_id in (select partner_id from before_{{ weeks_back }})
),
{%- endfor %}

-- Both weeks side by side. A version that was not in force then, or no longer is, has one of them.
both_weeks as (
    {%- for weeks_back in weeks_explained() if weeks_back > 0 %}
    select
        {{ weeks_back }} as weeks_back,
        coalesce(now.partner_id, before.partner_id) as partner_id,
        coalesce(now.framework, before.framework) as framework,
        coalesce(now.segment, before.segment) as segment,
        now.weights_week as weights_week_now,
        before.weights_week as weights_week_before,
        now.framework_share as share_now,
        before.framework_share as share_before
        {%- for metric in metrics() %},
        coalesce(now.{{ metric.name }}__score, before.{{ metric.name }}__score) as {{ metric.name }}__now,
        coalesce(before.{{ metric.name }}__score, now.{{ metric.name }}__score) as {{ metric.name }}__before
        {%- endfor %}
    from now_{{ weeks_back }} as now
    full join before_{{ weeks_back }} as before
        on now.partner_id = before.partner_id and now.framework = before.framework
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- Then a version's weight was or is 0: all of it is weight.
summed as (
    select
        both_weeks.partner_id,
        both_weeks.weeks_back
        {%- for each in weighed %}
        {%- set weight_now = 'coalesce(both_weeks.share_now * weights_now.' ~ each.name ~ ', 0)' %}
        {%- set weight_before = 'coalesce(both_weeks.share_before * weights_before.' ~ each.name ~ ', 0)' %}
        {%- set score_now, score_before = 'both_weeks.' ~ each.metric ~ '__now', 'both_weeks.' ~ each.metric ~ '__before' %},
        count(coalesce(weights_now.{{ each.name }}, weights_before.{{ each.name }})) as {{ each.name }}__frameworks,
        sum(({{ weight_now }} + {{ weight_before }}) / 2 * ({{ score_now }} - {{ score_before }})) as {{ each.name }}__metric_points,
        sum(({{ score_now }} + {{ score_before }}) / 2 * ({{ weight_now }} - {{ weight_before }})) as {{ each.name }}__weight_points
        {%- endfor %}
    from both_weeks
    left join weights as weights_now
        on
            both_weeks.framework = weights_now.framework
            and both_weeks.segment = weights_now.segment
            and both_weeks.weights_week_now = weights_now.tenure_week
    left join weights as weights_before
        on
            both_weeks.framework = weights_before.framework
            and both_weeks.segment = weights_before.segment
            and both_weeks.weights_week_before = weights_before.tenure_week
    where weights_now.framework is not null or weights_before.framework is not null
    group by both_weeks.partner_id, both_weeks.weeks_back
),

long_changes as (
    {%- for each in weighed %}
    select
        partner_id,
        weeks_back,
        '{{ each.outcome }}' as outcome,
        '{{ each.metric }}' as metric,
        {{ each.name }}__frameworks as frameworks,
        {{ each.name }}__metric_points as metric_points,
        {{ each.name }}__weight_points as weight_points
    from summed
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from summed
    {%- endfor %}
)

select
    partner_id,
    weeks_back,
    outcome,
    metric,
    metric_points,
    weight_points
from long_changes
where frameworks > 0
