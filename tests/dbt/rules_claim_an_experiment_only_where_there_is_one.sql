-- What a rule expects rests on an experiment only where one tests its action. One row per rule that says otherwise.
select rules.rule, rules.intervention
from {{ ref('intervention_rules') }} as rules
inner join {{ ref('interventions') }} as interventions on rules.intervention = interventions.intervention
left join {{ ref('experiments') }} as experiments
    on interventions.experiment = experiments.experiment or interventions.intervention = experiments.intervention
where rules.evidence = 'experiment' and experiments.experiment is null
