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

-- Profiles and ratings as they count: a source may send all of them every day and change none.
profiles as (
    select
        partner_id,
        {{ texts_in_one(text_of(['first_week', 'until_week', 'matched_accounts', 'icp_accounts', 'reachable_accounts',
            'compatible_accounts', 'channel_rubric']), 'first_week asc nulls last') }} as of_partner
    from {{ ref('partner_profiles') }}
    group by partner_id
),

ratings as (
    select
        partner_id,
        {{ texts_in_one(text_of(['rater', 'dimension', 'rating', 'first_week', 'until_week']),
            'rater asc nulls last, dimension asc nulls last, first_week asc nulls last') }} as of_partner
    from {{ ref('partner_ratings') }}
    group by partner_id
),

review_arrivals as (
    select * from {{ ref('review_arrivals') }}
),

described as (
    select
        partners.partner_id,
        partners.contract_week,
        partners.last_week,
        horizon.known_at,
        (select max(changed_at) from review_arrivals) as reviewed_at,
        md5({{ text_of(['partner_segments.segment', 'partners.tier', 'partners.region', 'partners.country', 'partners.industry',
            'partners.contract_signed_at', 'partners.terminated_at', 'partners.is_terminated', 'deliveries.of_metrics',
            'broken.of_sources']) }}) as digest,
        md5({{ text_of(['profiles.of_partner', 'ratings.of_partner']) }}) as digest_of_reviews
    from partners
    inner join partner_segments on partners.partner_id = partner_segments.partner_id
    cross join horizon
    cross join deliveries
    cross join broken
    left join profiles on partners.partner_id = profiles.partner_id
    left join ratings on partners.partner_id = ratings.partner_id
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

-- What a profile or rating says counts from its own week on.
reviewed as (
    select partner_id, min(week_start) as week_start
    from review_arrivals
    where changed_at > (select max(reviewed_at) from before)
    group by partner_id
),

compared as (
    select
        described.*,
        case
            when before.partner_id is null or before.digest != described.digest
                then least(described.contract_week, before.contract_week)
            else least(
                late_weeks.week_start,
                case
                    when
                        before.digest_of_reviews != described.digest_of_reviews
                        and coalesce(reviewed.week_start, described.contract_week) <= described.last_week
                        then greatest(coalesce(reviewed.week_start, described.contract_week), described.contract_week)
                end,
                case when before.last_week != described.last_week then {{ add_weeks('least(before.last_week, described.last_week)', 1) }} end
            )
        end as changed_week
    from described
    left join before on described.partner_id = before.partner_id
    left join late_weeks on described.partner_id = late_weeks.partner_id
    left join reviewed on described.partner_id = reviewed.partner_id
),

-- A changed week looks back over all weeks before it, each by itself, at about a quarter of what a window over one week
-- more costs. Where that is dearer than all windows, a changed partner is gone through from its contract on.
work as (
    select
        sum(case when changed_week is not null
            then ({{ weeks_between('changed_week', 'last_week') }} + 1) * ({{ weeks_between('contract_week', 'last_week') }} + 1) end)
        > 4 * sum({{ weeks_between('contract_week', 'last_week') }} + 1) as is_too_much
    from compared
    where last_week >= contract_week
)

select
    compared.partner_id,
    compared.contract_week,
    compared.last_week,
    case
        when work.is_too_much and compared.changed_week is not null then least(compared.changed_week, compared.contract_week)
        else compared.changed_week
    end as from_week,
    coalesce(work.is_too_much, false) as is_from_the_contract,
    compared.known_at,
    compared.reviewed_at,
    compared.digest,
    compared.digest_of_reviews
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
    digest,
    digest_of_reviews
from described
{%- endif %}
