-- One row per outcome and rank, the first hundred: partners of whom something else was expected than came, among what
-- came to be known in the last two quarters. The worst miss of a partner stands for all of its months.
with known as (
    select *
    from {{ ref('expected_outcomes') }}
    where
        known_week > {{ add_weeks('(select as_of_week from ' ~ ref('score_horizon') ~ ')', -26) }}
        and known_week <= (select as_of_week from {{ ref('score_horizon') }})
),

missed as (
    select
        *,
        case
            -- An amount is missed by money.
            when expected_amount is not null then abs(amount - expected_amount)
            -- The log loss of one prediction: 0.7 at even odds, 3 where one in twenty was expected.
            else -ln(greatest(case when is_reached then likelihood else 1 - likelihood end, 0.000001))
        end as miss
    from known
),

one_a_partner as (
    select *
    from missed
    qualify row_number() over (
        partition by partner_id, outcome order by round(miss, 6) desc nulls last, week_start desc nulls last
    ) = 1
),

ranked as (
    select
        *,
        cast(row_number() over (
            partition by outcome order by round(miss, 6) desc nulls last, partner_id asc nulls last
        ) as integer) as rank_of_miss
    from one_a_partner
)

select
    outcome,
    rank_of_miss,
    partner_id,
    week_start,
    segment,
    basis,
    score,
    likelihood,
    expected_amount,
    amount,
    is_reached,
    miss,
    known_week
from ranked
where rank_of_miss <= 100
