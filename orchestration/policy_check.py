"""The seals of approved policy as a check of a run: a policy that nobody approved is not published.

Turns what `governance.seals` finds into a result of the arrival gate; policy enters a run as files
do. Nothing is decided here.
"""

from datetime import UTC, datetime

from orchestration.governance import seals
from orchestration.quality import CheckResult, CheckSpec
from orchestration.settings import PROJECT_DIR

MOST_NAMED = 5
SPEC = CheckSpec(
    gate="arrival",
    check_name="policy.framework_versions: approved policy is as it was sealed",
    relation="policy.framework_versions",
    column_name=None,
    expectation="PolicyIsSealed",
    severity="error",
    expected="rows of approved versions, and policy without versions, are as they were sealed",
    remedy="See docs/governance.md#seals.",
)


def check(run_id: str) -> CheckResult:
    """Compare the policy files with their seals, and name what differs."""
    broken = seals.broken(PROJECT_DIR)
    named = [f"{each.table}: {each.key}: {each.what}" for each in broken[:MOST_NAMED]]
    more = f"; and {len(broken) - MOST_NAMED} more" if len(broken) > MOST_NAMED else ""
    remedies = list(dict.fromkeys(each.remedy for each in broken[:MOST_NAMED]))
    return CheckResult(
        run_id=run_id,
        gate=SPEC.gate,
        check_name=SPEC.check_name,
        relation=SPEC.relation,
        column_name=None,
        expectation=SPEC.expectation,
        severity=SPEC.severity,
        status="failed" if broken else "passed",
        expected=SPEC.expected,
        observed="; ".join(named) + more or "all rows as sealed",
        unexpected_rows=len(broken),
        evaluated_rows=None,
        remedy=". ".join(remedies) or SPEC.remedy,
        checked_at=datetime.now(UTC).replace(tzinfo=None),
    )
