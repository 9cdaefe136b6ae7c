-- One row per activity of each landed version of its record: the history behind `activities`.
{{ config(**by_arrival(['source', 'source_record_id'], partition='loaded_at')) }}

with reported as (
    {%- for source_name in sources_of_activities() %}
    select * from {{ ref('activities_from_' ~ source_name) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

changed as (
    select * from reported
    {% if is_incremental() %}
    -- A record that arrived again brings all its versions along.
    where changed_at > (select max(changed_at) from {{ this }})
    {% endif %}
)

select * from changed
{{ rows_of_touched_partitions('changed', ['source', 'source_record_id'], 'loaded_at',
    'partner_id, source, source_record_id, activity_type, held_reason, quantity, amount, counted_on, occurred_at, '
    ~ 'loaded_at, superseded_at, changed_at') }}
