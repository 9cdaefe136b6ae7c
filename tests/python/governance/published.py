"""The published models that our documents are held against, as JSON schemas.

ODCS: the schema file that the package `open-data-contract-standard` carries. OpenLineage: the
classes that its own client generates from the specification (core 2-0-2 and its facets), turned
back into a schema, because no package carries the files.
"""

import enum
import importlib
import json
import pkgutil
import types
import typing
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import attr
import openlineage.client.generated as generated
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import validator_for

PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
FORMATS = {"runId": "uuid", "eventTime": "moment", "_schemaURL": "address", "_producer": "address"}
CHECKER = FormatChecker()


@CHECKER.checks("moment", raises=ValueError)
def _is_moment(value: object) -> bool:
    return datetime.fromisoformat(str(value)).tzinfo is not None


@CHECKER.checks("address")
def _is_address(value: object) -> bool:
    return str(value).startswith(("https://", "urn:"))


@cache
def _classes() -> dict[str, type]:
    """Every generated class by the address of its schema."""
    found = {}
    for module in pkgutil.iter_modules(generated.__path__):
        for each in vars(importlib.import_module(f"{generated.__name__}.{module.name}")).values():
            if isinstance(each, type) and attr.has(each) and hasattr(each, "_get_schema"):
                found[each._get_schema()] = each
    return found


def _schema(kind: Any, within: tuple[Any, ...] = ()) -> dict[str, Any]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        kinds = [_schema(each, within) for each in arguments if each is not type(None)]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0], within)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1], within)}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"enum": [each.value for each in kind]}
    if isinstance(kind, type) and attr.has(kind):
        return {} if kind in within else _object(kind, (*within, kind))  # some hold themselves
    return {"type": PLAIN[kind]} if kind in PLAIN else {}


def _object(kind: type, within: tuple[Any, ...] = ()) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    known = [each for each in attr.fields(kind) if each.name != "_deleted"]
    required = [each.name for each in known if each.default is attr.NOTHING]
    base = [each.name for each in known if each.name in ("_producer", "_schemaURL", "producer")]
    properties = {each.name: _schema(hints[each.name], within) for each in known}
    for name in set(FORMATS) & set(properties):
        properties[name]["format"] = FORMATS[name]
    return {"type": "object", "properties": properties, "required": sorted({*required, *base})}


def check_event(event: dict[str, Any]) -> None:
    """Raise ValidationError unless the event, and each of its facets, is as specified."""
    _validate(event, _object(_classes()[event["schemaURL"]]))
    for dataset in [*event["inputs"], *event["outputs"]]:
        for group in ("facets", "inputFacets", "outputFacets"):
            for name, facet in dataset.get(group, {}).items():
                kind = _classes().get(facet["_schemaURL"])
                if kind is None:
                    raise ValidationError(f"{name}: {facet['_schemaURL']} is not published")
                _validate(facet, {**_object(kind), "additionalProperties": False})


def _validate(document: dict[str, Any], schema: dict[str, Any]) -> None:
    Draft202012Validator(schema, format_checker=CHECKER).validate(document)


@cache
def _odcs() -> Any:
    text = resources.files("open_data_contract_standard").joinpath("schema.json").read_text()
    schema = json.loads(text)
    return validator_for(schema)(schema)


def check_contract(document: dict[str, Any]) -> None:
    """Raise ValidationError unless the document is one of the Open Data Contract Standard."""
    _odcs().validate(document)
