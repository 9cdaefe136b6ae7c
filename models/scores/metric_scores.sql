-- One row per partner, week and framework that scores it: the score (0 to 100) of every metric and its
-- credibility (null: not observed, the prior of the segment stands in). The one engine of all frameworks.
{{ config(materialized='view') }}

with framework_rows as (
    {{ under_frameworks(ref('scored_metrics')) }}
),

scored as (
    {{ metric_scores_of('framework_rows', framework_columns()) }}
)

select * from scored
