"""The last gate: whether the checks of a run allow a release. It fails closed.

No answer is not a pass: a check that is missing, crashed, or reports a status that is not known
here stands against the release, whatever the orchestrator made of it. Checks are run elsewhere.
"""

from collections.abc import Mapping
from typing import Any

from orchestration.publishing.facts import NotPublishable, RunFacts

RERUN = "Run the quality gates again; if it stays missing, its suite or its name has changed."


def assert_publishable(facts: RunFacts) -> None:
    """Raise NotPublishable with one sentence for each check that stands against a release."""
    if blockers := find_blockers(facts):
        raise NotPublishable(blockers)


def find_blockers(facts: RunFacts) -> list[str]:
    """One sentence with its remedy for each check that stands against a release."""
    if not facts.checks_expected:
        return ["no check was expected, so none could pass. State the expected checks of the run."]
    # A result of another run says nothing about this one.
    own = [r for r in facts.check_results if r.get("run_id", facts.run_id) == facts.run_id]
    answered = {result["check_name"] for result in own}
    blockers = [
        f"{name}: missing, it gave no result in run {facts.run_id}. {RERUN}"
        for name in sorted(set(facts.checks_expected) - answered)
    ]
    return blockers + [s for r in own if (s := _sentence(r)) is not None]


def _sentence(result: Mapping[str, Any]) -> str | None:
    status = str(result.get("status") or "without a status")
    if status == "passed" or (status == "failed" and result.get("severity") == "warn"):
        return None
    observed = f", {result['observed']}" if result.get("observed") else ""
    remedy = result.get("remedy") or "See the quality report of the run."
    return f"{result['check_name']}: {status}{observed}. {remedy}"
