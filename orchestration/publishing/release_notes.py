"""The notes of a release: what is different from the one before, for people who read no diff.

Every figure is read from the two releases, so notes and releases cannot say different things. What
scores are worth is said by the model card.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal
from orchestration.publishing.facts import DATABASE_FILE

# What notes are written from; a release without these marts has none.
NEEDED = ("partner_scorecards", "partner_score_history", "decisions", "framework_version_changes")
MOST_NAMED = 15

DECISIONS = """
    select decided_on, decision, decided_by, reason from now.marts.decisions
    {but_not_before} order by decided_on, decision
"""
BUT_NOT_BEFORE = """
    where (decision, decided_on) not in (select (decision, decided_on) from before.marts.decisions)
"""
VERSIONS = """
    select framework_version, based_on, count(*) from now.marts.framework_version_changes
    group by all order by all
"""
PARTNERS = """
    select
        count(*) filter (where past.partner_id is null),
        count(*) filter (where now.partner_id is null),
        count(*) filter (where now.status <> past.status),
        count(*) filter (where now.cell <> past.cell)
    from now.marts.partner_scorecards as now
    full join before.marts.partner_scorecards as past using (partner_id)
"""
BANDS = """
    select
        now.partner_id, replace(now.partner_name, '|', '/'), past.cell, now.cell,
        now.revenue_score - past.revenue_score, now.engagement_score - past.engagement_score
    from now.marts.partner_scorecards as now
    inner join before.marts.partner_scorecards as past using (partner_id)
    where now.cell <> past.cell
    order by
        greatest(abs(now.revenue_score - past.revenue_score),
            abs(now.engagement_score - past.engagement_score)) desc nulls last,
        now.partner_id
"""
RESTATED = """
    select count(*), count(distinct partner_id), min(week_start), max(week_start)
    from now.marts.partner_score_history as now
    inner join before.marts.partner_score_history as past using (partner_id, week_start)
    where
        abs(now.revenue_score - past.revenue_score) > 0.005
        or abs(now.engagement_score - past.engagement_score) > 0.005
"""


def release_notes(
    manifest: Mapping[str, Any], folder: Path, before: tuple[Mapping[str, Any], Path] | None
) -> str | None:
    """The notes as Markdown, from the manifest and folder of a release and of the one before.

    None where the release lacks what they are written from; so does a release before count as none.
    """
    if not set(NEEDED) <= set(manifest["marts"]):
        return None
    if before and not set(NEEDED) <= set(before[0]["marts"]):
        before = None
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(folder / DATABASE_FILE)} as now (read_only)")
        if before:
            connection.execute(f"attach {literal(before[1] / DATABASE_FILE)} as before (read_only)")
        parts = [
            *_head(manifest, before[0] if before else None),
            *_framework(connection, manifest, has_before=before is not None),
            *_data(manifest, before[0] if before else None),
            *(_scores(connection) if before else ()),
            *_checks(manifest),
        ]
    return "\n".join(parts) + "\n"


def _head(manifest: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterator[str]:
    yield f"# Release {manifest['release_id']}: what is new\n"
    run = manifest["run"]
    if before is None:
        yield f"As of {run['as_of']}. There is no release before that these notes could compare.\n"
        return
    yield (
        f"As of {run['as_of']}; the release before, {before['release_id']}, was as of "
        f"{before['run']['as_of']}.\n"
    )
    if run["code_version"] != before["run"]["code_version"]:
        yield (
            f"The code is another one: {run['code_version'][:12]}, before "
            f"{before['run']['code_version'][:12]}.\n"
        )


def _framework(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], *, has_before: bool
) -> Iterator[str]:
    yield "## Framework\n"
    yield f"Versions that scored: {', '.join(manifest['run']['framework_versions'])}.\n"
    sql = DECISIONS.format(but_not_before=BUT_NOT_BEFORE if has_before else "")
    decisions = connection.execute(sql).fetchall()
    if decisions:
        yield "Decided" + (" since the release before:\n" if has_before else ":\n")
        yield from (f"- {on}: {what} ({who}). {why}." for on, what, who, why in decisions)
        yield ""
    else:
        yield "Nothing was decided since the release before.\n"
    for version, base, count in connection.execute(VERSIONS).fetchall():
        yield (
            f"Version {version} states {count} numbers otherwise than version {base}: "
            f"`marts.framework_version_changes`; who moves: `partner-scoring impact --version "
            f"{version}`.\n"
        )


def _data(manifest: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterator[str]:
    known = {each["sha256"] for each in before["inputs"]} if before else set()
    new = [each for each in manifest["inputs"] if each["sha256"] not in known]
    yield "## Data\n"
    if not new:
        yield "No file is new.\n"
        return
    rows = sum(each["rows"] or 0 for each in new if each["status"] == "landed")
    yield f"New files: {len(new)}, with {rows:,} rows.\n"
    for each in new:
        if each["status"] != "landed":
            yield f"- {each['status']}: {each['entity']}, {Path(each['path']).name}"
    yield ""


def _scores(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield "## Scores\n"
    new, gone, statuses, cells = _one(connection, PARTNERS)
    yield (
        f"Partners: {new} new, {gone} gone, {statuses} with another status, {cells} with another "
        "pair of bands.\n"
    )
    changed = connection.execute(BANDS).fetchall()
    if changed:
        yield "| partner | name | before | now | revenue | engagement |"
        yield "|---|---|---|---|---:|---:|"
        yield from (
            f"| {partner} | {name} | {past} | {now} | {_points(revenue)} | {_points(engagement)} |"
            for partner, name, past, now, revenue, engagement in changed[:MOST_NAMED]
        )
        yield ""
        if len(changed) > MOST_NAMED:
            yield f"And {len(changed) - MOST_NAMED} more.\n"
    restated, partners, first, last = _one(connection, RESTATED)
    if restated:
        yield (
            f"Restated: {restated} scores of weeks that had been published ({partners} partners, "
            f"weeks of {first} to {last}), because of late records, corrections or another "
            "framework.\n"
        )


def _checks(manifest: Mapping[str, Any]) -> Iterator[str]:
    results = manifest["checks"]["results"]
    yield "## Checks\n"
    passed = sum(each["status"] == "passed" for each in results)
    yield f"{passed} of {len(results)} passed: `marts.quality_checks`.\n"
    for each in results:
        if each["status"] != "passed":
            yield f"- {each['status']}: {each['check_name']}: {each['observed']}"


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> Sequence[Any]:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:+.1f}"
