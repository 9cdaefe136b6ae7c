-- One row per partner and kind of cohort: the partners with which its path is compared.
{{ config(materialized='view') }}

with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
)

select
    partner_id,
    'segment' as cohort_kind,
    segment as cohort
from partner_segments
union all
select
    partner_id,
    'contract half-year' as cohort_kind,
    {{ half_year('contract_signed_at') }} as cohort
from partners
