-- One row per run and check of the two gates.
{{ config(materialized='view') }}

select
    run_id,
    gate,
    check_name,
    relation,
    column_name,
    expectation,
    severity,
    status,
    expected,
    observed,
    remedy,
    unexpected_rows,
    evaluated_rows,
    checked_at
from {{ source('quality', 'check_results') }}
