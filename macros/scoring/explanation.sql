{# The weeks that a release explains: a partner's last week, the one before it and the one a quarter before. #}
{% macro weeks_explained() %}
    {{ return([0, 1, 13]) }}
{% endmacro %}

{# A query: for each of `partners` and each of `offsets` the week so many weeks before its last one, `weeks_back`. #}
{% macro weeks_before_the_last(partners, offsets) -%}
    {%- for weeks_back in offsets %}
    select partner_id, {{ add_weeks('last_week', -weeks_back) }} as week_start, {{ weeks_back }} as weeks_back
    from {{ partners }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{%- endmacro %}

{# A query: a row per row of `explained_weeks` (a relation like it), outcome and metric: what the metric was, what it was
   worth under the framework of the row and how many points it gave. #}
{% macro contributions_to(explained_weeks) -%}
with explained_weeks as (
    select * from {{ explained_weeks }}
),

weights as (
    select * from {{ ref('effective_weights') }}
),

availability as (
    select * from {{ ref('metric_availability') }}
),

long_scores as (
    {%- for metric in metrics() %}
    select
        partner_id,
        week_start,
        weeks_back,
        weights_week,
        segment,
        framework,
        framework_share,
        is_leading,
        leading_version,
        '{{ metric.name }}' as metric,
        {{ metric.name }} as metric_value,
        {{ metric.name }}__evidence as evidence,
        {{ metric.name }}__credibility as credibility,
        {{ metric.name }}__score as metric_score
    from explained_weeks
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select * from explained_weeks
    {%- endfor %}
)

select
    long_scores.partner_id,
    long_scores.week_start,
    long_scores.weeks_back,
    long_scores.segment,
    long_scores.framework,
    long_scores.is_leading,
    long_scores.leading_version,
    weights.outcome,
    weights.layer,
    long_scores.metric,
    case
        when long_scores.credibility is null then 'not yet observed'
        when long_scores.week_start > availability.fresh_until then 'held'
        else 'observed'
    end as evidence_state,
    long_scores.metric_value,
    long_scores.evidence,
    long_scores.credibility,
    long_scores.metric_score,
    long_scores.framework_share * weights.weight as weight,
    long_scores.framework_share * weights.weight * long_scores.metric_score as contribution
from long_scores
inner join weights
    on
        long_scores.framework = weights.framework
        and long_scores.segment = weights.segment
        and long_scores.metric = weights.metric
        and long_scores.weights_week = weights.tenure_week
inner join availability on long_scores.metric = availability.metric
{%- endmacro %}

{# A query: the contributions that this run computes. Where it adds, the explained weeks are chosen before they are taken
   apart: nothing finds its way through a union of all metrics. #}
{% macro changed_contributions() -%}
    {%- set adds = adds_to_last_run() -%}
    {%- set of_changed = contributions_to('(' ~ changed_rows(ref('explained_weeks'), week=none) ~ ')') if adds or not execute -%}
    {%- if adds %}{{ of_changed }}{% else %}select * from {{ ref('framework_contributions') }}{% endif -%}
{%- endmacro %}
