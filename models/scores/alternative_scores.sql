-- One row per partner, outcome and framework that is not official (a proposed version, or the newest
-- one by the other method): the raw score of the programme's last week beside the official one, with
-- plain bands and ranks, both computed by the same engine.
with alternatives as (
    select * from {{ ref('layer_scores') }} where not is_official
),

compared as (
    {{ beside_official('alternatives', 'alternative') }}
)

select * from compared
