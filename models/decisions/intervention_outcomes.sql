-- One row per cell of bands and intervention: how often it was recommended to partners that stood there, and what
-- followed. The cell is that of the week before the recommendation.
with follow_ups as (
    select * from {{ ref('intervention_follow_ups') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

placed as (
    select
        follow_ups.*,
        coalesce({{ cell_of('outcome_scores.revenue_band', 'outcome_scores.engagement_band') }}, 'unscored') as cell,
        {{ days_between('follow_ups.recommended_on', 'follow_ups.taken_on') }} as days_until_taken
    from follow_ups
    left join outcome_scores
        on
            follow_ups.partner_id = outcome_scores.partner_id
            and {{ add_weeks(week_start('follow_ups.recommended_on'), -1) }} = outcome_scores.week_start
)

select
    cell,
    intervention,
    cast(count(*) as integer) as recommended,
    cast(count(taken_on) as integer) as taken,
    min(recommended_on) as first_recommended_on,
    max(recommended_on) as last_recommended_on,
    max(taken_on) as last_taken_on,
    {%- for outcome in outcomes() %}
    cast(count({{ outcome }}_change) filter (where is_taken) as integer) as {{ outcome }}_followed_taken,
    cast(count({{ outcome }}_change) filter (where not is_taken) as integer) as {{ outcome }}_followed_not_taken,
    avg({{ outcome }}_change) filter (where is_taken) as {{ outcome }}_change_taken,
    avg({{ outcome }}_change) filter (where not is_taken) as {{ outcome }}_change_not_taken,
    {%- endfor %}
    median(days_until_taken) as median_days_until_taken
from placed
group by cell, intervention
