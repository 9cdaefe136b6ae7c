"""Landing contracts as documents of the Open Data Contract Standard (ODCS v3.1.0), for other tools.

The contract is what `models/staging` states; a document says the same in the words of the standard.
What the standard has no word for (how a newer version of a record is told, the class of personal
data) is a custom property.
"""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from orchestration.contracts import Column, Contract

API_VERSION = "v3.1.0"
LOGICAL_TYPES = {"string": "string", "timestamp": "timestamp", "date": "date",
                 "integer": "integer", "boolean": "boolean"}  # fmt: skip


def document(contract: Contract) -> dict[str, Any]:
    """One entity of one source as an ODCS document."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"urn:partner-scoring:landing:{contract.source}:{contract.entity}",
        "name": contract.name,
        # Other words are another version: the project's contracts have no numbers.
        "version": hashlib.sha256(repr(contract).encode()).hexdigest()[:12],
        "status": "active",
        "domain": contract.source,
        "description": {
            "purpose": contract.description,
            "usage": f"Files come to <landing>/{contract.source}/{contract.entity}/.",
        },
        "team": {"name": contract.owner},
        "schema": [_schema(contract)],
        "slaProperties": _promises(contract),
        "customProperties": _custom(
            {
                "reviewDue": contract.review_due,
                "eventTime": contract.event_time,
                "newerVersion": contract.version or "by order of arrival",
                "withdrawnBy": contract.withdrawn_by,
                "isRequired": contract.required,
                "encoding": contract.encoding,
                "delimiter": contract.delimiter,
                "timezone": contract.timezone,
                "toleratedShareOfBadRows": contract.tolerated_share,
            }
        ),
    }


def write(contracts: dict[str, Contract], folder: Path) -> list[Path]:
    """A YAML file per contract; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, contract in contracts.items():
        path = folder / f"{name}.odcs.yaml"
        text = yaml.safe_dump(document(contract), sort_keys=False, allow_unicode=True, width=100)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _schema(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.entity,
        "physicalName": contract.table,
        "physicalType": "file",
        "logicalType": "object",
        "description": contract.description,
        "properties": [_property(contract, column) for column in contract.columns],
    }


def _property(contract: Contract, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "description": column.description,
        "logicalType": LOGICAL_TYPES.get(column.data_type, "number"),
        "physicalType": column.data_type,
        "required": column.not_null,
    }
    if column.name in contract.key:
        found |= {
            "primaryKey": True,
            "primaryKeyPosition": contract.key.index(column.name) + 1,
        }
    options = {"pattern": column.pattern, "minimum": column.minimum, "maximum": column.maximum}
    if kept := {name: value for name, value in options.items() if value is not None}:
        found["logicalTypeOptions"] = kept
    if column.personal_data:
        found["classification"] = "personal data"
    custom = {
        "mayBeLeftOut": not column.required or None,
        "personalData": column.personal_data,
        "values": ", ".join(column.values) or None,
        "mayLieAhead": column.may_be_future or None,
    }
    if listed := _custom(custom):
        found["customProperties"] = listed
    return found


def _promises(contract: Contract) -> list[dict[str, Any]]:
    promises: list[dict[str, Any]] = [{"property": "frequency", "value": contract.interval}]
    for words, days in (
        ("stale after", contract.warn_after_days),
        ("stops publishing after", contract.error_after_days),
    ):
        if days is not None:
            promises.append(
                {
                    "property": "freshness",
                    "value": days,
                    "unit": "d",
                    "element": f"{contract.entity}.{contract.event_time}",
                    "description": words,
                }
            )
    return promises


def _custom(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"property": name, "value": value} for name, value in given.items() if value is not None
    ]
