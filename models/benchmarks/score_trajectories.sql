-- One row per partner and week of its tenure: its scores beside the quartiles of its segment in that week of tenure.
{{ config(materialized='view') }}

with outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

cohort_scores as (
    select * from {{ ref('cohort_scores') }} where cohort_kind = 'segment'
)

select
    outcome_scores.partner_id,
    outcome_scores.week_start,
    outcome_scores.segment,
    outcome_scores.status
    {%- for outcome in outcomes() %},
    case
        when {{ has_comparable_score('outcome_scores') }}
            then {{ position_of('outcome_scores.' ~ outcome ~ '_score', 'cohort_scores.' ~ outcome ~ '_lower_quartile',
                'cohort_scores.' ~ outcome ~ '_upper_quartile') }}
    end as {{ outcome }}_position
    {%- endfor %},
    outcome_scores.tenure_week,
    coalesce(cohort_scores.partners, 0) as cohort_partners
    {%- for outcome in outcomes() %},
    outcome_scores.{{ outcome }}_score
    {%- for name in quartiles() %},
    cohort_scores.{{ outcome }}_{{ name }}
    {%- endfor %}
    {%- endfor %}
from outcome_scores
left join cohort_scores
    on outcome_scores.segment = cohort_scores.cohort and outcome_scores.tenure_week = cohort_scores.tenure_week
