-- One row per file that arrived: what became of it, line by line.
{{ config(materialized='table') }}

with files as (
    select * from {{ source('landing', 'files') }}
)

select
    file_id,
    batch_id,
    source,
    entity,
    path,
    format,
    sha256,
    status,
    reason,
    remedy,
    unknown_columns,
    bytes,
    physical_lines,
    rows_landed,
    lines_rejected,
    header_lines,
    blank_lines,
    continuation_lines,
    loaded_at
from files
{%- if var('known_at') %}
where loaded_at <= cast('{{ var("known_at") }}' as timestamp)
{%- endif %}
