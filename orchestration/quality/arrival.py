"""The arrival gate: what must hold of the raw rows of an entity before they are staged.

Checks are generated from the landing contract; none is written for one entity. Rows are judged
by the newest delivery (the files that the last batch landed), because that is what enters: an
older bad delivery was judged when it came. A single bad value is no matter of this gate: staging
quarantines the row. Only freshness looks at all rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orchestration.contracts import Column, Contract
from orchestration.database import literal, quoted
from orchestration.quality.acceptance import DAY, EPOCH, accepted, in_words, latest_moment, moment
from orchestration.quality.checks import (
    ACCEPTED_SHARE,
    FORGIVEN_ROWS,
    Check,
    Summary,
    make,
    percent,
)
from orchestration.quality.deliveries import (
    LEDGER,
    MISPLACED_REMEDY,
    REDELIVER,
    about_deliveries,
    known,
    ledger,
    quarantined,
    unless_absent,
    waiting,
)

TECHNICAL = ("_file_id", "_row_number", "_loaded_at", "_note")


@dataclass(frozen=True)
class Landed:
    """What is in the database, as far as the SQL depends on it. Empty before a run."""

    columns: Collection[str] = ()
    """Columns of the raw table; none if there is no such table."""
    newest: int | None = None
    """Newest event by the end of the scored day, microseconds since 1970 (UTC)."""
    is_readable: bool = True
    """Whether the newest event could be asked for at all."""
    first: int | None = None
    """First event of all, in microseconds."""
    as_of: date | None = None
    is_asked_for: bool = False
    """Whether somebody chose that day, rather than the data."""
    known_at: datetime | None = None
    """Only what had landed by then exists (UTC, naive)."""
    has_seen: bool = False
    """Whether landing keeps the table of the files that it has looked at."""


NOTHING_LANDED = Landed()


def summary(contract: Contract, landed: Landed = NOTHING_LANDED) -> Summary:
    """The checks of the raw table of one entity."""
    checks = [_columns(contract)]
    if contract.required:
        checks.append(_rows(contract))
    checks += _present(contract) + _accepted(contract) + _fresh(contract, landed)
    checks += about_deliveries(contract)
    return Summary("arrival", contract.table, tuple(checks), _context(contract, landed), "arrived")


def of_no_entity(contracts: Collection[Contract], landed: Landed = NOTHING_LANDED) -> Summary:
    """What no raw table can carry the check of: files that belong to no entity, and whether there
    is anything to score. `landed` has the first event of all that is not required."""
    names = ", ".join(literal(contract.name) for contract in contracts)
    rows = (
        f"select * from {LEDGER} where {known('loaded_at', landed.known_at)} "
        f"and coalesce(source || '.' || entity, '') not in ({names})"
    )
    check = quarantined(
        LEDGER,
        "unknown_folders",
        "no file waits in a folder that no contract describes",
        MISPLACED_REMEDY,
    )
    context = f"ledger as ({rows}), {waiting(landed.known_at, landed.has_seen)}, one as (select 1)"
    return Summary("arrival", LEDGER, (check, _something_to_score(landed)), context, "one")


def newest_and_first_event(contract: Contract, until: int | None, known_at: datetime | None) -> str:
    """SQL of the newest event of an entity, in microseconds, and of its first; for the newest,
    events after `until` do not count."""
    happened = moment(contract.column(contract.event_time))
    limit = f"least({latest_moment()} - 1, {until if until is not None else 'null'})"
    events = (
        f"select {happened} as happened, {limit} as latest from {contract.table} "
        f"where {known('_loaded_at', known_at)}"
    )
    newest = "max(happened) filter (where happened <= latest)"
    return f"select {newest}, min(happened) from ({events})"


def _something_to_score(landed: Landed) -> Check:
    value, words = "1", "there is"
    remedy = (
        "Add files of an entity that says what partners did, such as crm.activities or "
        "finance.bookings (docs/catalogue/sources.md has all of them)."
    )
    if landed.first is None:
        value = "0" if landed.is_readable else "null"
        words = "no record says what partners did and when"
    elif landed.is_asked_for and landed.as_of is not None:
        first = _day(landed.first)
        # Whole weeks are scored.
        over = first + timedelta(days=7 - first.isoweekday())
        if landed.as_of < over:
            value = "0"
            words = f"the week of the first record, {first}, is not over by {landed.as_of}"
            remedy = (
                f"Score a later day: --as-of {over} at the earliest. Without --as-of the last "
                "complete week of the data is scored."
            )
    return make(
        "arrival",
        LEDGER,
        "something_to_score",
        value=value,
        least=1,
        words=literal(words),
        expected="there is a record of something that partners did by the end of the scored day",
        remedy=remedy,
    )


def _day(moment: int) -> date:
    return date.fromordinal(EPOCH.toordinal() + moment // DAY)


def _context(contract: Contract, landed: Landed) -> str:
    here = set(landed.columns)
    columns = ", ".join(
        quoted(one.name) if one.name in here else f"null::varchar as {quoted(one.name)}"
        for one in contract.columns
    )
    # File numbers count up, so the files of the newest batch are those from its first one on.
    first = "(select coalesce(min(file_id), 0) from delivery)"
    known_rows = f"{contract.table} where {known('_loaded_at', landed.known_at)}"
    technical = "_loaded_at, _file_id, _row_number"
    rows = f"select {columns}, {technical} from {known_rows} and _file_id >= {first}"
    held = f"select count(*) as rows from {known_rows}"
    if contract.required:
        held = f"select {_usable(contract)} from (select {columns}, _loaded_at from {known_rows})"
    if not here:
        rows = f"select {columns}, null::timestamp as _loaded_at where false"
        held = "select 0 as rows, 0 as usable, null as faults"
    return f"""{ledger(contract, landed.known_at, landed.has_seen)},
