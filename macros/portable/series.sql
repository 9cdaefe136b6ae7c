{# Whether a series in which each week needs the week before is a recursive query, a week of tenure at a
   time. Spark plans each round anew and reads the whole table in it, so there it is one pass over
   each partner's weeks (`folded_series`): the same formulas, the same order. #}
{% macro recurses() %}
    {{ return(target.type != 'spark') }}
{% endmacro %}

{# The scores of every week, folded over each partner's weeks in order: a relation `series` as the
   recursion of `stable_scores` makes it. `rules_of_the_week` joins what applies to `raw_scores`. #}
{% macro folded_series(rules_of_the_week) %}
with weeks as (
    select
        raw_scores.partner_id,
        {{ struct_of(this_week_fields()) }} as week
    from {{ ref('raw_score_series') }} as raw_scores
    {{- rules_of_the_week }}
),

series_of_partners as (
    select partner_id, array_sort(collect_list(week)) as weeks
    from weeks
    group by partner_id
    having min(week.tenure_week) = 0
),

folded as (
    select
        partner_id,
        aggregate(
            slice(weeks, 2, size(weeks)),
            array({{ let('this_week', 'weeks[0]', struct_of(first_state())) }}),
            (states, this_week) -> concat(states, array(
                {{ let('last_week', 'element_at(states, -1)', let('moved', struct_of(moved_fields()),
                    let('counted', struct_of(counted_fields()), struct_of(next_state())))) }}
            ))
        ) as states
    from series_of_partners
),

series as (
    select partner_id, state.*
    from (select partner_id, explode(states) as state from folded) as exploded
)
{% endmacro %}

{# An expression with a name for a part of it. #}
{% macro let(name, value, expression) -%}
    element_at(transform(array({{ value }}), {{ name }} -> {{ expression }}), 1)
{%- endmacro %}

{% macro struct_of(fields) -%}
    named_struct(
    {%- for name, expression in fields.items() -%}
        '{{ name }}', {{ expression }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{# What a week brings along: its scores before smoothing and the rules that apply to it. #}
{% macro this_week_fields() %}
    {% set fields = {
        'tenure_week': 'raw_scores.tenure_week',
        'week_start': 'raw_scores.week_start',
        'is_held': 'coalesce(held_weights.held_weight >= rules.stale_weight, false)',
        'most_move_now': 'case when raw_scores.tenure_week < rules.ramp_weeks then rules.most_move_ramp else rules.most_move end',
    } %}
    {% for rule in ['band_change_margin', 'band_change_weeks', 'unscored_weeks'] %}
        {% do fields.update({rule: 'rules.' ~ rule}) %}
    {% endfor %}
    {% for outcome in outcomes() %}
        {% do fields.update({outcome ~ '_raw_score': 'raw_scores.' ~ outcome ~ '_raw_score'}) %}
        {% for rule in ['half_life', 'medium_cut', 'high_cut'] %}
            {% do fields.update({outcome ~ '_' ~ rule: 'rules.' ~ outcome ~ '_' ~ rule}) %}
        {% endfor %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}

{# The state that the first week leaves to the next. #}
{% macro first_state() %}
    {% set fields = {'week_start': 'this_week.week_start', 'tenure_week': 'this_week.tenure_week', 'is_held': 'this_week.is_held'} %}
    {% for outcome in outcomes() %}
        {% set score = 'this_week.' ~ outcome ~ '_raw_score' %}
        {% do fields.update({outcome ~ '_weighted_sum': score, outcome ~ '_weight_sum': 'cast(1 as double)', outcome ~ '_score': score}) %}
        {% for cut, side in sides() %}
            {% do fields.update({outcome ~ '_weeks_' ~ cut ~ '_' ~ side: weeks_past(outcome, cut, side, score, 'this_week')}) %}
        {% endfor %}
        {% do fields.update({outcome ~ '_band': plain_band(outcome, score, 'this_week')}) %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}

{# A week after smoothing and the guardrail, with what it knows of the week before. #}
{% macro moved_fields() %}
    {% set fields = {} %}
    {% for name in this_week_fields() %}
        {% do fields.update({name: 'this_week.' ~ name}) %}
    {% endfor %}
    {% for outcome in outcomes() %}
        {% for name, moved in [('weighted_sum', smoothing_sums(outcome)), ('weight_sum', smoothing_weights(outcome)), ('score', guarded(outcome))] %}
            {% do fields.update({outcome ~ '_' ~ name:
                'case when this_week.is_held then last_week.' ~ outcome ~ '_' ~ name ~ ' else ' ~ moved ~ ' end'}) %}
        {% endfor %}
        {% for cut, side in sides() %}
            {% do fields.update({outcome ~ '_last_' ~ cut ~ '_' ~ side: 'last_week.' ~ outcome ~ '_weeks_' ~ cut ~ '_' ~ side}) %}
        {% endfor %}
        {% do fields.update({outcome ~ '_last_band': 'last_week.' ~ outcome ~ '_band'}) %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}

{# The same with the weeks for which its score has been past each cut. #}
{% macro counted_fields() %}
    {% set fields = {} %}
    {% for name in moved_fields() %}
        {% do fields.update({name: 'moved.' ~ name}) %}
    {% endfor %}
    {% for outcome in outcomes() %}
        {% for cut, side in sides() %}
            {% set last = 'moved.' ~ outcome ~ '_last_' ~ cut ~ '_' ~ side %}
            {% do fields.update({outcome ~ '_weeks_' ~ cut ~ '_' ~ side: 'case when moved.is_held then ' ~ last ~ ' else '
                ~ weeks_past(outcome, cut, side, 'moved.' ~ outcome ~ '_score', 'moved', last) ~ ' end'}) %}
        {% endfor %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}

{# The state that a week leaves to the next. #}
{% macro next_state() %}
    {% set fields = {} %}
    {% for name in first_state() %}
        {% do fields.update({name: 'counted.' ~ name}) %}
    {% endfor %}
    {% for outcome in outcomes() %}
        {% do fields.update({outcome ~ '_band':
            'case when counted.is_held then counted.' ~ outcome ~ '_last_band else ' ~ held_band(outcome, 'counted') ~ ' end'}) %}
    {% endfor %}
    {{ return(fields) }}
{% endmacro %}
