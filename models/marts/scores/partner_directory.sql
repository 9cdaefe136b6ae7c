-- One row per partner: who it is, its segment and its contract.
with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
)

select
    partners.partner_id,
    partners.partner_name,
    partner_segments.segment,
    partners.track,
    partners.tier,
    partners.region,
    partners.country,
    partners.industry,
    {{ half_year('partners.contract_signed_at') }} as intake,
    partners.parent_partner_id,
    partners.is_terminated,
    partners.contract_signed_at,
    partners.terminated_at
from partners
inner join partner_segments on partners.partner_id = partner_segments.partner_id
