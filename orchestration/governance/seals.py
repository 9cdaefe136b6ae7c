"""Seals: policy that was approved stays as it was, or the change is named and decided anew (S8).

`seeds/seals/policy_seals.csv` has a row per seal, each with the hash of the one before it;
`sealed_rows.jsonl` has every policy row that a seal took in or let go, so that a row that was
edited, deleted or added since can be named with what it was. What a table's meta `sealed` says
decides what is sealed of it: `by_version` the rows of approved versions, `as_a_whole` all rows,
`as_a_log` rows that may only be added, `no` nothing (it decides no score). `review_due` is never
sealed: looking again later is no change of policy, and neither is a number written otherwise
(0.10 for 0.1).
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.governance import policy
from orchestration.governance.policy import Row, Table
from orchestration.settings import PROJECT_DIR

FOLDER = Path("seeds") / "seals"
SEALS = FOLDER / "policy_seals.csv"
ROWS = FOLDER / "sealed_rows.jsonl"
COLUMNS = (
    "seal", "framework_version", "sealed_on", "approved_by", "decisions", "rows_sealed",
    "rows_released", "previous_hash", "seal_hash",
)  # fmt: skip
UNSEALED_COLUMNS = ("review_due",)
LOG, VERSIONS = "decision_log", "framework_versions"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
Place = tuple[str, str]  # table, key in words


class SealRefused(RuntimeError):
    """Nothing was sealed; the message says what is missing."""


@dataclass(frozen=True)
class Broken:
    """Something that is not as it was sealed, in words, and what to do about it."""

    table: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{policy.FOLDER}/{self.table}.csv: {self.key}: {self.what}. {self.remedy}"


@dataclass(frozen=True)
class Ledger:
    """All seals, and the rows that are sealed now."""

    seals: tuple[Row, ...]
    lines: tuple[dict[str, Any], ...]

    @property
    def head(self) -> str:
        """Hash of the newest seal; through it, of all of them."""
        return self.seals[-1]["seal_hash"] if self.seals else ""

    @property
    def versions(self) -> list[str]:
        return list(dict.fromkeys(each["framework_version"] for each in self.seals))

    def rows(self) -> dict[Place, Row]:
        found: dict[Place, Row] = {}
        for line in self.lines:
            if line["change"] == "sealed":
                found[(line["table"], line["key"])] = line["row"]
            else:
                found.pop((line["table"], line["key"]), None)
        return found


def read(project: Path = PROJECT_DIR) -> Ledger:
    """The seals as they are in the files."""
    if not (project / SEALS).exists():
        return Ledger((), ())
    with (project / SEALS).open(encoding="utf-8", newline="") as file:
        seals = tuple(csv.DictReader(file))
    lines = (project / ROWS).read_text(encoding="utf-8").splitlines()
    return Ledger(seals, tuple(json.loads(line) for line in lines))


def broken(project: Path = PROJECT_DIR) -> list[Broken]:
    """Everything that stands against the seals: none means policy is as it was approved."""
    ledger, tables = read(project), policy.tables(project)
    return [
        *_broken_chain(ledger),
        *(each for each, _ in _changes(ledger, tables)),
        *_unsealed_versions(ledger, tables),
    ]


def seal(version: str, on: date, project: Path = PROJECT_DIR) -> Row:
    """Seal a version that has just been approved, or what was decided about a sealed one since.

    Gives the new row of `policy_seals.csv`. Raises SealRefused.
    """
    ledger, tables = read(project), policy.tables(project)
    if chain := list(_broken_chain(ledger)):
        raise SealRefused(str(chain[0]))
    approved = _approval(ledger, tables, version)
    decisions = _new_decisions(ledger, tables[LOG], version)
    changed = list(_changes(ledger, tables))
    is_first = version not in ledger.versions
    if is_first and not any(each["area"] == "framework" for each in decisions):
        raise SealRefused(
            f"No row of {LOG}.csv with area framework adopts version {version}. Write one: who "
            "decided it, on which day, and why."
        )
    if is_first:
        _refuse_looking_back(approved)
    _refuse_undecided(version, changed, decisions)
    if ledger.seals and on.isoformat() < ledger.seals[-1]["sealed_on"]:
        raise SealRefused(f"A seal of {on} would be older than the last one.")
    if any(each["decided_on"] > on.isoformat() for each in decisions):
        raise SealRefused(f"A decision of {version} is later than its seal of {on}.")
    now = _to_seal([*ledger.versions, version], tables)
    now |= {(LOG, tables[LOG].key_of(row)): _canonical(row) for row in decisions}
    lines = _lines(len(ledger.seals) + 1, ledger.rows(), now)
    if not lines:
        raise SealRefused("Nothing to seal: all of it is sealed as it is.")
    row = {
        "seal": str(len(ledger.seals) + 1),
        "framework_version": version,
        "sealed_on": on.isoformat(),
        "approved_by": approved["approved_by"],
        "decisions": "; ".join(each["decision"] for each in decisions),
        "rows_sealed": str(sum(line["change"] == "sealed" for line in lines)),
        "rows_released": str(sum(line["change"] == "released" for line in lines)),
        "previous_hash": ledger.head,
    }
    row["seal_hash"] = _hash(row, lines)
    _write(project, (*ledger.seals, row), (*ledger.lines, *lines))
    return row


# --- what is sealed


def _to_seal(versions: list[str], tables: dict[str, Table]) -> dict[Place, Row]:
    """The rows that belong to approved policy as the files have them, without the log."""
    found = {}
    for table in tables.values():
        how = table.meta.get("sealed")
        for key, row in table.keyed().items():
            of_version = how == "by_version" and row["framework_version"] in versions
            if of_version or how == "as_a_whole":
                found[(table.name, key)] = _canonical(row)
    return found


def _canonical(row: Row) -> Row:
    """A row as it is sealed: no empty cell (a column may be added), numbers in one form."""
    return {
        name: _number(value.strip())
        for name, value in row.items()
        if value.strip() and name not in UNSEALED_COLUMNS
    }


def _number(text: str) -> str:
    return format(Decimal(text).normalize(), "f") if NUMBER.fullmatch(text) else text


def _lines(number: int, before: dict[Place, Row], now: dict[Place, Row]) -> list[dict[str, Any]]:
    """What a seal takes in and lets go; rows of the log are never let go."""
    kept = {place for place in before if place[0] == LOG}
    released = [place for place in before if before[place] != now.get(place) and place not in kept]
    lines = [(place, "released", before[place]) for place in sorted(released)]
    lines += [
        (place, "sealed", now[place]) for place in sorted(now) if before.get(place) != now[place]
    ]
    return [
        {"seal": number, "change": change, "table": table, "key": key, "row": row}
        for (table, key), change, row in lines
    ]


def _hash(seal_row: Row, lines: list[dict[str, Any]]) -> str:
    header = [seal_row[name] for name in COLUMNS if name != "seal_hash"]
    text = json.dumps([header, lines], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(project: Path, seals: tuple[Row, ...], lines: tuple[dict[str, Any], ...]) -> None:
    (project / FOLDER).mkdir(parents=True, exist_ok=True)
    with (project / SEALS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(seals)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (project / ROWS).write_text(text, encoding="utf-8")


# --- what stands against it


def _broken_chain(ledger: Ledger) -> Iterator[Broken]:
    before = ""
    for row in ledger.seals:
        lines = [line for line in ledger.lines if str(line["seal"]) == row["seal"]]
        if row["previous_hash"] != before or row["seal_hash"] != _hash(row, lines):
            yield Broken(
                "../seals/policy_seals",
                f"seal {row['seal']}",
                "the seal itself, or a row of sealed_rows.jsonl, was edited",
                "Restore seeds/seals from git: seals are written by `partner-scoring seal` alone.",
            )
            return
        before = row["seal_hash"]


def _changes(ledger: Ledger, tables: dict[str, Table]) -> Iterator[tuple[Broken, str]]:
    """Each row that is not as it was sealed, with its table."""
    sealed, now = ledger.rows(), _to_seal(ledger.versions, tables)
    if LOG in tables:
        logged = {(LOG, key): _canonical(row) for key, row in tables[LOG].keyed().items()}
        now |= {place: row for place, row in logged.items() if place in sealed}
    seals = {(line["table"], line["key"]): line["seal"] for line in ledger.lines}
    for place in sorted(set(sealed) | set(now)) if ledger.seals else ():
        was, is_ = sealed.get(place), now.get(place)
        if was == is_:
            continue
        table, key = place
        if is_ is None:
            what = f"was deleted after seal {seals[place]}; it was {_told(was or {})}"
        elif was is None:
            what = f"was added to what is sealed; it is {_told(is_)}"
        else:
            parts = [
                f"{name} was {was.get(name, 'empty')}, is {is_.get(name, 'empty')}"
                for name in dict.fromkeys([*was, *is_])
                if was.get(name) != is_.get(name)
            ]
            what = f"was edited after seal {seals[place]}: {'; '.join(parts)}"
        yield Broken(table, key, what, _remedy(table, (is_ or was or {}), ledger)), table


def _remedy(table: str, row: Row, ledger: Ledger) -> str:
    if table == LOG:
        return "The log is only added to: restore the row and write a new decision."
    version = row.get("framework_version", ledger.versions[-1])
    return (
        "Restore it, or put the change into a version that is not approved. If it was decided: a "
        f"new row of {LOG}.csv (framework_version {version}, area {table}), then "
        f"`partner-scoring seal {version}`"
    )


def _told(row: Row) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items())


def _unsealed_versions(ledger: Ledger, tables: dict[str, Table]) -> Iterator[Broken]:
    for row in tables[VERSIONS].rows:
        version = row["framework_version"]
        if row["status"] == "approved" and version not in ledger.versions:
            yield Broken(
                VERSIONS,
                version,
                "is approved and not sealed",
                f"`partner-scoring seal {version}` seals it",
            )


# --- what a seal asks for


def _approval(ledger: Ledger, tables: dict[str, Table], version: str) -> Row:
    rows = [row for row in tables[VERSIONS].rows if row["framework_version"] == version]
    if not rows:
        raise SealRefused(f"There is no version {version} in {VERSIONS}.csv.")
    row = rows[0]
    if version in ledger.versions and row["status"] == "withdrawn":
        return row
    if row["status"] != "approved":
        raise SealRefused(f"Version {version} is {row['status']}: only what is approved is sealed.")
    if not row["approved_by"].strip() or not row["approved_on"].strip():
        raise SealRefused(f"Version {version} does not say who approved it and when.")
    return row


def _refuse_looking_back(approved: Row) -> None:
    """What was scored under an old version stays scored under it: no new one begins before it was
    approved. The first of all has nothing before it."""
    begins, on = approved["effective_from"].strip(), approved["approved_on"].strip()
    if approved["based_on"].strip() and begins < on:
        version = approved["framework_version"]
        raise SealRefused(
            f"Version {version} is to apply from {begins}, before it was approved on {on}: scores "
            f"that are published would be made anew under it. Set its effective_from in "
            f"{VERSIONS}.csv to {on} or later."
        )


def _new_decisions(ledger: Ledger, log: Table, version: str) -> list[Row]:
    sealed = ledger.rows()
    return [
        row
        for row in log.rows
        if row["framework_version"] == version and (LOG, log.key_of(row)) not in sealed
    ]


def _refuse_undecided(
    version: str, changed: list[tuple[Broken, str]], decisions: list[Row]
) -> None:
    """Each table that changed needs a decision of its own: adopting a version is none."""
    areas = {area.strip() for each in decisions for area in each["area"].split(";")}
    if "framework" in areas:
        areas.add(VERSIONS)
    undecided = [each for each, table in changed if table not in areas]
    if undecided:
        rows = "\n".join(f"- {each.table}: {each.key}: {each.what}" for each in undecided)
        named = "; ".join(dict.fromkeys(each.table for each in undecided))
        raise SealRefused(
            f"Sealed policy has changed, and no new decision about version {version} says so:\n"
            f"{rows}\nRestore these rows, or write a row of {LOG}.csv with framework_version "
            f"{version} and area {named}."
        )
