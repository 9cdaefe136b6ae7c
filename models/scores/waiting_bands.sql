-- One row per partner and outcome whose last week alone is past the cut of the next band by the margin: smoothing
-- and the weeks that a change of band asks for hold it, and nothing has to become better.
with partners as (
    select * from {{ ref('partners') }}
),

outcome_scores as (
    select * from {{ ref('outcome_scores') }}
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

last_scores as (
    select
        outcome_scores.*,
        rules.band_change_margin
        {%- for outcome in outcomes() %},
        case outcome_scores.{{ outcome }}_band
            when 'low' then rules.{{ outcome }}_medium_cut
            when 'medium' then rules.{{ outcome }}_high_cut
        end as {{ outcome }}_next_cut
        {%- endfor %}
    from outcome_scores
    inner join partners
        on outcome_scores.partner_id = partners.partner_id and outcome_scores.week_start = partners.last_week
    inner join rules on outcome_scores.framework_version = rules.framework_version
    where outcome_scores.status in ('provisional', 'published')
)

{% for outcome in outcomes() -%}
select
    partner_id,
    '{{ outcome }}' as outcome,
    week_start
from last_scores
where {{ outcome }}_raw_score >= {{ outcome }}_next_cut + band_change_margin
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
