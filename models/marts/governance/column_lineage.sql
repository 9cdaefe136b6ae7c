-- One row per mart, column, step and column that it is made from.
{{ config(materialized='view') }}

select
    mart,
    column_name,
    step,
    kind,
    relation,
    relation_column
from {{ source('derived', 'column_lineage') }}
