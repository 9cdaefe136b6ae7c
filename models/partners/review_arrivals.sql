-- One row per partner and week that a profile or rating of it tells of: when one of them, or a version of it, arrived
-- last. It decides what a run computes, and never what comes of it.
{{ config(materialized='view') }}

with arrivals as (
    select partner_id, {{ week_start('profiled_at') }} as week_start, changed_at from {{ ref('stg_accounts__profiles') }}
    union all
    select partner_id, {{ week_start('rated_at') }} as week_start, changed_at from {{ ref('stg_feedback__ratings') }}
)

select partner_id, week_start, max(changed_at) as changed_at
from arrivals
group by partner_id, week_start
