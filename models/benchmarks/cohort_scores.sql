-- One row per cohort and week of tenure: how many of its partners had a score then, and its quartiles.
with outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

cohort_members as (
    select * from {{ ref('cohort_members') }}
),

aggregated as (
    select
        cohort_members.cohort_kind,
        cohort_members.cohort,
        outcome_scores.tenure_week,
        cast(count(*) as integer) as partners
        {%- for outcome in outcomes() %}
        {%- for name, share in quartiles().items() %},
        {{ quantile_of('outcome_scores.' ~ outcome ~ '_score', share) }} as {{ outcome }}_{{ name }}
        {%- endfor %}
        {%- endfor %}
    from outcome_scores
    inner join cohort_members on outcome_scores.partner_id = cohort_members.partner_id
    where {{ has_comparable_score('outcome_scores') }}
    group by cohort_members.cohort_kind, cohort_members.cohort, outcome_scores.tenure_week
)

select
    cohort_kind,
    cohort,
    tenure_week,
    partners
    {%- for outcome in outcomes() %}
    {%- for name in quartiles() %},
    {{ if_enough(outcome ~ '_' ~ name, 'partners') }} as {{ outcome }}_{{ name }}
    {%- endfor %}
    {%- endfor %}
from aggregated
