-- One row per experiment and arm, planned or found.
select * from {{ ref('experiment_balance') }}
