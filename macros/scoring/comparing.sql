{# One row per partner, outcome and framework of `points` (layers as the engine makes them): its raw score
   beside the official one, with plain bands and ranks among the partners whose official score may be compared.
   Columns begin with `official` and with `other`. #}
{% macro beside_official(points, other) -%}
with scored as (
    select
        points.partner_id,
        points.week_start,
        points.segment,
        points.framework
        {%- for outcome in outcomes() %},
        {{ raw_score(outcome, outcome ~ '_overlay') }} as {{ outcome }}_raw_score
        {%- endfor %}
    from {{ points }} as points
),

compared as (
    {%- for outcome in outcomes() %}
    select
        scored.partner_id,
        scored.week_start,
        scored.segment,
        '{{ outcome }}' as outcome,
        scored.framework,
        frameworks.role,
        frameworks.framework_version,
        frameworks.method,
        official.{{ outcome }}_raw_score as official_score,
        {{ plain_band(outcome, 'official.' ~ outcome ~ '_raw_score', 'official_rules') }} as official_band,
        scored.{{ outcome }}_raw_score as {{ other }}_score,
        {{ plain_band(outcome, 'scored.' ~ outcome ~ '_raw_score', 'rules') }} as {{ other }}_band
    from scored
    inner join {{ ref('frameworks') }} as frameworks on scored.framework = frameworks.framework
    inner join {{ ref('stability_parameters') }} as rules on frameworks.framework_version = rules.framework_version
    inner join {{ ref('outcome_scores') }} as official
        on scored.partner_id = official.partner_id and scored.week_start = official.week_start
    inner join {{ ref('stability_parameters') }} as official_rules on official.framework_version = official_rules.framework_version
    where {{ has_comparable_score('official') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    partner_id,
    week_start,
    segment,
    outcome,
    framework,
    role,
    framework_version,
    method,
    official_score,
    {{ other }}_score,
    {{ other }}_score - official_score as score_difference,
    {{ band_name('official_band') }} as official_band,
    {{ band_name(other ~ '_band') }} as {{ other }}_band,
    cast(rank() over (partition by framework, outcome order by official_score desc nulls last) as integer) as official_rank,
    cast(rank() over (partition by framework, outcome order by {{ other }}_score desc nulls last) as integer) as {{ other }}_rank
from compared
{%- endmacro %}
