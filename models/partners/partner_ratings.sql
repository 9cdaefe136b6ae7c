-- One row per rating of a partner by a rater on a dimension and the weeks for which it counts.
with ratings as (
    select
        partner_id,
        dimension,
        -- Where raters are not told apart, each rating is a voice of its own.
        coalesce(rater_id, rating_id) as rater,
        cast(rating as double) as rating,
        rating_id,
        rated_at,
        {{ week_start('rated_at') }} as first_week
    from {{ ref('stg_feedback__ratings') }}
    where superseded_at is null
),

latest_of_week as (
    select * from ratings
    qualify row_number() over (
        partition by partner_id, rater, dimension, first_week
        order by rated_at desc nulls last, rating_id asc nulls last
    ) = 1
)

select
    partner_id,
    rater,
    dimension,
    rating,
    first_week,
    least(
        coalesce(
            lead(first_week) over (
                partition by partner_id, rater, dimension order by first_week asc nulls last
            ),
            cast('9999-12-27' as date)
        ),
        {{ week_start(add_days('cast(rated_at as date)', "cast(" ~ parameter('rating_valid_days') ~ " as integer)")) }}
    ) as until_week
from latest_of_week
