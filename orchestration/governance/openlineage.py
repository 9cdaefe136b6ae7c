"""A release as OpenLineage events: what was read, what was made of it, and which checks it passed.

Two jobs, each with a START and a COMPLETE: `score` reads source entities (with what the arrival
gate found) and policy, and writes marts (schema, owner, column lineage back to files and policy);
`release_gate` reads the marts (with what it found). No database is opened and nothing is sent:
whoever has a lineage server posts the lines.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orchestration.contracts import Contract

NAMESPACE = "partner-scoring"
FILES, POLICY, MARTS, LEDGERS = (f"{NAMESPACE}/{each}" for each in
                                 ("landing", "policy", "marts", "ledgers"))  # fmt: skip
SPEC = "https://openlineage.io/spec"
CORE = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = {
    "schema": "1-2-0/SchemaDatasetFacet",
    "documentation": "1-1-0/DocumentationDatasetFacet",
    "ownership": "1-0-1/OwnershipDatasetFacet",
    "columnLineage": "1-2-0/ColumnLineageDatasetFacet",
    "dataQualityAssertions": "1-1-0/DataQualityAssertionsDatasetFacet",
    "dataQualityMetrics": "1-0-3/DataQualityMetricsInputDatasetFacet",
    "outputStatistics": "1-0-2/OutputStatisticsOutputDatasetFacet",
}
PLACES = {"file": FILES, "policy": POLICY, "ledger": LEDGERS}


@dataclass(frozen=True)
class MartFacts:
    """What an event says of a mart; `columns` are name, type, description."""

    name: str
    description: str
    owner: str
    rows: int
    columns: Sequence[tuple[str, str, str | None]]


@dataclass(frozen=True)
class RunOfRelease:
    """The run that made the release. `files` are the inputs of its manifest, `lineage` rows of
    `marts.column_lineage`, `results` those of both gates."""

    run_id: str
    code_version: str
    started_at: datetime
    ended_at: datetime
    contracts: Mapping[str, Contract]
    files: Sequence[Mapping[str, Any]]
    marts: Sequence[MartFacts]
    lineage: Sequence[Mapping[str, str]]
    results: Sequence[Mapping[str, Any]]


def events(run: RunOfRelease) -> list[dict[str, Any]]:
    """The events in the order in which things happened."""
    writer = _Writer(run)
    gate = str(uuid.uuid5(uuid.UUID(run.run_id), "release_gate"))
    marts = [writer.mart(mart) for mart in run.marts]
    checked = [writer.checked_mart(mart) for mart in run.marts]
    return [
        writer.event("START", run.started_at, run.run_id, "score"),
        writer.event("COMPLETE", run.ended_at, run.run_id, "score", writer.inputs(), marts),
        writer.event("START", run.ended_at, gate, "release_gate"),
        writer.event("COMPLETE", run.ended_at, gate, "release_gate", checked),
    ]


def as_lines(found: Iterable[Mapping[str, Any]]) -> str:
    """Newline-delimited JSON."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)


class _Writer:
    def __init__(self, run: RunOfRelease) -> None:
        self._run = run
        self._producer = f"urn:{NAMESPACE}:{run.code_version}"

    def event(
        self,
        kind: str,
        at: datetime,
        run_id: str,
        job: str,
        inputs: Sequence[Any] = (),
        outputs: Sequence[Any] = (),
    ) -> dict[str, Any]:
        return {
            "eventType": kind,
            "eventTime": _utc(at),
            "producer": self._producer,
            "schemaURL": CORE,
            "run": {"runId": run_id, "facets": {}},
            "job": {"namespace": NAMESPACE, "name": job, "facets": {}},
            "inputs": list(inputs),
            "outputs": list(outputs),
        }

    def inputs(self) -> list[dict[str, Any]]:
        policy = {
            row["relation"] for row in self._run.lineage
            if row["kind"] == "policy" and row["step"] == "origin"
        }  # fmt: skip
        return [
            *(self._entity(each) for each in self._run.contracts.values()),
            *({"namespace": POLICY, "name": each, "facets": {}} for each in sorted(policy)),
        ]

    def mart(self, mart: MartFacts) -> dict[str, Any]:
        fields: dict[str, dict[str, Any]] = {}
        for row in self._run.lineage:
            if row["mart"] == mart.name and row["step"] == "origin" and row["kind"] in PLACES:
                place = {
                    "namespace": PLACES[row["kind"]],
                    "name": row["relation"],
                    "field": row["relation_column"],
                }
                fields.setdefault(row["column_name"], {"inputFields": []})["inputFields"].append(
                    place
                )
        facets = self._described(mart.columns, mart.description, mart.owner)
        if fields:
            facets["columnLineage"] = self._facet("columnLineage", fields=fields)
        return {
            "namespace": MARTS,
            "name": mart.name,
            "facets": facets,
            "outputFacets": {
                "outputStatistics": self._facet("outputStatistics", rowCount=mart.rows)
            },
        }

    def checked_mart(self, mart: MartFacts) -> dict[str, Any]:
        return {
            "namespace": MARTS,
            "name": mart.name,
            "facets": self._described(mart.columns, mart.description, mart.owner),
            "inputFacets": self._assertions(f"marts.{mart.name}"),
        }

    def _entity(self, contract: Contract) -> dict[str, Any]:
        mine = [each for each in self._run.files if each["entity"] == contract.name]
        landed = [each for each in mine if each["status"] == "landed"]
        metrics = self._facet(
            "dataQualityMetrics",
            rowCount=sum(int(each["rows"] or 0) for each in landed),
            bytes=sum(int(each["bytes"] or 0) for each in landed),
            fileCount=len(landed),
            columnMetrics={},
        )
        columns = [(each.name, each.data_type, each.description) for each in contract.columns]
        return {
            "namespace": FILES,
            "name": contract.name,
            "facets": self._described(columns, contract.description, contract.owner),
            "inputFacets": {"dataQualityMetrics": metrics, **self._assertions(contract.table)},
        }

    def _described(
        self, columns: Sequence[tuple[str, str, str | None]], description: str, owner: str
    ) -> dict[str, Any]:
        fields = [
            {"name": name, "type": kind, "description": words or ""}
            for name, kind, words in columns
        ]
        return {
            "schema": self._facet("schema", fields=fields),
            "documentation": self._facet("documentation", description=description),
            "ownership": self._facet(
                "ownership", owners=[{"name": f"team:{owner}", "type": "OWNER"}]
            ),
        }

    def _assertions(self, relation: str) -> dict[str, Any]:
        found = []
        for each in self._run.results:
            if each["relation"] == relation:
                about = {
                    "assertion": each["expectation"],
                    "success": each["status"] == "passed",
                    "severity": each["severity"],
                    "name": each["check_name"],
                    "expected": each["expected"],
                    "actual": each["observed"],
                }
                if each["column_name"]:
                    about["column"] = each["column_name"]
                found.append(about)
        if not found:
            return {}
        return {"dataQualityAssertions": self._facet("dataQualityAssertions", assertions=found)}

    def _facet(self, name: str, **said: Any) -> dict[str, Any]:
        where = FACETS[name]
        url = f"{SPEC}/facets/{where}.json#/$defs/{where.split('/')[1]}"
        return {"_producer": self._producer, "_schemaURL": url, **said}


def _utc(at: datetime) -> str:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()
