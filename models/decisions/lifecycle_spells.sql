-- One row per partner, rule of a flag and spell: weeks in which its condition held, together as long as it paused for no
-- more than `flag_quiet_weeks`. The change is of published scores over a quarter.
with outcome_scores as (
    select * from {{ ref('outcome_scores') }} where status = 'published'
),

rules as (
    select * from {{ ref('lifecycle_rules') }}
),

changed as (
    select
        {%- for outcome in outcomes() %}
        outcome_scores.{{ outcome }}_score - earlier.{{ outcome }}_score as {{ outcome }}_change,
        {%- endfor %}
        outcome_scores.*
    from outcome_scores
    left join outcome_scores as earlier
        on
            outcome_scores.partner_id = earlier.partner_id
            and {{ add_weeks('outcome_scores.week_start', -13) }} = earlier.week_start
),

held as (
    select
        changed.partner_id,
        rules.rule,
        changed.week_start,
        case rules.change_of when 'engagement' then changed.engagement_change when 'revenue' then changed.revenue_change end as change,
        changed.revenue_score,
        changed.engagement_score,
        {{ cell_of('changed.revenue_band', 'changed.engagement_band') }} as cell
    from changed
    inner join rules
        on
            {{ is_for_segment('changed.segment', 'rules.segment') }}
            and {{ band_within('changed.revenue_band', 'rules.least_revenue_band', 'rules.most_revenue_band') }}
            and {{ band_within('changed.engagement_band', 'rules.least_engagement_band', 'rules.most_engagement_band') }}
            and changed.tenure_week >= coalesce(rules.least_tenure_week, changed.tenure_week)
            and changed.tenure_week <= coalesce(rules.most_tenure_week, changed.tenure_week)
            and (
                rules.change_of is null
                {%- for outcome in outcomes() %}
                or (
                    rules.change_of = '{{ outcome }}'
                    and changed.{{ outcome }}_change >= coalesce(rules.least_change, changed.{{ outcome }}_change)
                    and changed.{{ outcome }}_change <= coalesce(rules.most_change, changed.{{ outcome }}_change)
                )
                {%- endfor %}
            )
),

followed as (
    select
        *,
        lag(week_start) over (partition by partner_id, rule order by week_start asc nulls last) as week_before
    from held
),

numbered as (
    select
        *,
        sum(
            case
                when {{ weeks_between('week_before', 'week_start') }} <= {{ decision_parameter('flag_quiet_weeks') }} + 1 then 0
                else 1
            end
        ) over (partition by partner_id, rule order by week_start asc nulls last rows between unbounded preceding and current row) as spell
    from followed
)

select
    partner_id,
    rule,
    cast(spell as integer) as spell,
    min(week_start) as first_week,
    max(week_start) as last_week,
    max_by(cell, week_start) as cell,
    max_by(revenue_score, week_start) as revenue_score,
    max_by(engagement_score, week_start) as engagement_score,
    max_by(change, week_start) as change
from numbered
group by partner_id, rule, spell
