"""The two gates as blocking asset checks: one per checked table, on the asset that it guards.

What is checked is decided in `quality`; here it is only tied to assets. A failing check keeps
everything downstream of its asset from running.
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from orchestration import policy_check, publishing, quality
from orchestration.assets.landing import WRITER
from orchestration.database import connect
from orchestration.settings import Settings
from orchestration.versions import policy_digest


def asset_key(relation: str) -> dg.AssetKey:
    """The asset of a `schema.table`: raw tables go by the name of their source."""
    schema, table = relation.split(".")
    return dg.AssetKey([schema.removeprefix("raw_"), table])


def specs_of(gate: quality.Gate) -> list[dg.AssetCheckSpec]:
    expected = quality.expected_checks(gate)
    return [
        dg.AssetCheckSpec(
            name=f"{gate}_gate",
            asset=asset_key(relation),
            blocking=True,
            description="; ".join(spec.expected for spec in expected if spec.relation == relation),
        )
        for relation in quality.relations(gate)
    ]


def as_dagster_results(
    gate: quality.Gate, results: list[quality.CheckResult]
) -> Iterator[dg.AssetCheckResult]:
    """One result per table: it passes when none of its checks blocks."""
    for relation in quality.relations(gate):
        mine = [result for result in results if result.relation == relation]
        blocking = quality.blocking_failures(mine)
        warned = [result for result in mine if result.status != "passed" and not result.blocks]
        yield dg.AssetCheckResult(
            check_name=f"{gate}_gate",
            asset_key=asset_key(relation),
            # No answer is not a pass.
            passed=bool(mine) and not blocking,
            metadata={
                "checks": len(mine),
                "passed": sum(result.status == "passed" for result in mine),
                "failures": "; ".join(
                    f"{each.check_name}: {each.observed}. {each.remedy}" for each in blocking
                )
                or "none",
                "warnings": "; ".join(f"{each.check_name}: {each.observed}" for each in warned)
                or "none",
            },
        )


@dg.multi_asset_check(specs=specs_of("arrival"), name="arrival_gate", pool=WRITER)
def arrival_gate(
    context: dg.AssetCheckExecutionContext, writable: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """What enters: schema, keys, types, vocabulary, freshness, volume, quarantined files; and that
    policy is as it was approved, which is for the release to ask for."""
    results = quality.run_gate(writable, "arrival", run_id=context.run.run_id, as_of=writable.as_of)
    sealed = policy_check.check(context.run.run_id)
    with connect(writable) as connection:
        quality.record(connection, [sealed])
    _tell(context, "arrival", [*results, sealed])
    yield from as_dagster_results("arrival", results)


@dg.multi_asset_check(specs=specs_of("release"), name="release_gate", pool=WRITER)
def release_gate(
    context: dg.AssetCheckExecutionContext, writable: dg.ResourceParam[Settings]
) -> Iterator[dg.AssetCheckResult]:
    """What leaves: ranges, sums, coverage, volume and movement against the last release."""
    last = publishing.current(writable)
    results = quality.run_gate(
        writable,
        "release",
        run_id=context.run.run_id,
        as_of=scored_day(writable),
        previous_release=last.database if last else None,
        framework_changed=last is not None and last.framework != policy_digest(),
    )
    _tell(context, "release", results)
    quality.build_data_docs(writable)
    yield from as_dagster_results("release", results)


def scored_day(settings: Settings) -> date:
    """The last day that the built scores look at."""
    with connect(settings, read_only=True) as connection:
        row = connection.execute("select as_of_on from activities.score_horizon").fetchone()
    assert row is not None
    return row[0]


def _tell(
    context: dg.AssetCheckExecutionContext, gate: str, results: list[quality.CheckResult]
) -> None:
    blocking = quality.blocking_failures(results)
    context.log.info(
        f"{gate} gate: {len(results) - len(blocking)} of {len(results)} checks let it pass"
    )
    for each in blocking:
        context.log.error(f"{each.check_name}: {each.observed}. {each.remedy}")
