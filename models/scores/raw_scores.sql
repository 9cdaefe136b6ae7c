-- One row per partner and week: both outcomes' scores before smoothing, versions in force blended.
with layer_scores as (
    select * from {{ ref('layer_scores') }}
)

select
    partner_id,
    week_start,
    tenure_week,
    segment,
    -- Of equal shares the newer version leads.
    max_by(framework_version, (framework_share, framework_version)) as framework_version
    {%- for outcome in outcomes() %},
    {%- for layer in layers() %}
    -- A mean of scores up to 100 is at most 100, whatever the last digit of a division.
    case
        when sum(framework_share * {{ outcome }}_{{ layer }}_weight) > 0
            then least(sum(framework_share * {{ outcome }}_{{ layer }}_points) / sum(framework_share * {{ outcome }}_{{ layer }}_weight), 100.0)
    end as {{ outcome }}_{{ layer }}_score,
    {%- endfor %}
    sum(framework_share * ({% for layer in layers() %}{{ outcome }}_{{ layer }}_points{{ ' + ' if not loop.last }}{% endfor %})) as {{ outcome }}_raw_score,
    -- A share of 1 is 1, whatever the order in which its parts were added.
    least(round(sum(framework_share * {{ outcome }}_coverage), 9), 1) as {{ outcome }}_coverage
    {%- endfor %}
from layer_scores
group by partner_id, week_start, tenure_week, segment
