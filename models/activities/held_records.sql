-- One row per record that waits and what it waits for, with the row of the file in which its newest version stands.
with held as (
    select distinct source, source_record_id, held_reason from {{ ref('held_activities') }}
),

waiting as (
    {%- for landed in landed_entities() %}
    {{ held_rows('held', *landed.split('.')) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select * from waiting
