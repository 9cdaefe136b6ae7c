-- One row per period, segment, outcome and tenth of likelihood: what was said and what came.
select * from {{ ref('prediction_reliability') }}
