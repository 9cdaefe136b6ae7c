-- One row per partner: its attributes as the CRM had them at the end of the last scored week, and the
-- weeks in which it can be scored.
with horizon as (
    select * from {{ ref('score_horizon') }}
),

versions as (
    select
        stg_partners.*,
        coalesce({{ week_start('stg_partners.updated_at') }} <= horizon.as_of_week, true) as is_known
    from {{ ref('stg_crm__partners') }} as stg_partners
    cross join horizon
),

-- The newest version of those that were known by then. A partner of which the CRM says nothing so old is
-- taken as the oldest version has it.
newest as (
    select * from versions
    qualify row_number() over (
        partition by partner_id
        order by
            is_known desc nulls last,
            case when is_known then updated_at end desc nulls last,
            updated_at asc nulls last,
            superseded_at desc nulls first,
            file_id desc nulls last,
            row_number desc nulls last
    ) = 1
)

select
    newest.partner_id,
    newest.partner_name,
    newest.track,
    newest.tier,
    newest.region,
    newest.country,
    newest.industry,
    newest.parent_partner_id,
    {{ week_start('newest.contract_signed_at') }} as contract_week,
    -- A partner is scored up to now, or up to the week in which its contract ended.
    least(
        horizon.as_of_week,
        coalesce({{ week_start('newest.terminated_at') }}, horizon.as_of_week)
    ) as last_week,
    coalesce({{ week_start('newest.terminated_at') }} <= horizon.as_of_week, false) as is_terminated,
    {{ week_start('newest.contract_signed_at') }} > horizon.as_of_week as is_future,
    newest.contract_signed_at,
    newest.terminated_at,
    newest.loaded_at
from newest
cross join horizon
