-- One row per origin, quarter and partner: what is expected of it with its interval, or what is missing for that,
-- beside what its open deals promise. At the last scored week every partner under contract has a row; in past
-- quarters those that had a number.
with quarters as (
    select * from {{ ref('forecast_quarters') }}
),

forecast_partners as (
    select * from {{ ref('forecast_partners') }}
),

ranges as (
    select * from {{ ref('forecast_ranges') }}
),

pipeline as (
    select * from {{ ref('pipeline_by_partner') }}
),

pipeline_shares as (
    select * from {{ ref('pipeline_shares') }}
),

predictions as (
    select * from {{ ref('current_predictions') }}
),

under_contract as (
    select
        partners.partner_id,
        partner_segments.segment,
        coalesce(partners.tier, 'none') as tier,
        coalesce(partners.region, 'unknown') as region
    from {{ ref('partners') }} as partners
    inner join {{ ref('partner_segments') }} as partner_segments on partners.partner_id = partner_segments.partner_id
    where not partners.is_terminated and not partners.is_future
),

members as (
    select
        origin_week,
        quarter_start,
        partner_id,
        segment,
        tier,
        region
    from forecast_partners
    union all
    select
        quarters.origin_week,
        quarters.quarter_start,
        under_contract.partner_id,
        under_contract.segment,
        under_contract.tier,
        under_contract.region
    from quarters
    cross join under_contract
    where not quarters.is_past and under_contract.partner_id not in (
        select partner_id from forecast_partners
        where origin_week = (select as_of_week from {{ ref('score_horizon') }})
    )
)

select
    members.origin_week,
    members.quarter_start,
    members.partner_id,
    members.segment,
    members.tier,
    members.region,
    case
        when forecast_partners.partner_id is null
            then coalesce(predictions.revenue_missing, 'there is no prediction to forecast from')
    end as forecast_missing,
    case
        when forecast_partners.partner_id is null then 'as the forecast'
        when ranges.likelihood_tenth is null then 'too few predictions of these weeks ahead have a known outcome'
        when ranges.high_80_ratio = 0 and forecast_partners.booked_revenue = 0
            then 'no revenue in the quarter is the likely outcome (' || {{ likelihood_in_words('ranges.share_without') }} || '), so that an amount has no interval'
    end as interval_missing,
    cast(coalesce(pipeline.open_deals, 0) as integer) as open_deals,
    cast(coalesce(pipeline.stalled_deals, 0) as integer) as stalled_deals,
    forecast_partners.likelihood_tenth,
    forecast_partners.booked_revenue,
    forecast_partners.expected_revenue as remaining_revenue,
    round(forecast_partners.booked_revenue + forecast_partners.expected_revenue, 2) as forecast_revenue
    {%- for name in forecast_quantiles() %},
    case
        when ranges.high_80_ratio > 0 or forecast_partners.booked_revenue > 0
            then round(forecast_partners.booked_revenue + forecast_partners.expected_revenue * ranges.{{ name }}_ratio, 2)
    end as {{ name }}
    {%- endfor %},
    ranges.share_without,
    coalesce(pipeline.pipeline_amount, 0) as pipeline_amount,
    coalesce(pipeline.pipeline_weighted, 0) as pipeline_weighted,
    round(
        coalesce(forecast_partners.booked_revenue, 0) + coalesce(pipeline.pipeline_weighted, 0) / nullif(pipeline_shares.pipeline_share, 0), 2
    ) as pipeline_implied
from members
left join forecast_partners
    on
        members.origin_week = forecast_partners.origin_week
        and members.quarter_start = forecast_partners.quarter_start
        and members.partner_id = forecast_partners.partner_id
left join ranges
    on
        forecast_partners.origin_week = ranges.origin_week
        and forecast_partners.quarter_start = ranges.quarter_start
        and forecast_partners.likelihood_tenth = ranges.likelihood_tenth
left join pipeline
    on
        members.origin_week = pipeline.origin_week
        and members.quarter_start = pipeline.quarter_start
        and members.partner_id = pipeline.partner_id
left join pipeline_shares
    on members.origin_week = pipeline_shares.origin_week and members.quarter_start = pipeline_shares.quarter_start
left join predictions on members.partner_id = predictions.partner_id
