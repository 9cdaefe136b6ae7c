-- One row per partner, week and outcome whose window has passed: what came of it, and the week at whose
-- end that was known. Looks forward, and is read by what judges predictions alone.
{{ config(materialized='view') }}

with partner_weeks as (
    select partner_id, week_start from {{ ref('partner_weeks') }}
),

labels as (
    {{ labels_of('partner_weeks') }}
)

select
    partner_id,
    week_start,
    outcome,
    amount,
    is_reached,
    known_week
from labels
