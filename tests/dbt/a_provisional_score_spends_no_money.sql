-- What costs money waits for a published score. One row per recommended action that does not.
select actions.partner_id, actions.intervention, situations.status
from {{ ref('chosen_actions') }} as actions
inner join {{ ref('partner_situations') }} as situations on actions.partner_id = situations.partner_id
inner join {{ ref('interventions') }} as interventions on actions.intervention = interventions.intervention
where interventions.spends_money and situations.status != 'published'
