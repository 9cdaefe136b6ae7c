-- A band changes when the score has been past the cut, by the margin, for the weeks that policy asks.
-- One row per partner, week and outcome in which it changed without.
with scores as (
    {%- for outcome in outcomes() %}
    select
        stable.partner_id,
        stable.week_start,
        raw_scores.tenure_week,
        '{{ outcome }}' as outcome,
        stable.{{ outcome }}_score as score,
        case stable.{{ outcome }}_band when 'high' then 2 when 'medium' then 1 else 0 end as band,
        rules.{{ outcome }}_medium_cut as medium_cut,
        rules.{{ outcome }}_high_cut as high_cut,
        rules.band_change_margin,
        rules.band_change_weeks,
        rules.unscored_weeks
    from {{ ref('stable_scores') }} as stable
    inner join {{ ref('raw_scores') }} as raw_scores
        on stable.partner_id = raw_scores.partner_id and stable.week_start = raw_scores.week_start
    inner join {{ ref('stability_parameters') }} as rules on raw_scores.framework_version = rules.framework_version
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

followed as (
    select
        *,
        lag(band) over (partition by partner_id, outcome order by week_start asc nulls last) as last_band
    from scores
),

changes as (
    select
        *,
        -- The cut that was crossed: the lower end of the new band upwards, its upper end downwards.
        case greatest(band, last_band) when 2 then high_cut else medium_cut end as highest_cut,
        case least(band, last_band) when 0 then medium_cut else high_cut end as lowest_cut
    from followed
    where band != last_band and tenure_week >= unscored_weeks
)

select changes.partner_id, changes.week_start, changes.outcome, changes.last_band, changes.band
from changes
inner join scores
    on
        changes.partner_id = scores.partner_id
        and changes.outcome = scores.outcome
        and changes.tenure_week - changes.band_change_weeks < scores.tenure_week
        and changes.tenure_week >= scores.tenure_week
group by changes.partner_id, changes.week_start, changes.outcome, changes.last_band, changes.band
having
    count(*) filter (
        where
            (changes.band > changes.last_band and scores.score >= changes.highest_cut + changes.band_change_margin)
            or (changes.band < changes.last_band and scores.score < changes.lowest_cut - changes.band_change_margin)
    ) < max(changes.band_change_weeks)
