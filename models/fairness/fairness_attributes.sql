-- One row per partner, week that fairness looks at and attribute: the value that the partner had then. Size is
-- the third of the partners under contract by matched accounts: of what is known it is the only figure that the
-- partnership itself does not make, as certified people and revenue are.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

partners as (
    select * from {{ ref('partners') }}
),

weeks as (
    select partner_id, week_start from {{ ref('fairness_observations') }}
    union
    select partner_id, last_week as week_start from partners
    where not is_terminated and last_week = (select as_of_week from horizon)
),

tiers as (
    select * from {{ ref('partner_segment_history') }}
),

profiles as (
    select * from {{ ref('partner_profiles') }} where matched_accounts is not null
),

-- Thirds are of everybody under contract in the week, whoever of them is looked at.
sized as (
    select
        partner_calendar.partner_id,
        partner_calendar.week_start,
        ntile(3) over (
            partition by partner_calendar.week_start order by profiles.matched_accounts asc nulls last, partner_calendar.partner_id asc nulls last
        ) as third
    from {{ ref('partner_calendar') }} as partner_calendar
    inner join profiles
        on
            partner_calendar.partner_id = profiles.partner_id
            and partner_calendar.week_start >= profiles.first_week
            and partner_calendar.week_start < profiles.until_week
    where partner_calendar.week_start in (select week_start from weeks)
),

described as (
    select
        weeks.partner_id,
        weeks.week_start,
        coalesce(partners.region, 'unknown') as region,
        coalesce(tiers.tier, 'none') as tier,
        case sized.third
            when 1 then 'small'
            when 2 then 'medium'
            when 3 then 'large'
            else 'unknown'
        end as size
    from weeks
    inner join partners on weeks.partner_id = partners.partner_id
    left join tiers
        on
            weeks.partner_id = tiers.partner_id
            and weeks.week_start >= tiers.first_week
            and weeks.week_start < tiers.until_week
    left join sized on weeks.partner_id = sized.partner_id and weeks.week_start = sized.week_start
)

{%- for attribute in ['region', 'size', 'tier'] %}
select partner_id, week_start, '{{ attribute }}' as attribute, {{ attribute }} as group_name
from described
{% if not loop.last %}union all{% endif %}
{%- endfor %}
