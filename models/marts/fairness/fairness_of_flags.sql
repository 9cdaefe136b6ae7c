-- One row per score, attribute and group.
select * from {{ ref('flags_by_group') }}
