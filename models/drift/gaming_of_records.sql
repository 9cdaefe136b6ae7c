-- One row per partner, signal and activity type: what may have been done for the score and not for the
-- business. `identical amounts`: records of the last year that share type and amount. `quarter-end burst`: leads
-- and deals of the last year that came in the last two weeks of a quarter, beside the share among all other
-- partners (binomial).
with horizon as (
    select * from {{ ref('score_horizon') }}
),

numbers as (
    select
        {{ parameter('gaming_deviations') }} as deviations,
        {{ parameter('gaming_least_records') }} as least_records,
        {{ parameter('gaming_least_identical') }} as least_identical
),

records as (
    select
        activities.partner_id,
        activities.activity_type,
        activities.counted_on,
        activities.amount,
        {{ days_between('activities.counted_on', "cast(date_trunc('quarter', " ~ add_days("cast(date_trunc('quarter', activities.counted_on) as date)", 100) ~ ") as date)") }} <= 14
            as is_at_quarter_end
    from {{ ref('activities') }} as activities
    cross join horizon
    where
        activities.counted_on > {{ add_days('horizon.as_of_on', -364) }}
        and activities.counted_on <= horizon.as_of_on
),

amounts as (
    select
        partner_id,
        activity_type,
        amount,
        count(*) as records
    from records
    where amount > 0 and activity_type in ('booking', 'deal_won', 'fund_claimed')
    group by partner_id, activity_type, amount
),

identical as (
    select
        amounts.partner_id,
        'identical amounts' as signal,
        amounts.activity_type,
        cast(sum(amounts.records) as double) as records,
        cast(max(amounts.records) as double) as observed,
        cast(1 as double) as expected,
        -- No two amounts are expected to be the same: the limit is a number of records.
        max(amounts.records) * max(numbers.deviations) / max(numbers.least_identical) as z
    from amounts
    cross join numbers
    group by amounts.partner_id, amounts.activity_type
),

commerce as (
    select
        partner_id,
        cast(count(*) as double) as records,
        cast(count(*) filter (where is_at_quarter_end) as double) as at_end
    from records
    where activity_type in ('lead_submitted', 'deal_registered')
    group by partner_id
),

all_commerce as (
    select sum(records) as records, sum(at_end) as at_end
    from commerce
),

-- Beside the others: a partner's own burst does not make itself usual.
shares as (
    select
        commerce.*,
        (all_commerce.at_end - commerce.at_end) / nullif(all_commerce.records - commerce.records, 0) as share_of_others
    from commerce
    cross join all_commerce
    cross join numbers
    where commerce.records >= numbers.least_records
),

bursts as (
    select
        partner_id,
        'quarter-end burst' as signal,
        'lead_submitted, deal_registered' as activity_type,
        records,
        at_end / records as observed,
        share_of_others as expected,
        {{ binomial_z('at_end', 'records', 'share_of_others') }} as z
    from shares
),

signals as (
    select * from identical
    union all
    select * from bursts
)

select
    signals.partner_id,
    signals.signal,
    signals.activity_type as about,
    case
        when signals.z is null then 'insufficient'
        when signals.z >= numbers.deviations then 'unusual'
        else 'as usual'
    end as verdict,
    cast(signals.records as integer) as records,
    round(signals.observed, 9) as observed,
    round(signals.expected, 9) as expected,
    round(signals.z, 6) as z
from signals
cross join numbers
