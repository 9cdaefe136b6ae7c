-- One row per framework, segment, outcome, layer and week of tenure up to the last knot of all.
with knots as (
    -- An outcome's knots are replaced as a whole: a mixture of two sets would be nobody's.
    {{ with_fallback(ref('layer_weights'), ['outcome']) }}
),

long_knots as (
    {%- for layer in layers() %}
    select
        for_version, for_segment, outcome, '{{ layer }}' as layer,
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
        partition by for_version, for_segment, outcome, layer order by tenure_week asc nulls last
    )
),

own as (
    select
        spans.for_version,
        spans.for_segment,
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
),

framework_segments as (
    select * from {{ ref('framework_segments') }}
)

select
    framework_segments.framework,
    framework_segments.segment,
    own.outcome,
    own.layer,
    own.tenure_week,
    {{ pooled('weight') }} as weight
from framework_segments
inner join own
    on framework_segments.framework_version = own.for_version and framework_segments.segment = own.for_segment
inner join own as baseline
    on
        own.for_version = baseline.for_version
        and own.outcome = baseline.outcome
        and own.layer = baseline.layer
        and own.tenure_week = baseline.tenure_week
        and baseline.for_segment = 'baseline'
