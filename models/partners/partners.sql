-- One row per partner: its newest attributes and the weeks in which it can be scored.
with versions as (
    select * from {{ ref('stg_crm__partners') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

newest as (
    select * from versions where superseded_at is null
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
