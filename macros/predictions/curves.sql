{# Both calibrations of every fit at every whole score: logistic from its parameters, isotonic on straight
   lines between its groups. A fit without any outcome has its prior at every point. `rates` as for
   `logistic_fits`; `priors` has keys, point 0 to 100 and prior_likelihood for every fit, with history or without. #}
{% macro both_curves(rates, priors, keys) -%}
    {%- set columns = keys | join(', ') %}
{{ logistic_fits(rates, keys) }},
{{ isotonic_fits(rates, keys) }},

{{ groups_at_scores(priors, keys) }},

points as (
    select
        {% for key in keys %}reached.{{ key }}, {% endfor %}
        cast(reached.point as integer) as point,
        reached.prior_likelihood,
        logistic.intercept,
        logistic.slope,
        -- Before the first group and after the last the curve is level.
        spans.likelihood + coalesce(
            (spans.next_likelihood - spans.likelihood) * greatest(reached.point - spans.point, 0)
            / nullif(spans.next_point - spans.point, 0), 0
        ) as isotonic_likelihood
    from reached
    left join logistic
        on {% for key in keys %}reached.{{ key }} = logistic.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
    left join spans
        on
            {% for key in keys %}reached.{{ key }} = spans.{{ key }} and {% endfor %}
            reached.last_group = spans.group_number
    where not reached.is_group
),

calibrated as (
    -- Rounded, because the order of a sum must not reach a likelihood.
    select
        {{ columns }},
        point,
        prior_likelihood,
        round(intercept, 9) as intercept,
        round(slope, 9) as slope,
        case
            when intercept is null then prior_likelihood
            else round({{ likelihood_of('intercept + slope * (point - 50) / 10') }}, 9)
        end as logistic_likelihood,
        coalesce(round(isotonic_likelihood, 9), prior_likelihood) as isotonic_likelihood
    from points
)
{%- endmacro %}

{# The last group of `isotonic` at or before each score of `priors`, and the straight lines between groups:
   CTEs `spans` and `reached`. #}
{% macro groups_at_scores(priors, keys) -%}
    {%- set columns = keys | join(', ') %}
spans as (
    select
        *,
        lead(point) over next_group as next_point,
        lead(likelihood) over next_group as next_likelihood
    from isotonic
    window next_group as (partition by {{ columns }} order by group_number asc nulls last)
),

-- Scores and groups in one row of points, so that each score finds the last group at or before it.
stacked as (
    select {{ columns }}, cast(point as double) as point, prior_likelihood, cast(null as integer) as group_number
    from {{ priors }}
    union all
    select {{ columns }}, point, cast(null as double) as prior_likelihood, group_number
    from isotonic
),

reached as (
    select
        {{ columns }},
        point,
        prior_likelihood,
        group_number is not null as is_group,
        -- Before the first group it is the first.
        coalesce(
            max(group_number) over (partition by {{ columns }} order by point asc nulls last range between unbounded preceding and current row),
            min(group_number) over (partition by {{ columns }})
        ) as last_group
    from stacked
)
{%- endmacro %}

{# The method of each fit: isotonic where it did better than logistic on all outcomes that came later and
   are known by the origin, each judged by the fit of its own time; logistic until then. `curves` has the
   columns of `calibrated`, `counts` those of `outcome_counts` with the level in segment. Gives CTEs, the last
   one `methods`. #}
{% macro chosen_methods(curves, counts) -%}
losses as (
    select
        counts.segment,
        counts.outcome,
        counts.week_start,
        counts.known_week,
        {%- for method in ['logistic', 'isotonic'] %}
        sum({{ log_loss('counts.events', 'counts.partners', 'curves.' ~ method ~ '_likelihood') }}) as {{ method }}_loss,
        {%- endfor %}
        sum(counts.partners) as partners
    from {{ counts }} as counts
    inner join {{ curves }} as curves
        on
            counts.week_start = curves.origin_week
            and counts.segment = curves.segment
            and counts.outcome = curves.outcome
            and counts.knot = curves.knot
            and counts.point = curves.point
    -- A prior is no fit.
    where curves.intercept is not null
    group by counts.segment, counts.outcome, counts.week_start, counts.known_week
),

fits as (
    select distinct origin_week, segment, outcome from {{ curves }}
),

methods as (
    select
        fits.origin_week,
        fits.segment,
        fits.outcome,
        sum(losses.logistic_loss) / sum(losses.partners) as logistic_loss,
        sum(losses.isotonic_loss) / sum(losses.partners) as isotonic_loss,
        case when sum(losses.isotonic_loss) < sum(losses.logistic_loss) then 'isotonic' else 'logistic' end as method
    from fits
    left join losses
        on fits.segment = losses.segment and fits.outcome = losses.outcome and losses.known_week <= fits.origin_week
    group by fits.origin_week, fits.segment, fits.outcome
)
{%- endmacro %}

{# The log loss of so many events among so many partners under one likelihood; never certain. #}
{% macro log_loss(events, partners, likelihood) -%}
    - {{ events }} * ln(least(greatest({{ likelihood }}, 0.0001), 0.9999))
    - ({{ partners }} - {{ events }}) * ln(1 - least(greatest({{ likelihood }}, 0.0001), 0.9999))
{%- endmacro %}

{# How much of a rate is its own: n / (n + k), where monthly weeks whose windows overlap are not counted
   as if each told something new. #}
{% macro own_share(partners, definition) -%}
    ({{ partners }} / {{ overlap(definition) }}) / ({{ partners }} / {{ overlap(definition) }} + {{ parameter('prediction_prior_strength') }})
{%- endmacro %}

{# What the curves of a week say of a score: likelihood and amount for each row of `scored`, which has
   partner_id, week_start, segment, outcome, point (a whole score) and the knots of its tenure. `carried`:
   further columns of it to pass on. #}
{% macro expected_at(scored, carried=[]) -%}
    select
        {%- for column in ['partner_id', 'week_start', 'segment', 'outcome', 'point'] + carried %}
        scored.{{ column }},
        {%- endfor %}
        -- Straight lines run between the knots of tenure. Nine digits: between amounts of four a fifth is
        -- often a 5, and engines round that to either side.
        round(lower_curves.likelihood + scored.upper_share * (upper_curves.likelihood - lower_curves.likelihood), 9) as likelihood,
        round(lower_curves.expected_amount + scored.upper_share * (upper_curves.expected_amount - lower_curves.expected_amount), 9) as expected_amount
    from {{ scored }} as scored
    {%- for side in ['lower', 'upper'] %}
    inner join {{ ref('prediction_curves') }} as {{ side }}_curves
        on
            scored.week_start = {{ side }}_curves.origin_week
            and scored.segment = {{ side }}_curves.segment
            and scored.outcome = {{ side }}_curves.outcome
            and scored.{{ side }}_knot = {{ side }}_curves.knot
            and scored.point = {{ side }}_curves.point
    {%- endfor %}
{%- endmacro %}
