-- Nobody is left without an answer, and nobody gets more than the rule. One row per partner that does.
select
    partners.partner_id,
    count(actions.partner_id) as actions
from {{ ref('partners') }} as partners
left join {{ ref('chosen_actions') }} as actions on partners.partner_id = actions.partner_id
group by partners.partner_id
having
    count(actions.partner_id) not between 1 and {{ decision_parameter('most_actions') }}
    or max(actions.place) != count(actions.partner_id)
    or (count(*) filter (where actions.state = 'no action') > 0 and count(*) > 1)
