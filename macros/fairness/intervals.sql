{# A share's Wilson interval at so many standard deviations: `side` is - or +. #}
{% macro wilson_at(events, partners, side, deviations) -%}
    (
        ({{ events }} + {{ deviations }} * {{ deviations }} / 2) / ({{ partners }} + {{ deviations }} * {{ deviations }})
        {{ side }} {{ deviations }} / ({{ partners }} + {{ deviations }} * {{ deviations }})
        * sqrt(greatest({{ events }} * (1 - {{ events }} / {{ partners }}) + {{ deviations }} * {{ deviations }} / 4, 0))
    )
{%- endmacro %}

{# What is said of a group's outcomes: whether those observed are more or fewer than were expected of it. #}
{% macro fairness_verdict(low, high, clear_low, clear_high, expected, partners) -%}
    case
        when {{ partners }} < {{ parameter('fairness_least_partners') }} then 'insufficient'
        when {{ expected }} is null or {{ low }} is null then 'insufficient'
        when {{ clear_high }} < {{ expected }} then 'fewer than expected'
        when {{ clear_low }} > {{ expected }} then 'more than expected'
        when {{ high }} < {{ expected }} then 'fewer than expected, perhaps by chance'
        when {{ low }} > {{ expected }} then 'more than expected, perhaps by chance'
        else 'as expected'
    end
{%- endmacro %}

{# How many partners there are, how many are flagged, and the mean share that is measured of them. #}
{% macro flag_counts() -%}
    cast(count(*) as double) as partners,
    cast(count(*) filter (where status = 'unscored') as double) as unscored,
    cast(count(*) filter (where status = 'stale') as double) as stale,
    cast(count(band) as double) as banded,
    cast(count(*) filter (where band = 'low') as double) as low_band,
    round(avg(coverage), 9) as coverage
{%- endmacro %}
