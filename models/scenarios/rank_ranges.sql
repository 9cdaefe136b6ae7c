-- One row per partner and outcome: between which ranks and scores the partner lies when the weights of all metrics
-- are drawn at random around what experts said. Layers keep their shares.
with scores as (
    select * from {{ ref('outcome_scores') }}
    where {{ has_comparable_score('outcome_scores') }} and week_start = (select as_of_week from {{ ref('score_horizon') }})
),

-- Partners times draws are many rows: a number stands for the partner in them.
judged as (
    select
        metric_scores.partner_id,
        cast(row_number() over (order by metric_scores.partner_id asc nulls last) as integer) as partner_number
        {%- for metric in metrics() %},
        metric_scores.{{ metric.name }}__score
        {%- endfor %}
        {%- for outcome in outcomes() %}
        {%- for layer in layers() %},
        weights.{{ outcome }}__{{ layer }}
        {%- for metric in metrics_of(outcome, layer) %},
        weights.{{ outcome }}__{{ metric.name }}
        {%- endfor %}
        {%- endfor %},
        scores.{{ outcome }}_overlay,
        scores.{{ outcome }}_raw_score,
        rank() over (order by round(scores.{{ outcome }}_raw_score, 9) desc nulls last) as {{ outcome }}_rank
        {%- endfor %}
    from {{ ref('explained_weeks') }} as metric_scores
    inner join {{ ref('effective_weights_wide') }} as weights
        on
            metric_scores.framework = weights.framework
            and metric_scores.segment = weights.segment
            and metric_scores.weights_week = weights.tenure_week
    inner join scores on metric_scores.partner_id = scores.partner_id
    where
        metric_scores.weeks_back = 0
        and metric_scores.is_leading
        and metric_scores.week_start = (select as_of_week from {{ ref('score_horizon') }})
)
{%- for outcome in outcomes() %},

drawn_{{ outcome }} as (
    select
        judged.partner_number,
        weight_draws.draw,
        least(greatest(
            0 {% for layer in layers() if metrics_of(outcome, layer) -%}
            + judged.{{ outcome }}__{{ layer }} * coalesce((
                0 {% for metric in metrics_of(outcome, layer) -%}
                + weight_draws.{{ outcome }}__{{ metric.name }} * judged.{{ outcome }}__{{ metric.name }} * judged.{{ metric.name }}__score
                {% endfor -%}
            ) / nullif(
                0 {% for metric in metrics_of(outcome, layer) -%}
                + weight_draws.{{ outcome }}__{{ metric.name }} * judged.{{ outcome }}__{{ metric.name }}
                {% endfor -%}, 0
            ), 0)
            {% endfor -%}
            + judged.{{ outcome }}_overlay, 0
        ), 100) as score
    from judged
    cross join {{ ref('weight_draws') }} as weight_draws
),

ranked_{{ outcome }} as (
    select
        partner_number,
        score,
        cast(rank() over (partition by draw order by round(score, 9) desc nulls last) as integer) as score_rank
    from drawn_{{ outcome }}
),

ranges_{{ outcome }} as (
    select
        partner_number,
        cast(count(*) as integer) as draws,
        percentile_cont(0.1) within group (order by score_rank) as rank_tenth,
        percentile_cont(0.5) within group (order by score_rank) as rank_median,
        percentile_cont(0.9) within group (order by score_rank) as rank_ninetieth,
        percentile_cont(0.1) within group (order by score) as score_tenth,
        percentile_cont(0.9) within group (order by score) as score_ninetieth
    from ranked_{{ outcome }}
    group by partner_number
)
{%- endfor %}

{% for outcome in outcomes() -%}
select
    judged.partner_id,
    '{{ outcome }}' as outcome,
    ranges.draws,
    cast(judged.{{ outcome }}_rank as integer) as official_rank,
    ranges.rank_tenth,
    ranges.rank_median,
    ranges.rank_ninetieth,
    judged.{{ outcome }}_raw_score as official_score,
    ranges.score_tenth,
    ranges.score_ninetieth
from judged
inner join ranges_{{ outcome }} as ranges on judged.partner_number = ranges.partner_number
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
