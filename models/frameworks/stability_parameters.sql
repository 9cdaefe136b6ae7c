-- One row per framework version: the stability rules and band cuts, side by side.
with rules as (
    {{ in_version(ref('stability_rules'), ['rule']) }}
),

bands as (
    {{ in_version(ref('score_bands'), ['outcome', 'band']) }}
),

cuts as (
    select
        for_version as framework_version
        {%- for outcome in outcomes() %},
        max(lower_bound) filter (where outcome = '{{ outcome }}' and band = 'medium') as {{ outcome }}_medium_cut,
        max(lower_bound) filter (where outcome = '{{ outcome }}' and band = 'high') as {{ outcome }}_high_cut
        {%- endfor %}
    from bands
    group by for_version
),

values_of_rules as (
    select
        for_version as framework_version
        {%- for rule in [
            'band_change_margin', 'band_change_weeks', 'engagement_half_life', 'most_move', 'most_move_ramp', 'most_overlay',
            'provisional_coverage', 'provisional_weeks', 'ramp_weeks', 'revenue_half_life', 'stale_weight',
            'unscored_coverage', 'unscored_weeks',
        ] %},
        cast(max(value) filter (where rule = '{{ rule }}') as double) as {{ rule }}
        {%- endfor %}
    from rules
    group by for_version
)

select
    values_of_rules.*
    {%- for outcome in outcomes() %},
    cast(cuts.{{ outcome }}_medium_cut as double) as {{ outcome }}_medium_cut,
    cast(cuts.{{ outcome }}_high_cut as double) as {{ outcome }}_high_cut
    {%- endfor %}
from values_of_rules
inner join cuts on values_of_rules.framework_version = cuts.framework_version
