-- One row per source entity of the landing contract: who owns it, how often it comes, what it holds.
with sources as (
    {%- for each in registered_sources() %}
    select
        {{ literal(each.source) }} as source,
        {{ literal(each.entity) }} as entity,
        {{ literal(each.description) }} as description,
        {{ literal(each.owner) }} as owner,
        {{ literal(each.get('interval', 'daily')) }} as interval_expected,
        cast({{ each.warn_after }} as integer) as warn_after_days,
        cast({{ each.error_after }} as integer) as error_after_days,
        {{ literal(each.key | join(', ')) }} as key_columns,
        {{ literal(each.event_time) }} as event_time_column,
        {{ literal(each.get('version')) }} as version_column,
        cast({{ each.columns }} as integer) as columns_promised,
        {{ literal(each.personal or none) }} as personal_data,
        {{ literal(each.path) }} as contract_path,
        {{ day(each.get('review_due')) }} as review_due,
        {{ 'true' if each.get('required') else 'false' }} as is_required
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select null as source
    {%- endfor %}
)

select * from sources
