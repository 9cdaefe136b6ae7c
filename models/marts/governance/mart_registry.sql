-- One row per mart: what it is, who answers for it, who may see it, and its place in the star.
with marts as (
    {%- for mart in registered_marts() %}
    select
        {{ literal(mart.name) }} as mart,
        {{ literal(mart.chapter) }} as chapter,
        {{ literal(mart.description) }} as description,
        {{ literal(mart.get('owner')) }} as owner,
        {{ literal(mart.get('audience', 'governance')) }} as audience,
        {{ literal(mart.get('star')) }} as star_role
    {% if not loop.last %}union all{% endif %}
    {%- else %}
    select
        cast(null as {{ dbt.type_string() }}) as mart,
        cast(null as {{ dbt.type_string() }}) as chapter,
        cast(null as {{ dbt.type_string() }}) as description,
        cast(null as {{ dbt.type_string() }}) as owner,
        cast(null as {{ dbt.type_string() }}) as audience,
        cast(null as {{ dbt.type_string() }}) as star_role
    {%- endfor %}
)

select * from marts
