-- One row per partner, explained week, official framework, outcome and metric: what the metric was, what it
-- was worth under this framework and how many points it gave.
{{ config(materialized='view') }}

{{ contributions_to(ref('explained_weeks')) }}
