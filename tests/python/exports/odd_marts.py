"""Marts with everything that a spreadsheet or a database may take wrongly."""

import duckdb

from orchestration.settings import Settings

FORMULA = '=HYPERLINK("http://x","y")'
NAMES = (
    FORMULA, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "'quoted", "a,b", 'say "hi"',
    "two\r\nlines", "two\nlines", "", None, "Müller & Sons, Inc.", "<script>alert(1)</script>",
    " =1", "007", "1e5", "TRUE", "2026-01-02",
)  # fmt: skip
DISARMED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
ROWS = """
create table marts.odd_partners as
    select
        'P' || lpad(position::varchar, 3, '0') as partner_id,
        name as partner_name,
        case when position % 3 != 0 then cast(-position * 1234.567 as double) end as balance,
        -position::integer as change,
        1000000000000 * position as cents,
        cast(-position / 8 as decimal(12, 3)) as exact,
        case when position % 2 = 0 then 'nan'::double else 0.1 + 0.2 end as ratio,
        position % 2 = 0 as is_even,
        date '2026-01-01' + position::integer as joined_on,
        timestamp '2026-06-28 10:11:12.123456' + to_hours(position) as joined_at,
        [name, 'x'] as both_names
    from (select unnest(range(len($names))) as position, unnest($names) as name);
comment on table marts.odd_partners is 'Partners with odd names.';
comment on column marts.odd_partners.balance is 'What is owed, it''s money.';
create table marts.twice as select 'P000' as partner_id, 1 as number from range(2);
create table marts.nothing as select 'P000' as partner_id where false;
"""
PROMISES = {
    "odd_partners": {"key": ["partner_id"], "units": {"balance": "currency"}},
    "twice": {"key": ["partner_id"], "units": {}},
    "partner_scorecards": {"key": ["partner_id"], "units": {}},
    "partner_score_history": {"key": ["partner_id", "week_start"], "units": {}},
}


def add_marts(settings: Settings) -> None:
    with duckdb.connect(str(settings.working_database)) as connection:
        first, *rest = ROWS.strip().split(";\n")
        connection.execute(first, {"names": list(NAMES)})
        for statement in rest:
            connection.execute(statement)
