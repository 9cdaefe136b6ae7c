-- A rule names the milestone, or the score and the gain, that earns it, and nothing else. One row per rule that does not.
select rule, earned_by, milestone, score, least_gain
from {{ ref('incentive_rules') }}
where
    (earned_by = 'milestone') != (milestone is not null)
    or (earned_by = 'improvement') != (score is not null)
    or (score is null) != (least_gain is null)
    or (is_in_time_only and milestone is null)
