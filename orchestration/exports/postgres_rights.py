"""Rights on a schema of PostgreSQL and on what is in it, as statements that give them again.

Whoever could read a table before can read the one of that name afterwards. The owner is who
publishes and needs none.
"""

from collections.abc import Callable, Iterator
from typing import Any

from orchestration.database import literal, quoted
from orchestration.exports.postgres_tables import identifier

Ask = Callable[[str], list[tuple[Any, ...]]]

ON_SCHEMA = """
    select acl.privilege_type, acl.grantee::regrole::text, acl.grantee = 0, acl.is_grantable
    from pg_namespace, lateral aclexplode(nspacl) as acl
    where nspname = {schema} and acl.grantee <> nspowner order by 2, 1
"""
ON_TABLES = """
    select
        relname, acl.privilege_type, acl.grantee::regrole::text, acl.grantee = 0,
        acl.is_grantable
    from pg_class
    inner join pg_namespace on relnamespace = pg_namespace.oid,
    lateral aclexplode(relacl) as acl
    where nspname = {schema} and relkind = 'r' and acl.grantee <> relowner
        and exists (
            select from pg_class as theirs
            inner join pg_namespace as new on theirs.relnamespace = new.oid
            where new.nspname = {incoming} and theirs.relname = pg_class.relname
        )
    order by 1, 3, 2
"""
ON_COLUMNS = """
    select
        relname, attname, acl.privilege_type, acl.grantee::regrole::text, acl.grantee = 0,
        acl.is_grantable
    from pg_class
    inner join pg_namespace on relnamespace = pg_namespace.oid
    inner join pg_attribute on attrelid = pg_class.oid,
    lateral aclexplode(attacl) as acl
    where nspname = {schema} and acl.grantee <> relowner
        and exists (
            select from pg_class as theirs
            inner join pg_namespace as new on theirs.relnamespace = new.oid
            inner join pg_attribute as columns on columns.attrelid = theirs.oid
            where new.nspname = {incoming} and theirs.relname = pg_class.relname
                and columns.attname = pg_attribute.attname
        )
    order by 1, 2, 4, 3
"""
ON_NEW_TABLES = """
    select acl.privilege_type, acl.grantee::regrole::text, acl.grantee = 0, acl.is_grantable,
        defaclrole::regrole::text
    from pg_default_acl
    inner join pg_namespace on defaclnamespace = pg_namespace.oid,
    lateral aclexplode(defaclacl) as acl
    where nspname = {schema} and defaclobjtype = 'r' and acl.grantee <> defaclrole
    order by 5, 2, 1
"""


def rights_of_new_tables(ask: Ask, schema: str, incoming: str) -> Iterator[str]:
    """`alter default privileges`; run before tables are made, so that new ones have them."""
    for privilege, role, is_public, again, owner in ask(
        ON_NEW_TABLES.format(schema=literal(schema))
    ):
        yield (
            f"alter default privileges for role {owner} in schema {identifier(incoming)} "
            f"grant {privilege} on tables to {_grantee(role, is_public, again)}"
        )


def grants_of(ask: Ask, schema: str, incoming: str) -> Iterator[str]:
    """Rights on the schema, on tables and on columns that are there in the new one too."""
    names = {"schema": literal(schema), "incoming": literal(incoming)}
    for privilege, role, is_public, again in ask(ON_SCHEMA.format(**names)):
        yield (
            f"grant {privilege} on schema {identifier(incoming)} "
            f"to {_grantee(role, is_public, again)}"
        )
    for table, privilege, role, is_public, again in ask(ON_TABLES.format(**names)):
        yield (
            f"grant {privilege} on {identifier(incoming, table)} "
            f"to {_grantee(role, is_public, again)}"
        )
    for table, column, privilege, role, is_public, again in ask(ON_COLUMNS.format(**names)):
        yield (
            f"grant {privilege} ({quoted(column)}) on {identifier(incoming, table)} "
            f"to {_grantee(role, is_public, again)}"
        )


def _grantee(role: str, is_public: bool, may_grant: bool) -> str:
    """regrole writes names that need quotes with them."""
    return ("public" if is_public else role) + (" with grant option" if may_grant else "")
