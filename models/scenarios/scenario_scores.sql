-- One row per partner, outcome and scenario: the raw score of the programme's last week as the scenario has it
-- beside the official one, with plain bands and ranks, both computed by the same engine.
with metric_scores as (
    {{ metric_scores_of(ref('scenario_rows')) }}
),

layer_scores as (
    {{ layer_points_of('metric_scores') }}
),

compared as (
    {{ beside_official('layer_scores', 'scenario') }}
)

select * from compared
