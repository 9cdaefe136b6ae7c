-- One row per framework version, segment, outcome, layer and week of tenure up to the last knot of all.
with knots as (
    {{ with_fallback(ref('layer_weights'), ['outcome', 'tenure_week']) }}
),

long_knots as (
    {%- for layer in layers() %}
    select
        framework_version, for_segment as segment, outcome, '{{ layer }}' as layer,
        tenure_week, cast({{ layer }} as double) as weight
    from knots
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

-- What the last knot says holds on. All run to the last week of any, so that a week has every outcome.
last_knot as (
    select max(tenure_week) as tenure_week from knots
),

spans as (
    select
        *,
        lead(tenure_week) over knots_in_order as next_week,
        lead(weight) over knots_in_order as next_weight
    from long_knots
    window knots_in_order as (
        partition by framework_version, segment, outcome, layer order by tenure_week asc nulls last
    )
)

select
    spans.framework_version,
    spans.segment,
    spans.outcome,
    spans.layer,
    steps.step as tenure_week,
    -- A straight line from knot to knot, so that no birthday moves a score.
    case
        when spans.next_week is null then spans.weight
        else spans.weight + (spans.next_weight - spans.weight)
            * (steps.step - spans.tenure_week) / cast(spans.next_week - spans.tenure_week as double)
    end as weight
from spans
cross join last_knot
inner join {{ steps(2600) }}
    on
        spans.tenure_week <= steps.step
        and coalesce(spans.next_week, last_knot.tenure_week + 1) > steps.step
