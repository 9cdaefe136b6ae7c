-- Each knot shares out the whole score, from the first day on. One row per knot or outcome that does not.
select framework_version, segment, outcome, tenure_week
from {{ ref('layer_weights') }}
where abs(strategy + execution + results - 1) > 0.000000001
union all
select framework_version, segment, outcome, min(tenure_week) as tenure_week
from {{ ref('layer_weights') }}
where segment = 'baseline'
group by framework_version, segment, outcome
having min(tenure_week) != 0
