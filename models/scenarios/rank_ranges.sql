-- One row per partner and outcome: between which ranks and scores the partner lies when all weights of its framework
-- are drawn at random around what experts said.
with drawn as (
    select
        metric_scores.partner_id,
        weight_draws.draw
        {%- for outcome in outcomes() %},
        0 {% for layer in layers() if metrics_of(outcome, layer) -%}
        + weights.{{ outcome }}__{{ layer }} * coalesce((
            0 {% for metric in metrics_of(outcome, layer) -%}
            + weight_draws.{{ outcome }}__{{ metric.name }} * weights.{{ outcome }}__{{ metric.name }} * metric_scores.{{ metric.name }}__score
            {% endfor -%}
        ) / nullif(
            0 {% for metric in metrics_of(outcome, layer) -%}
            + weight_draws.{{ outcome }}__{{ metric.name }} * weights.{{ outcome }}__{{ metric.name }}
            {% endfor -%}, 0
        ), 0)
        {% endfor -%} as {{ outcome }}_points
        {%- endfor %}
    from {{ ref('explained_weeks') }} as metric_scores
    inner join {{ ref('effective_weights_wide') }} as weights
        on
            metric_scores.framework = weights.framework
            and metric_scores.segment = weights.segment
            and metric_scores.weights_week = weights.tenure_week
    cross join {{ ref('weight_draws') }} as weight_draws
    where
        metric_scores.weeks_back = 0
        and metric_scores.is_leading
        and metric_scores.week_start = (select as_of_week from {{ ref('score_horizon') }})
),

raw_scores as (
    select * from {{ ref('raw_scores') }}
    where week_start = (select as_of_week from {{ ref('score_horizon') }})
),

scored as (
    {%- for outcome in outcomes() %}
    select
        drawn.partner_id,
        drawn.draw,
        '{{ outcome }}' as outcome,
        raw_scores.{{ outcome }}_raw_score as official_score,
        least(greatest(drawn.{{ outcome }}_points + raw_scores.{{ outcome }}_overlay, 0), 100) as drawn_score
    from drawn
    inner join raw_scores on drawn.partner_id = raw_scores.partner_id
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

ranked as (
    select
        *,
        rank() over (partition by outcome, draw order by round(official_score, 9) desc nulls last) as official_rank,
        rank() over (partition by outcome, draw order by round(drawn_score, 9) desc nulls last) as drawn_rank
    from scored
)

select
    partner_id,
    outcome,
    cast(count(*) as integer) as draws,
    cast(max(official_rank) as integer) as official_rank,
    percentile_cont(0.1) within group (order by drawn_rank) as rank_tenth,
    percentile_cont(0.5) within group (order by drawn_rank) as rank_median,
    percentile_cont(0.9) within group (order by drawn_rank) as rank_ninetieth,
    max(official_score) as official_score,
    percentile_cont(0.1) within group (order by drawn_score) as score_tenth,
    percentile_cont(0.9) within group (order by drawn_score) as score_ninetieth
from ranked
group by partner_id, outcome
