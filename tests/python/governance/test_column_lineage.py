"""A column of a mart is followed back through models to where it begins."""

from orchestration.governance.column_lineage import rows

FOUND = {
    "scores.totals": {
        "total": ["policy.weights.weight", "scores.values.value"],
        "version": ["scores.totals.version", "policy.weights.version"],  # adds to itself
        "kind": [],
    },
    "scores.values": {"value": ["crm.deals.amount", "crm.deals._loaded_at"], "series": ["..n"]},
    "marts.cards": {
        "total": ["scores.totals.total"],
        "version": ["scores.totals.version"],
        "kind": ["scores.totals.kind"],
        "series": ["scores.values.series"],
        "checked": ["quality.check_results.status"],
        "unit": ["metrics.definitions.unit"],
    },
    "metrics.definitions": {"unit": []},
}
REFERS = {"scores.totals": ["policy.weights", "scores.values"], "scores.values": ["crm.deals"]}


def of(column: str, step: str) -> list[tuple[str, str, str]]:
    return [
        (row["kind"], row["relation"], row["relation_column"])
        for row in rows(FOUND, REFERS)
        if (row["mart"], row["column_name"], row["step"]) == ("cards", column, step)
    ]


def test_parents_are_what_the_mart_reads():
    assert of("total", "parent") == [("model", "scores.totals", "total")]
    assert of("checked", "parent") == [("ledger", "quality.check_results", "status")]


def test_origins_are_files_policy_and_ledgers():
    assert of("total", "origin") == [
        ("file", "crm.deals", "amount"),
        ("ledger", "crm.deals", "_loaded_at"),
        ("policy", "policy.weights", "weight"),
    ]
    assert of("version", "origin") == [("policy", "policy.weights", "version")]


def test_what_reads_no_column_comes_from_rows_or_is_stated():
    assert of("kind", "origin") == [
        ("rows", "policy.weights", "*"),
        ("rows", "scores.values", "*"),
    ]
    assert of("series", "origin") == [("rows", "crm.deals", "*")]
    assert of("unit", "origin") == [("stated", "metrics.definitions", "")]
