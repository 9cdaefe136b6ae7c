"""Contracts and lineage events are documents of their published standards."""

import copy
from datetime import UTC, datetime

import pytest
import yaml
from jsonschema import ValidationError

from orchestration.contracts import load_contracts
from orchestration.governance import odcs
from orchestration.governance.openlineage import MartFacts, RunOfRelease, events
from tests.python.governance.published import check_contract, check_event

AT = datetime(2026, 6, 28, 10, tzinfo=UTC)
RUN = RunOfRelease(
    run_id="0c565200-28cf-4e98-9a53-0242ac120002",
    code_version="0123abc",
    started_at=AT,
    ended_at=AT,
    contracts={"crm.leads": load_contracts()["crm.leads"]},
    files=[{"entity": "crm.leads", "status": "landed", "rows": 7, "bytes": 100}],
    marts=[MartFacts("partner_scorecards", "Scores.", "partner-operations", 20,
                     [("score", "DOUBLE", "The score.")])],
    lineage=[{"mart": "partner_scorecards", "column_name": "score", "step": "origin",
              "kind": "file", "relation": "crm.leads", "relation_column": "lead_id"}],
    results=[{"relation": "raw_crm.leads", "column_name": "lead_id", "expectation": "not null",
              "status": "failed", "severity": "warn", "check_name": "a", "expected": "x",
              "observed": "y"}],
)  # fmt: skip


@pytest.mark.parametrize("name", load_contracts())
def test_every_contract_is_a_document_of_the_standard(name: str):
    contract = load_contracts()[name]
    document = yaml.safe_load(yaml.safe_dump(odcs.document(contract)))
    check_contract(document)
    (schema,) = document["schema"]
    assert [each["name"] for each in schema["properties"]] == [c.name for c in contract.columns]
    assert document["team"] == {"name": contract.owner}
    key = {each["name"] for each in schema["properties"] if each.get("primaryKey")}
    assert key == set(contract.key)
    personal = {each["name"] for each in schema["properties"] if each.get("classification")}
    assert personal == {each.name for each in contract.columns if each.personal_data}


@pytest.mark.parametrize(
    ("place", "value"),
    [("kind", "Contract"), ("apiVersion", "v9"), ("id", None), ("team", {"nickname": "x"})],
)
def test_a_broken_contract_is_noticed(place: str, value: object):
    document = odcs.document(load_contracts()["crm.leads"])
    with pytest.raises(ValidationError):
        check_contract({**document, place: value})


def test_events_are_as_specified():
    found = events(RUN)
    assert [(e["eventType"], e["job"]["name"]) for e in found] == [
        ("START", "score"), ("COMPLETE", "score"),
        ("START", "release_gate"), ("COMPLETE", "release_gate"),
    ]  # fmt: skip
    for each in found:
        check_event(each)
    done = found[1]
    (source,), (mart,) = done["inputs"], done["outputs"]
    assert source["facets"]["ownership"]["owners"] == [
        {"name": "team:sales-operations", "type": "OWNER"}
    ]
    assert source["inputFacets"]["dataQualityMetrics"]["rowCount"] == 7
    (assertion,) = source["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert assertion["success"] is False and assertion["column"] == "lead_id"
    lineage = mart["facets"]["columnLineage"]["fields"]["score"]["inputFields"]
    assert lineage == [
        {"namespace": source["namespace"], "name": source["name"], "field": "lead_id"}
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda e: e.update(eventType="DONE"),
        lambda e: e.update(eventTime="yesterday"),
        lambda e: e["run"].update(runId="run 7"),
        lambda e: e.pop("producer"),
        lambda e: e["job"].pop("namespace"),
        lambda e: e["outputs"][0].pop("name"),
        lambda e: e["outputs"][0]["facets"]["schema"]["fields"][0].pop("name"),
        lambda e: e["outputs"][0]["facets"]["schema"].update(field=[]),
        lambda e: e["outputs"][0]["facets"]["ownership"].pop("_producer"),
        lambda e: e["outputs"][0]["facets"]["columnLineage"]["fields"]["score"].clear(),
        lambda e: e["outputs"][0]["facets"]["schema"].update(_schemaURL="https://example.com/x"),
        lambda e: e["inputs"][0]["inputFacets"]["dataQualityMetrics"].update(rowCount="7"),
        lambda e: e["inputs"][0]["inputFacets"]["dataQualityAssertions"].update(assertions=[{}]),
    ],
)  # fmt: skip
def test_a_broken_event_is_noticed(damage):
    event = copy.deepcopy(events(RUN)[1])
    damage(event)
    with pytest.raises(ValidationError):
        check_event(event)
