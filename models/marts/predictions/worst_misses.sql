-- One row per outcome and rank: what was missed most, with the partner's name and what its score said.
with misses as (
    select * from {{ ref('prediction_misses') }}
),

partners as (
    select * from {{ ref('partners') }}
)

select
    misses.*,
    partners.partner_name
from misses
inner join partners on misses.partner_id = partners.partner_id
