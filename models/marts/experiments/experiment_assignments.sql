-- One row per experiment and partner that was ever assigned in it.
select * from {{ ref('experiment_members') }}
