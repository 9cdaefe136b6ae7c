"""Without dirt every value of the sample follows the landing contract."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orchestration.contracts import Column, Contract, load_contracts
from orchestration.sample import SampleSummary
from orchestration.sample.names import MILESTONES
from orchestration.sample.records import SHAPES

CONTRACTS = load_contracts()
END = datetime(2026, 6, 28, 23, 59, 59, tzinfo=UTC)
OFFSET_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
Read = Callable[[str], list[dict[str, Any]]]


def typed(column: Column, value: Any) -> Any:
    """The value in its type; fails where it does not match in full."""
    if column.data_type == "timestamp":
        if isinstance(value, datetime):
            assert value.utcoffset() == timedelta(0)
            return value
        assert OFFSET_TIME.fullmatch(value), value
        return datetime.fromisoformat(value)
    if column.data_type == "integer":
        assert re.fullmatch(r"-?\d+", str(value)), value
        return int(value)
    if column.data_type.startswith("decimal"):
        assert re.fullmatch(r"-?\d+\.\d\d", str(value)), value
        return Decimal(str(value))
    if column.data_type == "boolean":
        assert value in ("true", "false", True, False), value
        return value in ("true", True)
    if column.data_type == "date":
        return date.fromisoformat(str(value))
    assert isinstance(value, str), value
    return value


def exported(contract: Contract) -> list[Column]:
    """Columns of the sample's files: its sources withdraw nothing, a column to leave out."""
    return [each for each in contract.columns if each.name != contract.withdrawn_by]


def test_every_entity_of_the_contract_is_written_with_its_columns(clean: SampleSummary) -> None:
    assert set(SHAPES) == set(CONTRACTS)
    for name, contract in CONTRACTS.items():
        columns = [each.name for each in SHAPES[name].columns]
        assert columns == [each.name for each in exported(contract)], name
        assert clean.rows[name] > 0, name


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_values_follow_the_contract(name: str, records: Read) -> None:
    rows = records(name)
    for column in exported(CONTRACTS[name]):
        raw = {row[column.name] for row in rows}
        assert not (column.not_null and None in raw), column.name
        values = {typed(column, value) for value in raw if value is not None}
        assert values or column.name == "parent_partner_id", f"{column.name} is always empty"
        if column.values:
            assert values <= set(column.values), column.name
        if column.pattern:
            assert all(re.fullmatch(column.pattern, value) for value in values), column.name
        if column.minimum is not None:
            assert min(values) >= column.minimum, column.name
        if column.maximum is not None:
            assert max(values) <= column.maximum, column.name
        if column.data_type == "timestamp" and not column.may_be_future:
            assert max(values) <= END, column.name


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_a_record_is_written_once_and_partners_once_per_version(name: str, records: Read) -> None:
    rows = records(name)
    version = CONTRACTS[name].version
    key = [*CONTRACTS[name].key, *([version] if version else [])]
    assert len({tuple(row[each] for each in key) for row in rows}) == len(rows)


def test_records_are_of_known_partners_and_after_their_contract(records: Read) -> None:
    signed = {
        row["partner_id"]: datetime.fromisoformat(row["contract_signed_at"])
        for row in records("crm.partners")
    }
    assert len(signed) == 400
    for name, contract in CONTRACTS.items():
        if name in ("crm.partners", "programme.interventions"):
            continue
        event = contract.column(contract.event_time)
        for row in records(name):
            assert typed(event, row[event.name]) >= signed[row["partner_id"]], name


def test_a_course_of_events_has_an_order(records: Read) -> None:
    def ordered(row: dict[str, Any], *columns: str) -> bool:
        times = [datetime.fromisoformat(row[each]) for each in columns if row[each]]
        return times == sorted(times)

    for deal in records("crm.deals"):
        assert ordered(deal, "registered_at", "approved_at", "qualified_at", "closed_at")
        assert (deal["closed_at"] is None) == (deal["outcome"] == "open")
        assert not (deal["approved_at"] and deal["rejected_at"])
    won = {row["deal_id"]: row for row in records("crm.deals") if row["outcome"] == "won"}
    for booking in records("finance.bookings"):
        if booking["deal_id"]:
            deal = won[booking["deal_id"]]
            assert deal["partner_id"] == booking["partner_id"]
            assert datetime.fromisoformat(booking["booked_at"]) >= datetime.fromisoformat(
                deal["closed_at"]
            )
    for profile in records("accounts.profiles"):
        assert profile["reachable_accounts"] <= profile["icp_accounts"]
        assert profile["icp_accounts"] <= profile["matched_accounts"]
    assert {row["milestone"] for row in records("portal.milestones")} == set(MILESTONES)
