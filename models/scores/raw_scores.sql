-- One row per partner and week: both outcomes' scores before smoothing, official versions blended.
with blended as (
    -- Most weeks have one version in force; only where two are blended is there anything to add up.
    select
        partner_id,
        week_start,
        tenure_week,
        segment,
        leading_version
        {{- blended_columns(as_it_is) }}
    from {{ ref('layer_scores') }}
    where is_official and framework_share = 1
    union all
    select
        partner_id,
        week_start,
        tenure_week,
        segment,
        leading_version
        {{- blended_columns(summed) }}
    from {{ ref('layer_scores') }}
    where is_official and framework_share < 1
    group by partner_id, week_start, tenure_week, segment, leading_version
),

scored as (
    select
        *
        {%- for outcome in outcomes() %},
        {{ raw_score(outcome, outcome ~ '_overlay_asked') }} as {{ outcome }}_raw_score
        {%- endfor %}
    from blended
)

select
    partner_id,
    week_start,
    tenure_week,
    segment,
    leading_version as framework_version
    {%- for outcome in outcomes() %},
    {%- for layer in layers() %}
    -- A mean of scores up to 100 is at most 100, whatever the last digit of a division.
    case
        when {{ outcome }}_{{ layer }}_weight > 0 then least({{ outcome }}_{{ layer }}_points / {{ outcome }}_{{ layer }}_weight, 100.0)
    end as {{ outcome }}_{{ layer }}_score,
    {%- endfor %}
    {{ outcome }}_raw_score,
    -- What the overlay really moved: a score ends at 0 and at 100.
    {{ outcome }}_raw_score - {{ points_of_layers(outcome) }} as {{ outcome }}_overlay,
    -- A share of 1 is 1, whatever the order in which its parts were added.
    least(round({{ outcome }}_coverage, 9), 1) as {{ outcome }}_coverage,
    least(round({{ outcome }}_confidence, 9), 1) as {{ outcome }}_confidence
    {%- endfor %}
from scored
-- Sorted by week of tenure, a step of the recursion that follows reads one of them and not all.
order by tenure_week asc nulls last, partner_id asc nulls last
