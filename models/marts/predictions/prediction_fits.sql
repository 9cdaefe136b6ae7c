-- One row per origin, segment and outcome: what its prediction was made of. A curve that was learnt on scores of other
-- framework versions is read with scores of this one.
with fits as (
    select * from {{ ref('outcome_fits') }}
),

leading_versions as (
    select framework_version, min(week_start) as first_week, max(week_start) as last_week
    from {{ ref('framework_weeks') }}
    where is_official and is_leading
    group by framework_version
),

learnt_from as (
    select
        fits.origin_week,
        fits.segment,
        fits.outcome,
        {{ texts_in_one('cast(leading_versions.framework_version as ' ~ dbt.type_string() ~ ')', 'leading_versions.framework_version asc nulls last') }} as versions
    from fits
    inner join leading_versions
        on fits.first_week <= leading_versions.last_week and fits.last_week >= leading_versions.first_week
    group by fits.origin_week, fits.segment, fits.outcome
)

select
    fits.origin_week,
    fits.segment,
    fits.outcome,
    fits.method,
    fits.basis,
    fits.framework_version,
    learnt_from.versions as fitted_versions,
    fits.partners,
    fits.events,
    fits.independent_events,
    fits.own_share,
    fits.logistic_loss,
    fits.isotonic_loss,
    fits.amounts,
    fits.amount_intercept,
    fits.amount_slope,
    fits.amount_factor,
    fits.is_newest,
    fits.first_week,
    fits.last_week,
    fits.available_from
from fits
left join learnt_from
    on
        fits.origin_week = learnt_from.origin_week
        and fits.segment = learnt_from.segment
        and fits.outcome = learnt_from.outcome
