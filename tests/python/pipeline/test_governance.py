"""G3: every column of every mart has a description, an owner, a test and lineage to its sources;
and what a release carries for those who govern it."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration import documentation
from orchestration.contracts import load_contracts
from orchestration.governance import policy, reviews, seals
from orchestration.settings import PROJECT_DIR
from tests.python.governance.published import check_contract, check_event
from tests.python.pipeline.running import Programme

MADE_OF_NOTHING = re.compile(r"\b(ref|source)\(")


def gaps(
    marts: Mapping[str, Any], nodes: Iterable[Mapping[str, Any]], origins: set[tuple[str, str]]
) -> list[str]:
    """What is missing of a mart's columns, in words. `marts` are those of a release's manifest,
    `nodes` those of dbt, `origins` the columns whose beginning is known."""
    models = {
        n["name"]: n for n in nodes if n["resource_type"] == "model" and n["schema"] == "marts"
    }
    tests = [n["depends_on"]["nodes"] for n in nodes if n["resource_type"] == "test"]
    tested = {each for found in tests for each in found}
    found = []
    for name, mart in marts.items():
        model = models.get(name, {})
        if not model.get("config", {}).get("meta", {}).get("owner"):
            found.append(f"{name}: no owner")
        if model.get("unique_id") not in tested:
            found.append(f"{name}: no test, neither of a column nor of the whole")
        for column in mart["columns"]:
            if not (column["description"] or "").strip():
                found.append(f"{name}.{column['name']}: no description")
            if (name, column["name"]) not in origins:
                found.append(f"{name}.{column['name']}: no lineage")
    return found


def _read_by_test(node: Mapping[str, Any]) -> list[str]:
    return node["depends_on"]["nodes"] if node["resource_type"] == "test" else []


@pytest.fixture(scope="module")
def folder(released: Programme) -> Path:
    return (released.warehouse / "releases" / "current").resolve()


@pytest.fixture(scope="module")
def facts(released: Programme, folder: Path) -> tuple[dict, list, set]:
    """Marts, nodes and origins of a release."""
    built = json.loads((released.warehouse / "dbt" / "manifest.json").read_text())
    origins = released.released(
        "select distinct mart, column_name from marts.column_lineage where step = 'origin'"
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    return manifest["marts"], list(built["nodes"].values()), set(origins)


def test_every_column_of_every_mart_is_described_owned_tested_and_traced(facts):
    marts, nodes, origins = facts
    assert len(marts) > 30 and sum(len(mart["columns"]) for mart in marts.values()) > 400
    assert not gaps(marts, nodes, origins)


def test_what_is_missing_is_named(facts):
    marts, nodes, origins = json.loads(json.dumps(facts[0])), facts[1], set(facts[2])
    marts["partner_scorecards"]["columns"][0]["description"] = " "
    origins.remove(("partner_scorecards", "revenue_score"))
    mart = next(n for n in nodes if n["name"] == "partner_directory")
    others = [n for n in nodes if n is not mart and mart["unique_id"] not in _read_by_test(n)]
    bare = {**mart, "config": {"meta": {}}}
    first = marts["partner_scorecards"]["columns"][0]["name"]
    assert sorted(gaps(marts, [*others, bare], origins)) == [
        "partner_directory: no owner",
        "partner_directory: no test, neither of a column nor of the whole",
        f"partner_scorecards.{first}: no description",
        "partner_scorecards.revenue_score: no lineage",
    ]


def test_lineage_ends_at_files_policy_and_ledgers(released: Programme):
    """Only what a model that refers to nothing writes itself may end in the project's files."""
    stated = released.released(
        "select distinct relation from marts.column_lineage where kind = 'stated'"
    )
    for (relation,) in stated:
        schema, name = relation.split(".")
        (path,) = (PROJECT_DIR / "models" / schema).rglob(f"{name}.sql")
        text = path.read_text(encoding="utf-8")
        own = len(re.findall(r"registered_\w+\(|metrics\(\)|literal\(", text))
        assert own or not MADE_OF_NOTHING.search(text), f"{relation} refers to others"
    contracts = load_contracts()
    for entity, column in released.released(
        "select distinct relation, relation_column from marts.column_lineage where kind = 'file'"
    ):
        names = {each.name for each in contracts[entity].columns}
        assert column in names, f"{entity}.{column}"


