"""The catalogue in docs/catalogue: what is measured, what arrives, what people decided, as pages.

Everything on them is stated elsewhere (metric registry, landing contracts, policy) and is read from
those files alone, so that the pages need no warehouse; a test compares them with what is committed.
`python -m orchestration.catalogue` writes them. No sentence about a single metric or source
belongs here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration import changelog
from orchestration.contracts import Column, Contract, load_contracts
from orchestration.governance.policy import DESCRIPTION, Row, lineage, read_yaml, tables
from orchestration.settings import PROJECT_DIR

LAYERS = ("strategy", "execution", "results")
OUTCOMES = ("revenue", "engagement")
SUMMARY = ("layer", "group", "outcomes", "better", "unit")
FACTS = {
    "unit": "unit",
    "scale": "scale",
    "better": "better",
    "outcomes": "outcomes",
    "open_to": "may be weighed for",
    "window_weeks": "looks back",
    "settled_week": "nothing can better it",
    "valid_range": "valid values",
    "sources": "sources",
    "evidence": "evidence",
    "minimum_observation": "speaks for itself from",
    "owner": "owner",
    "rationale": "why",
    "gaming_risk": "how to game it",
    "gaming_counter": "what stands against that",
}
VERSION = ("framework_version", "status", "based_on", "effective_from", "owner", "reason")
NUMBERS = {
    "metric_weights": ("weight",),
    "metric_anchors": ("floor_value", "target_value", "stretch_value"),
    "metric_priors": ("prior_value", "prior_strength"),
}


def pages(project: Path = PROJECT_DIR) -> dict[str, str]:
    """The text of every page by its file name."""
    return {
        "metrics.md": _text(_metrics(project)),
        "sources.md": _text(_sources(project)),
        "policy.md": _text(_policy(project)),
        "changelog.md": _text(_changelog(project)),
    }


def write(project: Path = PROJECT_DIR) -> list[Path]:
    """Write the pages; gives their paths."""
    folder = project / "docs" / "catalogue"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages(project).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


# --- metrics


def _metrics(project: Path) -> Iterator[str]:
    registry = _registry(project)
    version, numbers = _numbers_in_force(project)
    parameters = {
        each["parameter"]: each["value"] for each in tables(project)["metric_parameters"].rows
    }
    target = parameters["target_score"]
    yield "# Metrics"
    yield _written_from("models/metrics/_metrics.yml", "seeds/policy")
    yield (
        "Weights, anchors and priors are those of framework version "
        f"{version['framework_version']}, the newest approved one (approved "
        f"{version['approved_on']}, in force from {version['effective_from']}). A segment is "
        "listed where it states a number of its own; what it leaves out is the baseline's, and "
        "`segment_pooling` says how much of its own counts. A weight is relative to the other "
        "metrics of the layer; money is in euros."
    )
    yield _table(
        ["metric", *SUMMARY],
        (
            [f"[`{name}`](#{name})", *(each[key] for key in SUMMARY)]
            for name, each in registry.items()
        ),
    )
    for layer in LAYERS:
        of_layer = {name: each for name, each in registry.items() if each["layer"] == layer}
        for group in dict.fromkeys(each["group"] for each in of_layer.values()):
            yield f"## {layer.capitalize()}: {group}"
            for name, each in of_layer.items():
                if each["group"] == group:
                    yield from _metric(name, each, numbers[name], target)


def _metric(
    name: str, entry: Mapping[str, Any], numbers: Mapping[str, Row], target: str
) -> Iterator[str]:
    yield f"### `{name}`"
    yield f"{entry['description']} Computed in `{entry['family']}`."
    said = {**entry, "valid_range": _range(entry["valid_range"])}
    weeks = said["window_weeks"]
    said["window_weeks"] = (
        f"over {weeks} weeks" if weeks else "to the contract or the latest record"
    )
    if "settled_week" in said:
        said["settled_week"] = f"from week {said['settled_week']} of tenure on"
    said["sources"] = said["sources"] or "any activity"
    said["evidence"] = said["evidence"] or "none: a value needs no support"
    least = said["minimum_observation"]
    said["minimum_observation"] = f"{least} observation{'s' if least > 1 else ''}"
    yield _table(["", ""], ([word, said[key]] for key, word in FACTS.items() if key in said))
    heads = [
        *("segment", *(f"weight: {outcome}" for outcome in OUTCOMES)),
        *("0 points", f"{target} points", "100 points", "prior", "prior strength"),
    ]
    keys = [
        *(f"weight {outcome}" for outcome in OUTCOMES),
        *NUMBERS["metric_anchors"],
        *NUMBERS["metric_priors"],
    ]
    yield _table(
        heads,
        ([segment, *(row.get(key, "") for key in keys)] for segment, row in numbers.items()),
    )


def _registry(project: Path) -> dict[str, dict[str, Any]]:
    """The entries of the registry by metric, in its order."""
    document = read_yaml(project / "models" / "metrics" / "_metrics.yml")
    found = {}
    for model in document["models"]:
        for column in model.get("columns", []):
            entry = column.get("config", {}).get("meta", {}).get("metric")
            if entry:
                found[column["name"]] = {
                    **entry,
                    "family": model["name"],
                    "description": column["description"],
                }
    return found


def _numbers_in_force(project: Path) -> tuple[Row, dict[str, dict[str, Row]]]:
    """The newest approved version, and its numbers by metric and segment, the baseline first: its
    own rows, or those of the version that it is based on."""
    policy = tables(project)
    versions = policy["framework_versions"].rows
    approved = [each for each in versions if each["status"] == "approved"]
    newest = max(approved, key=lambda each: each["effective_from"])
    found: dict[str, dict[str, Row]] = defaultdict(lambda: {"baseline": {}})
    for table, columns in NUMBERS.items():
        # Oldest first, so that a newer version's row takes the place of an older one's.
        for version in lineage(versions, newest["framework_version"]):
            for row in policy[table].rows:
                if row["framework_version"] == version:
                    numbers = found[row["metric"]].setdefault(row["segment"], {})
                    for column in columns:
                        key = f"weight {row['outcome']}" if column == "weight" else column
                        numbers[key] = row[column]
    return newest, found


def _range(bounds: list[float | None]) -> str:
    least, most = bounds
    if least is None and most is None:
        return "any"
    if most is None:
        return f"{least} or more"
    return f"{most} or less" if least is None else f"{least} to {most}"


# --- sources


def _sources(project: Path) -> Iterator[str]:
    contracts = load_contracts(project / "models")
    described = {
        source["name"]: _one_line(source.get("description", ""))
        for path in sorted((project / "models" / "staging").glob("*/_*.yml"))
        for source in read_yaml(path).get("sources", [])
    }
    yield "# Sources"
    yield _written_from("models/staging/*/_*.yml")
    yield (
        "What arrives, as its landing contract says: [what the words "
        "mean](../landing-contract.md). Files come as `<landing>/<source>/<entity>/<file>`."
    )
    yield _table(
        ["entity", "owner", "files come", "stale after", "columns with personal data"],
        (
            [
                f"[`{each.name}`](#{each.name.replace('.', '')})",
                each.owner,
                each.interval,
                _days(each.warn_after_days),
                ", ".join(column.name for column in each.columns if column.personal_data),
            ]
            for each in contracts.values()
        ),
    )
    for source in dict.fromkeys(each.source for each in contracts.values()):
        yield f"## {source}"
        yield described[source]
        for each in contracts.values():
            if each.source == source:
                yield from _entity(each)


def _entity(contract: Contract) -> Iterator[str]:
    yield f"### {contract.name}"
    yield contract.description
    yield _table(
        ["", ""],
        [
            ["key", contract.key],
            ["happened at", contract.event_time],
            ["newer version", contract.version or "by order of arrival"],
            ["withdrawn by", contract.withdrawn_by or "nothing: a record stays"],
            ["needed", "yes" if contract.required else "no: the programme is scored without it"],
            ["owner", contract.owner],
            ["files come", contract.interval],
            ["stale after", _days(contract.warn_after_days)],
            ["stops publishing after", _days(contract.error_after_days)],
        ],
    )
    yield _table(
        ["column", "type", "in the file", "valid", "personal data", "description"],
        (
            [
                f"`{column.name}`",
                column.data_type,
                _presence(column),
                _valid(column),
                column.personal_data or "",
                column.description,
            ]
            for column in contract.columns
        ),
    )


def _presence(column: Column) -> str:
    if column.not_null:
        return "in every row"
    return "yes" if column.required else "may be left out"


def _valid(column: Column) -> str:
    found = [", ".join(column.values)] if column.values else []
    if column.pattern:
        found.append(f"`{column.pattern}`")
    if column.minimum is not None or column.maximum is not None:
        found.append(_range([column.minimum, column.maximum]))
    if column.may_be_future:
        found.append("may lie ahead")
    return "; ".join(found)


def _days(count: int | None) -> str:
    return "" if count is None else f"{count} days"


# --- policy


def _policy(project: Path) -> Iterator[str]:
    rows = {name: table.rows for name, table in tables(project).items()}
    stated = read_yaml(project / DESCRIPTION)["seeds"]
    seeds = {each["name"]: each for each in sorted(stated, key=lambda each: each["name"])}
    yield "# Policy"
    yield _written_from("seeds/policy")
    yield (
        "What people decided, one row per decision, each with its owner and its reason. A "
        "framework version states only the rows that it changes; the others are those of the "
        "version that it is `based_on`."
    )
    yield _table(
        ["table", "rows", "description"],
        (
            [f"[`{name}`](#{name})", len(rows[name]), each["description"]]
            for name, each in seeds.items()
        ),
    )
    yield "## Framework versions"
    yield _table(
        [key.replace("_", " ") for key in VERSION],
        ([each[key] for key in VERSION] for each in rows["framework_versions"]),
    )
    yield "## Activity types"
    yield "The vocabulary in which every source tells what partners do, and what it counts for."
    yield _table(
        ["activity type", "definition", "quantity", "two-way work", "counts as active", "owner"],
        (
            [
                f"`{each['activity_type']}`",
                each["definition"],
                each["quantity_means"],
                _yes(each["is_meaningful"]),
                _yes(each["counts_as_active"]),
                each["owner"],
            ]
            for each in rows["activity_types"]
        ),
    )
    yield "## Tables"
    for name, each in seeds.items():
        yield f"### `{name}`"
        yield each["description"]
        yield _table(
            ["column", "description"],
            ([f"`{column['name']}`", column["description"]] for column in each["columns"]),
        )


def _changelog(project: Path) -> Iterator[str]:
    yield "# Changelog of the framework"
    yield _written_from("seeds/policy")
    yield (
        "Versions, the decisions about them and the numbers they changed. Who moves by them is in "
        "`marts.framework_impact`; `partner-scoring impact --version N` prints it."
    )
    yield from changelog.sections(project)


def _yes(value: str) -> str:
    return "yes" if value == "true" else "no"


# --- text


def _written_from(*paths: str) -> str:
    return f"*Written by `make catalogue` from {' and '.join(f'`{path}`' for path in paths)}.*"


def _table(heads: list[str], rows: Iterable[Iterable[Any]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return _one_line(str(value)).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _text(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


if __name__ == "__main__":
    for path in write():
        print(path.relative_to(PROJECT_DIR))
