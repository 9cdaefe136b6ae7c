"""The two gates: what enters (raw tables, arrival) and what leaves (marts, release).

A rule about a delivery as a whole (share of rows that staging will accept, freshness, volume) and
about a release as a whole (movement, restatements, completeness) lives here. Keys, vocabularies
and formulas between the gates are dbt tests. Great Expectations is imported when a gate runs, not
when this package is.
"""

from orchestration.quality.docs import build_data_docs
from orchestration.quality.gate import expected_checks, relations, run_gate
from orchestration.quality.results import (
    CheckResult,
    CheckSpec,
    Gate,
    blocking_failures,
    ensure_tables,
    missing_checks,
    read_results,
    record,
)

__all__ = [
    "CheckResult",
    "CheckSpec",
    "Gate",
    "blocking_failures",
    "build_data_docs",
    "ensure_tables",
    "expected_checks",
    "missing_checks",
    "read_results",
    "record",
    "relations",
    "run_gate",
]
