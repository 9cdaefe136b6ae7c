-- One row per intervention that was recommended: what, for whom, whether it was taken, and what followed.
with follow_ups as (
    select * from {{ ref('intervention_follow_ups') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    follow_ups.*,
    partners.partner_name
from follow_ups
inner join partners on follow_ups.partner_id = partners.partner_id
