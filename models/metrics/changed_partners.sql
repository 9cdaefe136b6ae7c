-- One row per partner: from which week on this run measures and scores it; null where all that stands still
-- holds. A run that builds anew starts with every partner's contract. Who reads this adds rows to what it
-- has, and so the table comes before anything that a score is made of.
{%- set adds = adds_to_last_run() %}
{%- set partner_weeks = ref('partner_weeks') %}
with partners as (
    select * from {{ ref('partners') }}
),

partner_segments as (
    select * from {{ ref('partner_segments') }}
),

horizon as (
    select * from {{ ref('score_horizon') }}
),

-- Which sources deliver is the same for all: a change of it is a change of everybody.
deliveries as (
    select
        {{ texts_in_one("metric || ' ' || cast(is_applicable as " ~ dbt.type_string() ~ ") || ' ' || coalesce(cast(fresh_until as "
            ~ dbt.type_string() ~ "), '')", 'metric asc nulls last') }} as of_metrics
    from {{ ref('metric_availability') }}
),

broken as (
    select {{ texts_in_one("source || '.' || entity", 'source asc nulls last, entity asc nulls last') }} as of_sources
    from {{ ref('source_status') }}
    where is_stale
),

arrivals as (
    select partner_id, changed_at from {{ ref('stg_accounts__profiles') }}
    union all
    select partner_id, changed_at from {{ ref('stg_feedback__ratings') }}
),

described as (
    select
        partners.partner_id,
        partners.contract_week,
        partners.last_week,
        horizon.known_at,
        (select max(changed_at) from arrivals) as reviewed_at,
        md5(
            partner_segments.segment
            {%- for attribute in ['tier', 'region', 'country', 'industry', 'contract_signed_at', 'terminated_at', 'is_terminated'] %}
            || ' / ' || coalesce(cast(partners.{{ attribute }} as {{ dbt.type_string() }}), '')
            {%- endfor %}
            || ' / ' || deliveries.of_metrics || ' / ' || coalesce(broken.of_sources, '')
        ) as digest
    from partners
    inner join partner_segments on partners.partner_id = partner_segments.partner_id
    cross join horizon
    cross join deliveries
    cross join broken
)

{% if adds -%},

before as (
    select * from {{ this }}
),

late_weeks as (
    select partner_id, min(week_start) as week_start
    from {{ partner_weeks }}
    where changed_at > (select max(known_at) from before)
    group by partner_id
),

reviewed as (
    select distinct partner_id from arrivals where changed_at > (select max(reviewed_at) from before)
),

compared as (
    select
        described.*,
        case
            when before.partner_id is null or before.digest != described.digest or reviewed.partner_id is not null
                then least(described.contract_week, before.contract_week)
            else least(
                late_weeks.week_start,
                case when before.last_week != described.last_week then {{ add_weeks('least(before.last_week, described.last_week)', 1) }} end
            )
        end as changed_week
    from described
    left join before on described.partner_id = before.partner_id
    left join late_weeks on described.partner_id = late_weeks.partner_id
    left join reviewed on described.partner_id = reviewed.partner_id
),

-- A changed week looks back over all weeks before it, each by itself. Where that is more than there are weeks, it is
-- cheaper to go through the whole tenure of the partner once.
work as (
    select
        sum(case when changed_week is not null
            then ({{ weeks_between('changed_week', 'last_week') }} + 1) * ({{ weeks_between('contract_week', 'last_week') }} + 1) end)
        > 2 * sum({{ weeks_between('contract_week', 'last_week') }} + 1) as is_too_much
    from compared
    where last_week >= contract_week
)

select
    compared.partner_id,
    compared.contract_week,
    compared.last_week,
    case when work.is_too_much then least(compared.changed_week, compared.contract_week) else compared.changed_week end as from_week,
    coalesce(work.is_too_much, false) as is_from_the_contract,
    compared.known_at,
    compared.reviewed_at,
    compared.digest
from compared
cross join work
{%- else %}
select
    partner_id,
    contract_week,
    last_week,
    contract_week as from_week,
    true as is_from_the_contract,
    known_at,
    reviewed_at,
    digest
from described
{%- endif %}
