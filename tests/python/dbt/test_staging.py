"""Staging reads the landing contracts of the YAML, so it is tested as dbt compiled it: raw rows are
put beside those of the sample, and what staging and quarantine make of them is read back.
"""

from collections.abc import Callable
from itertools import permutations

import duckdb
import pytest

Compiled = Callable[[str], str]
Database = duckdb.DuckDBPyConnection

DEAL = {
    "deal_id": "D",
    "partner_id": "P-1",
    "registered_at": "2026-01-05T09:00:00+01:00",
    "outcome": "open",
    "amount": "10.50",
    "currency": "EUR",
}
OTHERS = {
    "learning.enrollments": {
        "enrollment_id": "E",
        "partner_id": "P-1",
        "course_id": "C",
        "assigned_at": "2026-01-05T09:00:00Z",
    },
    "feedback.surveys": {
        "response_id": "S",
        "partner_id": "P-1",
        "submitted_at": "2026-01-05T09:00:00Z",
        "score": "4",
    },
    "programme.interventions": {
        "intervention_id": "I",
        "partner_id": "P-1",
        "intervention": "call",
        "recommended_on": "2026-01-05",
    },
    "crm.deals": DEAL,
}


def _arrive(
    database: Database,
    entity: str,
    values: dict[str, str | None],
    loaded_at: str = "2026-06-30 00:00:00",
    row: int = 1,
) -> None:
    columns = [*values, "_file_id", "_row_number", "_loaded_at"]
    database.execute(
        f"insert into raw_{entity} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
        [*values.values(), 999, row, loaded_at],
    )


@pytest.mark.parametrize(
    ("entity", "column", "text", "reason"),
    [
        (
            "crm.deals",
            "registered_at",
            "2026-01-05 09:00",
            "not a timestamp with seconds and offset",
        ),
        ("crm.deals", "registered_at", "2026-01-05T09:00:00", "not a timestamp with seconds"),
        ("crm.deals", "registered_at", "2026-02-30T09:00:00Z", "not a timestamp with seconds"),
        ("crm.deals", "registered_at", "2026-07-05T09:00:00Z", "in the future"),
        ("crm.deals", "registered_at", "1970-01-01T00:00:00Z", "before 1990-01-01"),
        ("crm.deals", "registered_at", None, "missing"),
        ("crm.deals", "outcome", "Won", "not one of open, won, lost"),
        ("crm.deals", "amount", "1e3", "not a plain decimal(18,2)"),
        ("crm.deals", "amount", "1,000.00", "not a plain decimal(18,2)"),
        ("crm.deals", "amount", "10.505", "not a plain decimal(18,2)"),
        ("crm.deals", "amount", "-1", "below 0"),
        ("crm.deals", "currency", "Euro", "not like [A-Z]{3}"),
        ("learning.enrollments", "passed", "yes", "neither true nor false"),
        ("feedback.surveys", "score", "4.0", "not a whole number"),
        ("feedback.surveys", "score", "6", "above 5"),
        ("programme.interventions", "recommended_on", "05.01.2026", "not a date"),
        ("programme.interventions", "recommended_on", "2026-02-30", "not a date"),
    ],
)
def test_a_value_that_breaks_its_gate_is_quarantined_with_its_reason(
    entity: str,
    column: str,
    text: str | None,
    reason: str,
    database: Database,
    compiled: Compiled,
) -> None:
    _arrive(database, entity, OTHERS[entity], row=1)
    _arrive(database, entity, {**OTHERS[entity], column: text}, row=2)
    reasons = database.execute(
        f"select row_number, reason from ({compiled('quarantined_records')}) where file_id = 999"
    ).fetchall()
    assert [row for row, _ in reasons] == [2]
    assert reasons[0][1].startswith(f"{column}: {reason}")
    staged = compiled("stg_" + entity.replace(".", "__"))
    assert database.execute(
        f"select row_number from ({staged}) where file_id = 999"
    ).fetchall() == [(1,)]


@pytest.mark.parametrize("order", list(permutations(["2026-01-01", "2026-01-02", "2026-01-03"])))
def test_the_newest_version_wins_in_whatever_order_they_arrive(
    order: tuple[str, ...], database: Database, compiled: Compiled
) -> None:
    for batch, version in enumerate(order, start=1):
        partner = {
            "partner_id": "P",
            "partner_name": version,
            "track": "reseller",
            "contract_signed_at": "2025-01-01T00:00:00Z",
            "updated_at": f"{version}T00:00:00Z",
        }
        _arrive(database, "crm.partners", partner, f"2026-02-0{batch} 00:00:00", batch)
    rows = database.execute(
        "select partner_name, superseded_at::date::varchar, changed_at::date::varchar"
        f" from ({compiled('stg_crm__partners')}) where partner_id = 'P'"
    ).fetchall()
    arrived = {version: f"2026-02-0{batch}" for batch, version in enumerate(order, start=1)}
    assert len(rows) == 3
    for name, superseded_at, changed_at in rows:
        newer = [arrived[version] for version in order if version > name]
        assert superseded_at == (min(newer) if newer else None)
        assert changed_at == "2026-02-03"


def test_without_a_version_the_later_arrival_wins(database: Database, compiled: Compiled) -> None:
    _arrive(database, "crm.deals", {**DEAL, "outcome": "won"}, "2026-02-02 00:00:00", 1)
    _arrive(database, "crm.deals", DEAL, "2026-02-01 00:00:00", 2)
    rows = database.execute(
        "select outcome, superseded_at is null, registered_at::varchar"
        f" from ({compiled('stg_crm__deals')}) where deal_id = 'D' order by 1"
    ).fetchall()
    assert rows == [("open", False, "2026-01-05 08:00:00"), ("won", True, "2026-01-05 08:00:00")]


@pytest.mark.parametrize("last", ["withdrawn", "won"])
def test_a_withdrawn_record_has_no_newest_version_until_it_comes_again(
    last: str, database: Database, compiled: Compiled
) -> None:
    withdrawn = {**DEAL, "withdrawn_at": "2026-02-02T08:00:00Z"}
    _arrive(database, "crm.deals", DEAL, "2026-02-01 00:00:00", 1)
    _arrive(database, "crm.deals", withdrawn, "2026-02-02 00:00:00", 2)
    if last == "won":
        _arrive(database, "crm.deals", {**DEAL, "outcome": "won"}, "2026-02-03 00:00:00", 3)
    rows = database.execute(
        "select outcome, superseded_at::date::varchar, changed_at::date::varchar"
        f" from ({compiled('stg_crm__deals')}) where deal_id = 'D' order by loaded_at"
    ).fetchall()
    changed = "2026-02-03" if last == "won" else "2026-02-02"
    expected = [("open", "2026-02-02", changed), ("open", "2026-02-02", changed)]
    assert rows == expected + ([("won", None, changed)] if last == "won" else [])


def test_of_two_that_arrive_together_the_withdrawal_is_the_newer(
    database: Database, compiled: Compiled
) -> None:
    withdrawn = {**DEAL, "partner_id": "P-0", "withdrawn_at": "2026-02-01T08:00:00Z"}
    _arrive(database, "crm.deals", withdrawn, "2026-02-02 00:00:00", 1)
    _arrive(database, "crm.deals", DEAL, "2026-02-02 00:00:00", 2)
    assert database.execute(
        f"select count(*), count(superseded_at) from ({compiled('stg_crm__deals')})"
        " where deal_id = 'D'"
    ).fetchall() == [(2, 2)]
