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

edges as (
    select * from {{ ref('frozen_edges') }}
),

numbers as (
    select
        {{ parameter('drift_least_partners') }} as least_partners,
        {{ parameter('drift_population_deviations') }} as deviations,
        {{ parameter('drift_population_moved') }} as moved,
        {{ parameter('drift_population_shifted') }} as shifted
),

-- A value lies in the bin after the last edge below it; an edge belongs to the bin that it ends.
binned as (
    select
        weeks.framework_version,
        weeks.week_start,
        watched.measure,
        watched.partner_id,
        watched.week_start = weeks.reference_week as is_reference,
        count(edges.edge) as bin
    from weeks
    inner join watched on weeks.week_start = watched.week_start or weeks.reference_week = watched.week_start
    left join edges
        on
            weeks.framework_version = edges.framework_version
            and watched.measure = edges.measure
            and watched.measured > edges.edge
    group by weeks.framework_version, weeks.week_start, watched.measure, watched.partner_id, watched.week_start, weeks.reference_week
),

bins as (
    select framework_version, measure, count(*) + 1 as bins
    from edges
    group by framework_version, measure
),

counted as (
    select
        binned.framework_version,
        binned.week_start,
        binned.measure,
        binned.bin,
        -- Whole numbers and 0.5 would make a decimal of six digits of a share on Spark.
        cast(count(*) filter (where binned.is_reference) as double) as before,
        cast(count(*) filter (where not binned.is_reference) as double) as now
    from binned
    group by binned.framework_version, binned.week_start, binned.measure, binned.bin
),

every_bin as (
    select
        sizes.framework_version,
        sizes.week_start,
        sizes.measure,
        bins.bins,
        sizes.all_before,
        sizes.all_now,
        (coalesce(counted.before, 0) + 0.5) / (sizes.all_before + 0.5 * bins.bins) as share_before,
        (coalesce(counted.now, 0) + 0.5) / (sizes.all_now + 0.5 * bins.bins) as share_now
    from (
        select
            framework_version,
            week_start,
            measure,
            sum(before) as all_before,
            sum(now) as all_now
        from counted
        group by framework_version, week_start, measure
    ) as sizes
    inner join bins on sizes.framework_version = bins.framework_version and sizes.measure = bins.measure
    cross join {{ steps(10) }}
    left join counted
        on
            sizes.framework_version = counted.framework_version
            and sizes.week_start = counted.week_start
            and sizes.measure = counted.measure
            and steps.step = counted.bin
    where steps.step < bins.bins
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
    where summed.bins > 1 and summed.partners_before > 0 and summed.partners_now > 0
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
