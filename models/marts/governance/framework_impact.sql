-- One row per partner, week of the current quarter, outcome and framework version that is based on another: what the
-- version changes about the score, and why.
select * from {{ ref('version_impact') }}
