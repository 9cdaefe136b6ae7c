-- One row per partner and week: raw, smoothed and published scores, bands, coverage and status.
{{ config(**by_changed_partner()) }}

{#- Coverage is of what the programme's sources can measure: few sources are soon covered. -#}
{%- set observed_share = 'round(covered.coverage * covered.breadth, 9)' %}
with raw_scores as (
    {{ changed_rows(ref('raw_scores')) }}
),

stable_scores as (
    {{ changed_rows(ref('stable_scores')) }}
),

partners as (
    select * from {{ ref('partners') }}
),

rules as (
    select * from {{ ref('stability_parameters') }}
),

held_sources as (
    select {{ texts_in_one("source || '.' || entity", 'source asc nulls last, entity asc nulls last') }} as names
    from {{ ref('source_status') }}
    where is_stale
),

breadths as (
    select framework_version, segment, avg(breadth) as breadth
    from {{ ref('measurable_shares') }}
    group by framework_version, segment
),

covered as (
    select
        raw_scores.*,
        (raw_scores.revenue_coverage + raw_scores.engagement_coverage) / 2 as coverage,
        (raw_scores.revenue_confidence + raw_scores.engagement_confidence) / 2 as confidence,
        breadths.breadth
    from raw_scores
    inner join breadths
        on raw_scores.framework_version = breadths.framework_version and raw_scores.segment = breadths.segment
),

judged as (
    select
        covered.*,
        {%- for outcome in outcomes() %}
        stable_scores.{{ outcome }}_smoothed_score,
        stable_scores.{{ outcome }}_score as {{ outcome }}_guarded_score,
        stable_scores.{{ outcome }}_band,
        {%- endfor %}
        case
            when partners.is_terminated and covered.week_start = partners.last_week then 'terminated'
            when covered.tenure_week < rules.unscored_weeks or covered.coverage < rules.unscored_coverage then 'unscored'
            when stable_scores.is_held then 'stale'
            when covered.tenure_week < rules.provisional_weeks or {{ observed_share }} < rules.provisional_coverage then 'provisional'
            else 'published'
        end as status,
        case
            when partners.is_terminated and covered.week_start = partners.last_week then 'the contract has ended'
            when covered.tenure_week < rules.unscored_weeks
                then 'under ' || cast(cast(rules.unscored_weeks as integer) as {{ dbt.type_string() }}) || ' weeks of tenure'
            when covered.coverage < rules.unscored_coverage then 'too little of the framework has been observed'
            when stable_scores.is_held then 'the last score is held until broken sources deliver again: ' || held_sources.names
            when covered.tenure_week < rules.provisional_weeks
                then 'under ' || cast(cast(rules.provisional_weeks as integer) as {{ dbt.type_string() }}) || ' weeks of tenure'
            when covered.breadth < rules.provisional_coverage
                then 'the sources of the programme measure ' || {{ percent('covered.breadth') }} || ' of the framework'
            when {{ observed_share }} < rules.provisional_coverage then 'part of the framework has not been observed yet'
        end as status_reason
    from covered
    cross join held_sources
    inner join stable_scores
        on covered.partner_id = stable_scores.partner_id and covered.week_start = stable_scores.week_start
    inner join partners on covered.partner_id = partners.partner_id
    inner join rules on covered.framework_version = rules.framework_version
)

select
    partner_id,
    week_start,
    segment,
    status,
    status_reason,
    {%- for outcome in outcomes() %}
    case
        when status = 'terminated' then 'low'
        when status != 'unscored' then {{ outcome }}_band
    end as {{ outcome }}_band,
    {%- endfor %}
    framework_version,
    tenure_week,
    coverage,
    confidence,
    {%- for outcome in outcomes() %}
    {{ outcome }}_coverage,
    {{ outcome }}_confidence,
    {%- for layer in layers() %}
    {{ outcome }}_{{ layer }}_score,
    {%- endfor %}
    {{ outcome }}_overlay,
    {{ outcome }}_raw_score,
    {{ outcome }}_smoothed_score,
    -- A contract that has ended brings nothing more, whatever the guardrail says.
    case
        when status = 'terminated' then 0
        when status != 'unscored' then {{ outcome }}_guarded_score
    end as {{ outcome }}_score,
    {{ outcome }}_smoothed_score - {{ outcome }}_guarded_score as {{ outcome }}_held_back{{ ',' if not loop.last }}
    {%- endfor %}
from judged
