-- One row per framework version, measure and week: how far the partners' values have moved from those of the
-- reference week. Index: sum over bins of (p - q) x ln(p / q), half a partner added to each bin. Without any change
-- index / (1/n + 1/m) is about chi-square with bins - 1 degrees of freedom, so what is chance depends on n
-- (Yurdakul and Naranjo 2020, J. Risk Model Validation 14(4)).
with weeks as (
    select * from {{ ref('stability_weeks') }}
),

watched as (
    select * from {{ ref('watched_values') }}
),

-- The edges of a measure side by side: at most nine, as they are deciles.
edges as (
    select
        framework_version,
        measure,
        count(*) + 1 as bins
        {%- for number in range(1, 10) %},
        max(edge) filter (where edge_number = {{ number }}) as edge_{{ number }}
        {%- endfor %}
    from {{ ref('frozen_edges') }}
    group by framework_version, measure
),

numbers as (
    select
        {{ parameter('drift_least_partners') }} as least_partners,
        {{ parameter('drift_population_deviations') }} as deviations,
        {{ parameter('drift_population_moved') }} as moved,
        {{ parameter('drift_population_shifted') }} as shifted
),

-- A reference week is held against many: its partners are counted once.
looked_at as (
    select framework_version, week_start from weeks
    union
    select framework_version, reference_week as week_start from weeks
),

-- A value lies in the bin after the last edge below it; an edge belongs to the bin that it ends.
binned as (
    select
        looked_at.framework_version,
        looked_at.week_start,
        watched.measure,
        edges.bins,
        {%- for number in range(1, 10) %}
        {{ '+ ' if not loop.first }}case when watched.measured > edges.edge_{{ number }} then 1 else 0 end
        {%- endfor %} as bin
    from looked_at
    inner join watched on looked_at.week_start = watched.week_start
    inner join edges
        on looked_at.framework_version = edges.framework_version and watched.measure = edges.measure
),

counted as (
    select
        framework_version,
        week_start,
        measure,
        bins,
        bin,
        -- Whole numbers and 0.5 would make a decimal of six digits of a share on Spark.
        cast(count(*) as double) as partners
    from binned
    group by framework_version, week_start, measure, bins, bin
),

sizes as (
    select
        framework_version,
        week_start,
        measure,
        bins,
        sum(partners) as partners
    from counted
    group by framework_version, week_start, measure, bins
),

every_bin as (
    select
        weeks.framework_version,
        weeks.week_start,
        sizes_now.measure,
        sizes_now.bins,
        sizes_before.partners as all_before,
        sizes_now.partners as all_now,
        (coalesce(before.partners, 0) + 0.5) / (sizes_before.partners + 0.5 * sizes_now.bins) as share_before,
        (coalesce(now.partners, 0) + 0.5) / (sizes_now.partners + 0.5 * sizes_now.bins) as share_now
    from weeks
    inner join sizes as sizes_now
        on weeks.framework_version = sizes_now.framework_version and weeks.week_start = sizes_now.week_start
    inner join sizes as sizes_before
        on
            weeks.framework_version = sizes_before.framework_version
            and weeks.reference_week = sizes_before.week_start
            and sizes_now.measure = sizes_before.measure
    cross join {{ steps(10) }}
    left join counted as before
        on
            weeks.framework_version = before.framework_version
            and weeks.reference_week = before.week_start
            and sizes_now.measure = before.measure
            and steps.step = before.bin
    left join counted as now
        on
            weeks.framework_version = now.framework_version
            and weeks.week_start = now.week_start
            and sizes_now.measure = now.measure
            and steps.step = now.bin
    where steps.step < sizes_now.bins
),

summed as (
    select
        framework_version,
        week_start,
        measure,
        bins,
        all_before as partners_before,
        all_now as partners_now,
        round(sum((share_now - share_before) * ln(share_now / share_before)), 9) as stability_index
    from every_bin
    group by framework_version, week_start, measure, bins, all_before, all_now
),

limited as (
    select
        summed.*,
        numbers.least_partners,
        numbers.moved,
        numbers.shifted,
        {{ chi_square_limit('(summed.bins - 1)', 'numbers.deviations') }} * (1.0 / summed.partners_before + 1.0 / summed.partners_now) as chance_limit
    from summed
    cross join numbers
    where summed.bins > 1
)

select
    limited.framework_version,
    limited.measure,
    limited.week_start,
    case
        when limited.partners_before < limited.least_partners or limited.partners_now < limited.least_partners then 'insufficient'
        when limited.stability_index < limited.moved then 'stable'
        when limited.stability_index < limited.chance_limit then 'moved, perhaps by chance'
        when limited.stability_index < limited.shifted then 'moved'
        else 'shifted'
    end as verdict,
    cast(limited.partners_before as integer) as partners_before,
    cast(limited.partners_now as integer) as partners_now,
    cast(limited.bins as integer) as bins,
    limited.stability_index,
    round(limited.chance_limit, 9) as chance_limit,
    weeks.reference_week
from limited
inner join weeks on limited.framework_version = weeks.framework_version and limited.week_start = weeks.week_start
