-- What ran out, or what nobody approved, is not in force. One row per flag that is all the same.
select states.partner_id, states.rule, states.state, states.expires_on
from {{ ref('lifecycle_states') }} as states
cross join {{ ref('score_horizon') }} as horizon
where
    states.state = 'active'
    and (states.decided_by is null or states.expires_on < horizon.as_of_on or states.raised_on > horizon.as_of_on)
