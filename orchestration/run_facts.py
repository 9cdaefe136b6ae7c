"""What a release states about the run that made it, gathered from ledger, gates and settings."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

from orchestration import policy_check, promises, publishing, quality
from orchestration.attachments import attachments
from orchestration.database import connect, rows_of
from orchestration.governance import seals
from orchestration.settings import Settings
from orchestration.versions import code_digest, commit, policy_digest

LEDGER = """
    select
        source || '.' || entity as entity, path, sha256, rows_landed as rows, status,
        file_id, batch_id, format, bytes, reason, remedy, physical_lines, lines_rejected,
        header_lines, blank_lines, continuation_lines, unknown_columns, loaded_at
    from landing.files
    where loaded_at <= coalesce(?, loaded_at)
    order by entity, file_id
"""
TOTALS = """
    select
        (select count(*) from landing.files where status = 'landed') as files_landed,
        (select count(*) from landing.files where status = 'quarantined') as files_quarantined,
        (select coalesce(sum(rows_landed), 0) from landing.files) as rows_landed,
        (select count(*) from landing.rejects) as lines_rejected,
        (select sum(rows_staged) from activities.source_status) as rows_staged,
        (select sum(rows_superseded) from activities.source_status) as rows_superseded,
        (select sum(rows_quarantined) from activities.source_status) as rows_quarantined,
        (select count(*) from activities.held_activities) as activities_held,
        (select count(*) from activities.activities) as activities,
        (select round(avg(breadth), 6) from marts.framework_breadth
            where segment = 'baseline' and is_in_force)
            as breadth
"""


# Most readers look at one week of all partners.
SORTED_BY = {"partner_score_history": ["week_start", "partner_id"]}


def ledger_inputs(settings: Settings) -> list[dict[str, Any]]:
    """Every file that the ledger knows, with all that landing it again takes."""
    if not settings.working_database.exists():
        return []
    with connect(settings, read_only=True) as connection:
        return rows_of(connection, LEDGER, [settings.known_at])


def fingerprint_of(settings: Settings, inputs: list[dict[str, Any]]) -> str:
    """What the current release is compared with to see that there is nothing new."""
    return publishing.fingerprint(
        as_of=settings.as_of,
        known_at=settings.known_at,
        code_version=f"{code_digest()} {settings.reporting_currency}",
        framework_hash=policy_digest(),
        inputs=inputs,
    )


def gather_facts(settings: Settings, run_id: str) -> publishing.RunFacts:
    """The facts of a run whose marts are built and checked."""
    inputs = ledger_inputs(settings)
    with connect(settings, read_only=True) as connection:
        horizon = rows_of(connection, "from activities.score_horizon")[0]
        totals = rows_of(connection, TOTALS)[0]
        versions = connection.execute(
            "select distinct framework_version from marts.partner_score_history order by 1"
        ).fetchall()
        results = quality.read_results(connection, run_id)
    gates = [*quality.expected_checks("arrival"), *quality.expected_checks("release")]
    expected = [policy_check.SPEC, *gates]
    sealed = seals.read()
    code_version = commit()
    attached = attachments(
        settings, run_id=run_id, code_version=code_version, files=inputs, results=results
    )
    return publishing.RunFacts(
        run_id=run_id,
        started_at=min((each.checked_at for each in results), default=datetime.now(UTC)),
        as_of=horizon["as_of_on"],
        known_at=horizon["known_at"],
        code_version=code_version,
        framework_versions=[str(version) for (version,) in versions],
        framework_hash=policy_digest(),
        inputs=inputs,
        totals={name: _plain(value) for name, value in totals.items()},
        checks_expected=[spec.check_name for spec in expected],
        check_results=[dataclasses.asdict(each) for each in results],
        fingerprint=fingerprint_of(settings, inputs),
        engine=settings.target,
        attachments=attached,
        keys=SORTED_BY,
        promises=promises.of_marts(settings),
        code_digest=code_digest(),
        policy_seal={
            "seal": len(sealed.seals),
            "hash": sealed.head,
            "framework_versions": sealed.versions,
        },
        asked={
            "as_of": settings.as_of,
            "known_at": settings.known_at,
            "reporting_currency": settings.reporting_currency,
            "engine": settings.target,
            "lineage": settings.lineage,
        },
    )


def _plain(value: Any) -> Any:
    return int(value) if value is not None and value == int(value) else value
