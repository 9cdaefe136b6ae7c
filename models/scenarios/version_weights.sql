-- One row per pair of versions, segment and week of tenure: for both, the weight of every layer and the share
-- of every metric in its layer. A layer that one of the two does not weigh has the shares of the other.
with version_pairs as (
    select * from {{ ref('version_pairs') }}
),

weights as (
    select * from {{ ref('effective_weights_wide') }}
)

select
    version_pairs.framework,
    version_pairs.base_framework,
    after.segment,
    after.tenure_week
    {%- for outcome in outcomes() %}
    {%- for layer in layers() %},
    before.{{ outcome }}__{{ layer }} as {{ outcome }}__{{ layer }}__before,
    after.{{ outcome }}__{{ layer }} as {{ outcome }}__{{ layer }}__after
    {%- for metric in metrics_of(outcome, layer) %}
    {%- set share_before = share_of_layer('before', outcome, layer, metric) %}
    {%- set share_after = share_of_layer('after', outcome, layer, metric) %},
    coalesce({{ share_before }}, {{ share_after }}, 0) as {{ outcome }}__{{ metric.name }}__before,
    coalesce({{ share_after }}, {{ share_before }}, 0) as {{ outcome }}__{{ metric.name }}__after
    {%- endfor %}
    {%- endfor %}
    {%- endfor %}
from version_pairs
inner join weights as after on version_pairs.framework = after.framework
inner join weights as before
    on
        version_pairs.base_framework = before.framework
        and after.segment = before.segment
        and after.tenure_week = before.tenure_week