def test_a_number_is_traced_to_the_columns_that_feed_it(released: Programme):
    fed = set(
        released.released(
            "select relation, relation_column from marts.column_lineage "
            "where mart = 'partner_scorecards' and column_name = 'revenue_score' "
            "and step = 'origin'"
        )
    )
    assert ("finance.bookings", "amount") in fed
    assert ("policy.metric_weights", "weight") in fed
    assert ("crm.partners", "partner_name") not in fed


def test_the_pages_of_dbt_get_what_a_column_is_made_from(released: Programme):
    origins = {(mart, column): made for mart, column, made in released.rows(documentation.ORIGINS)}
    assert "finance.bookings.amount" in origins["partner_scorecards", "revenue_score"]
    built = json.loads((released.warehouse / "dbt" / "manifest.json").read_text())
    for node in documentation.complete(built, origins)["nodes"].values():
        if node["name"] == "partner_directory" and node["resource_type"] == "model":
            assert "`crm.partners.region`" in node["columns"]["region"]["description"]


def test_the_release_carries_events_and_contracts(folder: Path):
    lines = (folder / "openlineage.ndjson").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert [each["eventType"] for each in events] == ["START", "COMPLETE"] * 2
    for each in events:
        check_event(each)
    scored, checked = events[1], events[3]
    facets = {each["name"]: each["facets"] for each in scored["outputs"]}
    assert "columnLineage" in facets["partner_scorecards"]
    assert any("dataQualityAssertions" in each["inputFacets"] for each in scored["inputs"]
               if each["namespace"].endswith("landing"))  # fmt: skip
    assert any("dataQualityAssertions" in each["inputFacets"] for each in checked["inputs"])
    documents = sorted((folder / "contracts").glob("*.odcs.yaml"))
    assert len(documents) == len(load_contracts())
    for path in documents:
        check_contract(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_manifest_states_the_seal_of_policy(released: Programme, folder: Path):
    ledger = seals.read()
    run = json.loads((folder / "manifest.json").read_text())["run"]
    assert run["policy_seal"]["hash"] == ledger.head and ledger.head
    newest = {each["framework_version"]: each["seal_hash"] for each in ledger.seals}
    rows = released.released(
        "select framework_version::varchar, seal_hash from marts.version_registry "
        "where status = 'approved'"
    )
    assert dict(rows) == newest


def test_the_registers_hold_what_is_registered(released: Programme):
    wanted = {(each.kind, each.name, each.due) for each in reviews.items() if each.needs_review}
    rows = released.released(
        "select item_kind, item, review_due::varchar from marts.review_calendar"
    )
    assert set(rows) == wanted and len(rows) == len(wanted)
    ((days, due, scored),) = released.released(
        "select days_left, review_due, (select as_of from release.about) "
        "from marts.review_calendar limit 1"
    )
    assert days == (due - scored).days
    owned = dict(
        released.released(
            "select item, sum(policy_rows)::integer from marts.owner_registry "
            "where item_kind = 'policy rows' group by item"
        )
    )
    tables = policy.tables()
    apart = {"framework_versions", "teams"}  # their rows are registered one by one
    assert owned == {name: len(t.rows) for name, t in tables.items() if name not in apart}
    terms = dict(released.released("select term, definition from marts.definition_registry"))
    assert "sales accepted" in terms["qualified lead"] and "meaningful touchpoint" in terms
    assert released.released(
        "select threshold from marts.threshold_registry where kind = 'anchor: target' "
        "and name = 'accepted_leads' and framework_version = 1 and segment = 'baseline'"
    ) == [(4,)]
    assert released.released("select count(*) from marts.source_registry") == [
        (len(load_contracts()),)
    ]