found as (
    select column_index as place, column_name as name from duckdb_columns()
    where database_name = current_database()
        and schema_name = {literal(contract.schema)} and table_name = {literal(contract.entity)}
),
held as ({held}),
arrived as ({rows})"""


def _columns(contract: Contract) -> Check:
    names = [column.name for column in contract.columns] + list(TECHNICAL)
    wanted = ", ".join(f"({place}, {literal(name)})" for place, name in enumerate(names, 1))
    pairs = f"(values {wanted}) as wanted (place, name) full join found using (place)"
    differs = "where wanted.name is distinct from found.name"
    return make(
        "arrival",
        contract.table,
        "columns",
        value=f"(select count(*) from {pairs} {differs})",
        most=0,
        words=f"(select coalesce('differs at: ' || string_agg(coalesce(wanted.name, found.name), "
        f"', ' order by place), 'as in the contract') from {pairs} {differs})",
        expected="the raw table has the columns of the landing contract, in its order",
        remedy="Land again with this version of the contract: an older one made the table.",
    )


def _rows(contract: Contract) -> Check:
    return make(
        "arrival",
        contract.table,
        "rows",
        value="(select usable from held)",
        least=1,
        words="(select rows || ' rows' || case when usable = 0 and rows > 0 "
        "then ', and none can be used: ' || faults else '' end from held)",
        evaluated="(select rows from held)",
        expected=f"{contract.name} has rows that fit its contract: nothing can be scored without",
        remedy=f"Deliver a file to the landing folder {contract.source}/{contract.entity}/ as "
        f"docs/catalogue/sources.md#{contract.source}{contract.entity} describes it.",
    )


def _usable(contract: Contract) -> str:
    """SQL of how many rows there are, how many of them staging will take, and what is wrong."""
    faults = [(one, f"{quoted(one.name)} is null", "empty") for one in _needed(contract)]
    for column in contract.columns:
        if condition := accepted(column):
            faults.append((column, f"not {condition}", f"other than {in_words(column)}"))
    words = ", ".join(
        f"case when count(*) filter (where {bad}) > 0 then {literal(column.name + ' is ')} "
        f"|| {literal(what)} || ' in ' || count(*) filter (where {bad}) || ' of them' end"
        for column, bad, what in faults
    )
    good = " and ".join(f"not ({bad})" for _, bad, _ in faults)
    return (
        f"count(*) as rows, count(*) filter (where {good}) as usable, "
        f"concat_ws('; ', {words}) as faults"
    )


def _present(contract: Contract) -> list[Check]:
    return [
        _share(
            contract,
            column.name,
            "present",
            bad=f"{quoted(column.name)} is null",
            expected=f"{column.name} is filled in",
        )
        for column in _needed(contract)
    ]


def _needed(contract: Contract) -> list[Column]:
    return [one for one in contract.columns if one.not_null or one.name in contract.key]


def _accepted(contract: Contract) -> list[Check]:
    conditions = [(column, accepted(column)) for column in contract.columns]
    return [
        _share(
            contract,
            column.name,
            "accepted",
            bad=f"not {condition}",
            expected=f"{column.name}, where filled in, is {in_words(column)}",
        )
        for column, condition in conditions
        if condition
    ]


def _share(contract: Contract, column: str, about: str, *, bad: str, expected: str) -> Check:
    return make(
        "arrival",
        contract.table,
        about,
        column=column,
        value=ACCEPTED_SHARE,
        least=1 - contract.tolerated_share,
        words=unless_absent(
            "{unexpected} || ' of ' || {evaluated} || ' rows of the newest delivery do not fit'"
        ),
        unexpected=f"count(*) filter (where {bad})",
        evaluated="count(*)",
        bad_row=bad,
        expected=f"{expected}, in at least {percent(1 - contract.tolerated_share)} of the newest "
        f"delivery ({FORGIVEN_ROWS} rows or fewer are forgiven)",
        remedy=f"Ask the owner ({contract.owner}) what changed at the source; {REDELIVER}.",
    )


def _fresh(contract: Contract, landed: Landed) -> list[Check]:
    bounds = (
        ("freshness_warning", "warn", contract.warn_after_days),
        ("freshness", "error", contract.error_after_days),
    )
    # Nothing had happened by then: as of that day the programme had no such source. Texts that
    # are no times are judged by the check of their column.
    age, words = "0", "'no event with a readable time by then'"
    earlier = ""
    if not landed.is_readable:
        age, words = "null", "'the event times could not be read'"
    elif landed.newest is not None and landed.as_of is not None:
        end = (landed.as_of - EPOCH).days * DAY + DAY
        age = f"{max(end - landed.newest, 0) / DAY}"
        words = literal(f"newest event {float(age):.1f} days before the end of {landed.as_of}")
        if landed.is_asked_for:
            earlier = f", or score an earlier day: its records reach to {_day(landed.newest)}"
    return [
        make(
            "arrival",
            contract.table,
            about,
            value=f"case when (select rows from held) = 0 then 0 else {age} end",
            most=days,
            words=unless_absent(words),
            severity="warn" if severity == "warn" else "error",
            expected=f"the newest {contract.event_time} is at most {days} days before the end of "
            "the scored day",
            remedy=f"Ask the owner ({contract.owner}) whether the export still runs{earlier}.",
        )
        for about, severity, days in bounds
        if days is not None
    ]
