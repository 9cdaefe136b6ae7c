-- One row per segment, milestone and week of tenure: how many of its partners had that week, and how
-- many of them had reached the milestone by its end. Counted from who comes and who goes, week by
-- week, so that nobody is looked at once per week of tenure.
with tenures as (
    select
        partners.partner_id,
        partner_segments.segment,
        {{ weeks_between('partners.contract_week', 'partners.last_week') }} as last_tenure_week
    from {{ ref('partners') }} as partners
    inner join {{ ref('partner_segments') }} as partner_segments on partners.partner_id = partner_segments.partner_id
    where partners.contract_week <= partners.last_week
),

milestones as (
    select * from {{ ref('milestones') }}
),

partner_milestones as (
    select
        partner_milestones.milestone,
        partner_milestones.reached_week,
        tenures.segment,
        tenures.last_tenure_week
    from {{ ref('partner_milestones') }} as partner_milestones
    inner join tenures on partner_milestones.partner_id = tenures.partner_id
),

weeks as (
    select
        segments.segment,
        steps.step as tenure_week,
        segments.partners
    from (
        select segment, count(*) as partners, max(last_tenure_week) as longest
        from tenures
        group by segment
    ) as segments
    cross join {{ steps(2600) }}
    where steps.step <= segments.longest
),

departures as (
    select segment, last_tenure_week + 1 as tenure_week, count(*) as gone
    from tenures
    group by segment, last_tenure_week
),

present as (
    select
        weeks.segment,
        weeks.tenure_week,
        weeks.partners - sum(coalesce(departures.gone, 0)) over (
            partition by weeks.segment order by weeks.tenure_week asc nulls last rows between unbounded preceding and current row
        ) as partners
    from weeks
    left join departures on weeks.segment = departures.segment and weeks.tenure_week = departures.tenure_week
),

changes as (
    select segment, milestone, reached_week as tenure_week, 1 as change from partner_milestones
    union all
    select segment, milestone, last_tenure_week + 1 as tenure_week, -1 as change from partner_milestones
),

weekly_changes as (
    select segment, milestone, tenure_week, sum(change) as change
    from changes
    group by segment, milestone, tenure_week
),

counted as (
    select
        present.segment,
        milestones.milestone,
        present.tenure_week,
        present.partners,
        sum(coalesce(weekly_changes.change, 0)) over (
            partition by present.segment, milestones.milestone
            order by present.tenure_week asc nulls last rows between unbounded preceding and current row
        ) as partners_reached
    from present
    cross join milestones
    left join weekly_changes
        on
            present.segment = weekly_changes.segment
            and milestones.milestone = weekly_changes.milestone
            and present.tenure_week = weekly_changes.tenure_week
)

select
    segment,
    milestone,
    tenure_week,
    cast(partners as integer) as partners,
    cast(partners_reached as integer) as partners_reached,
    {{ if_enough('cast(partners_reached as double) / partners', 'partners') }} as share_reached
from counted
