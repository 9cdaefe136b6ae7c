-- The weights of a score add up to one. One row per version, segment, outcome and week of tenure where not.
select framework, segment, outcome, tenure_week, sum(weight) as weights
from {{ ref('effective_weights') }}
group by framework, segment, outcome, tenure_week
having abs(sum(weight) - 1) > 0.000000001
