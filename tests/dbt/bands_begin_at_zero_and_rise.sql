-- Low begins at 0, medium above it, high above medium. One row per version and outcome where not.
with bands as (
    select
        for_version,
        outcome,
        max(lower_bound) filter (where band = 'low') as low_bound,
        max(lower_bound) filter (where band = 'medium') as medium_bound,
        max(lower_bound) filter (where band = 'high') as high_bound
    from ({{ in_version(ref('score_bands'), ['outcome', 'band']) }})
    group by for_version, outcome
)

select *
from bands
where not coalesce(low_bound = 0 and medium_bound > 0 and high_bound > medium_bound, false)
