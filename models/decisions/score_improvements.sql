-- One row per open period that is over, partner and score: the published score of its last week beside the partner's own
-- best in the year before the period. Beside the best and not the last one, so that nobody earns by falling first.
with periods as (
    select distinct period, week_before, last_week from {{ ref('incentive_periods') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }} where status = 'published'
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

ends as (
    select
        {%- for outcome in outcomes() %}
        outcome_scores.{{ outcome }}_score,
        {%- endfor %}
        outcome_scores.partner_id,
        periods.*
    from periods
    inner join horizon on periods.last_week <= horizon.as_of_week
    inner join outcome_scores on periods.last_week = outcome_scores.week_start
),

bests as (
    select
        {%- for outcome in outcomes() %}
        max(earlier.{{ outcome }}_score) as {{ outcome }}_score,
        {%- endfor %}
        ends.period,
        ends.partner_id
    from ends
    inner join outcome_scores as earlier
        on
            ends.partner_id = earlier.partner_id
            and ends.week_before >= earlier.week_start
            and earlier.week_start > {{ add_weeks('ends.week_before', -52) }}
    group by ends.period, ends.partner_id
    having count(*) >= {{ decision_parameter('improvement_least_weeks') }}
)

{% for outcome in outcomes() %}
select
    ends.period,
    ends.partner_id,
    '{{ outcome }}' as score,
    bests.{{ outcome }}_score as score_before,
    ends.{{ outcome }}_score as score_now,
    ends.{{ outcome }}_score - bests.{{ outcome }}_score as gain,
    {{ week_end('ends.last_week') }} as measured_on
from ends
inner join bests on ends.period = bests.period and ends.partner_id = bests.partner_id
{% if not loop.last %}union all{% endif %}
{% endfor %}
