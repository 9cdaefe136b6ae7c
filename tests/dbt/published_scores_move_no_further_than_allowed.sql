-- The guardrail holds in every week. One row per partner, week and outcome in which a score jumped.
with scores as (
    {%- for outcome in outcomes() %}
    select
        stable.partner_id,
        stable.week_start,
        '{{ outcome }}' as outcome,
        stable.{{ outcome }}_score as score,
        lag(stable.{{ outcome }}_score) over (
            partition by stable.partner_id order by stable.week_start asc nulls last
        ) as last_score,
        case when raw_scores.tenure_week < rules.ramp_weeks then rules.most_move_ramp else rules.most_move end as most_move
    from {{ ref('stable_scores') }} as stable
    inner join {{ ref('raw_scores') }} as raw_scores
        on stable.partner_id = raw_scores.partner_id and stable.week_start = raw_scores.week_start
    inner join {{ ref('stability_parameters') }} as rules on raw_scores.framework_version = rules.framework_version
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select *
from scores
where abs(score - last_score) > most_move + 0.000000001
