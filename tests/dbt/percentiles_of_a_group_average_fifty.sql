-- Whoever is better than one is worse than another, so percentiles with shared ranks average 50 in any
-- group, and every partner with a score stands in it. One row per group and measure where not.
{%- set groups = ['segment', 'tier', 'region', 'overall'] %}
with peers as (
    {%- for group in groups %}
    select
        '{{ group }}' as peer_group,
        {{ "'all'" if group == 'overall' else group }} as group_name,
        measure,
        {{ group }}_peers as peers,
        {{ group }}_percentile as percentile
    from {{ ref('peer_standing') }}
    where {{ group }}_peers is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select peer_group, group_name, measure
from peers
group by peer_group, group_name, measure
having abs(avg(percentile) - 50) > 0.000001 or count(*) != max(peers)
union all
select 'overall' as peer_group, scores.partner_id as group_name, 'none' as measure
from {{ ref('outcome_scores') }} as scores
inner join {{ ref('partners') }} as partners
    on scores.partner_id = partners.partner_id and scores.week_start = partners.last_week
left join {{ ref('peer_standing') }} as standing
    on scores.partner_id = standing.partner_id and standing.measure = 'revenue_score'
where scores.status in ('provisional', 'published') and standing.partner_id is null
