-- One row per outcome, metric and direction: what becomes of the scores if this one weight were larger or smaller.
select * from {{ ref('weight_sensitivity') }}
