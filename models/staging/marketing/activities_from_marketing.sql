-- One row per activity that marketing tells of, of every landed version of its record.
{{ config(materialized='view') }}

with touches as (
    select * from {{ ref('stg_marketing__touches') }}
),

commitments as (
    select * from {{ ref('stg_marketing__commitments') }}
),

allocated_funds as (
    {{ with_rates(ref('stg_marketing__funds'), 'allocated_at') }}
),

claimed_funds as (
    {{ with_rates(ref('stg_marketing__funds'), 'claimed_at') }}
),

activities as (
    select {{ activity("'campaign_touch'", 'occurred_at', 'touch_id', 'marketing.touches') }}
    from touches
    union all
    select {{ activity("'commitment_due'", 'due_at', 'commitment_id', 'marketing.commitments') }}
    from commitments
    union all
    -- Kept counts when it was due, so that kept / due compares the same promises.
    select {{ activity("'commitment_kept'", 'delivered_at', 'commitment_id', 'marketing.commitments',
        counted_on='due_at') }}
    from commitments
    where delivered_at <= due_at
    union all
    select {{ activity("'fund_allocated'", 'allocated_at', 'fund_id', 'marketing.funds',
        amount='allocated_amount') }}
    from allocated_funds
    union all
    select {{ activity("'fund_claimed'", 'claimed_at', 'fund_id', 'marketing.funds',
        amount='claimed_amount') }}
    from claimed_funds
    where claimed_at is not null and claimed_amount is not null
)

select * from activities
