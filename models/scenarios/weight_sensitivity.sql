-- One row per outcome, metric and direction: what becomes of the scores of the last week if the weight of this one
-- metric in its layer is so much larger or smaller and all else stays.
with contributions as (
    select * from {{ ref('score_contributions') }}
    where weeks_back = 0 and week_start = (select as_of_week from {{ ref('score_horizon') }})
),

scores as (
    select * from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }} and week_start = (select as_of_week from {{ ref('score_horizon') }})
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

official as (
    {%- for outcome in outcomes() %}
    select
        scores.partner_id,
        scores.week_start,
        '{{ outcome }}' as outcome,
        scores.{{ outcome }}_raw_score as score,
        scores.{{ outcome }}_overlay as overlay,
        cast(rules.{{ outcome }}_medium_cut as double) as medium_cut,
        cast(rules.{{ outcome }}_high_cut as double) as high_cut
    from scores
    inner join rules on scores.framework_version = rules.framework_version
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

in_layers as (
    select
        *,
        sum(weight) over in_layer as layer_weight,
        sum(contribution) over in_layer as layer_points
    from contributions
    window in_layer as (partition by partner_id, outcome, layer)
),

directions as (
    select 'more' as direction, cast({{ parameter('sensitivity_share') }} as double) as change
    union all
    select 'less' as direction, -cast({{ parameter('sensitivity_share') }} as double) as change
),

-- Whichever direction a weight moves in, the partners that it counts for are the same.
judged as (
    select
        in_layers.outcome,
        in_layers.metric,
        in_layers.layer,
        in_layers.weight,
        in_layers.contribution,
        in_layers.layer_weight,
        in_layers.layer_points,
        official.score,
        official.medium_cut,
        official.high_cut,
        rank() over (
            partition by in_layers.outcome, in_layers.metric
            order by round(official.score, 9) desc nulls last
        ) as score_rank
    from in_layers
    inner join official
        on
            in_layers.partner_id = official.partner_id
            and in_layers.week_start = official.week_start
            and in_layers.outcome = official.outcome
    where in_layers.weight > 0
),

moved as (
    -- The layer's score with one weight changed, its weights adding up to the layer's again.
    select
        judged.outcome,
        judged.metric,
        judged.layer,
        directions.direction,
        judged.score,
        judged.score_rank,
        judged.medium_cut,
        judged.high_cut,
        least(greatest(
            judged.score - judged.layer_points
            + (judged.layer_points + directions.change * judged.contribution)
            / (1 + directions.change * judged.weight / judged.layer_weight), 0
        ), 100) as moved_score
    from judged
    cross join directions
),

ranked as (
    select
        outcome,
        metric,
        layer,
        direction,
        score,
        score_rank,
        moved_score,
        (score >= medium_cut) != (moved_score >= medium_cut) or (score >= high_cut) != (moved_score >= high_cut) as changes_band,
        rank() over (partition by outcome, metric, direction order by round(moved_score, 9) desc nulls last) as moved_rank
    from moved
)

select
    outcome,
    metric,
    direction,
    max(layer) as layer,
    cast(count(*) as integer) as partners,
    avg(abs(moved_score - score)) as mean_move,
    max(abs(moved_score - score)) as most_move,
    cast(count(*) filter (where changes_band) as integer) as bands_changed,
    cast(max(abs(moved_rank - score_rank)) as integer) as most_ranks_moved,
    corr(score_rank, moved_rank) as rank_correlation
from ranked
group by outcome, metric, direction
