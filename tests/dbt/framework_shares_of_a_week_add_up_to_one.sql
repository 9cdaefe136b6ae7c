-- While a version is blended in, both together are one framework, led by one of them. One row per week where not.
select week_start, is_official, sum(share) as shares
from {{ ref('framework_weeks') }}
where is_official
group by week_start, is_official
having abs(sum(share) - 1) > 0.000000001 or count(*) filter (where is_leading) != 1
