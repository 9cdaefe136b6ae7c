-- One row per partner with signs of gaming: what they are, and what people have decided about its payments. The
-- newest decision that counts on the scored day holds.
with signals as (
    select * from {{ ref('gaming_of_days') }}
    union all
    select * from {{ ref('gaming_of_records') }}
    union all
    select * from {{ ref('gaming_of_targets') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

flagged as (
    select
        partner_id,
        {{ texts_in_one(
            "signal || ' (' || replace(about, '_', ' ') || '): ' || " ~ value_in_words('observed', "'records'")
            ~ " || ' beside ' || " ~ value_in_words('expected', "'records'") ~ " || ' expected'",
            'signal asc nulls last, about asc nulls last', '; ') }} as signs
    from signals
    where verdict = 'unusual'
    group by partner_id
),

decisions as (
    select
        approvals.*,
        row_number() over (partition by approvals.partner_id order by approvals.approved_on desc nulls last) as newest
    from {{ ref('flag_approvals') }} as approvals
    cross join horizon
    where
        approvals.flag = 'held_payment'
        and approvals.approved_on <= horizon.as_of_on
        and approvals.until_on >= horizon.as_of_on
)

select
    flagged.partner_id,
    flagged.signs,
    case
        when decisions.decision = 'approved' then 'released'
        when decisions.decision = 'refused' then 'refused'
        else 'held'
    end as state,
    decisions.approved_by as decided_by
from flagged
left join decisions on flagged.partner_id = decisions.partner_id and decisions.newest = 1
