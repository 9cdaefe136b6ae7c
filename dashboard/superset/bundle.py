"""The dashboard as the ZIP that `superset import-dashboards` reads.

What is on it is in `assets`, in Superset's own format but for one thing: a dataset names its
`marts` instead of its columns. These are filled in here from the contracts of the marts, so that
they are stated once. `python dashboard/superset/bundle.py OUT.zip`.
"""

import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ASSETS = Path(__file__).with_name("assets")
MARTS = Path(__file__).parents[2] / "models" / "marts"
ROOT = "partner_scoring"
TIMES = ("date", "timestamp")


def contracts(folder: Path = MARTS) -> dict[str, list[dict[str, Any]]]:
    """The columns of every mart, as its contract states them."""
    return {
        model["name"]: model["columns"]
        for path in sorted(folder.rglob("_marts_*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    }


def columns(marts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What Superset is told of the columns of these marts, joined by their common names."""
    known, seen = contracts(), set[str]()
    for mart in marts:
        for each in known[mart]:
            if each["name"] not in seen:
                seen.add(each["name"])
                yield {
                    "column_name": each["name"],
                    "type": each["data_type"].upper(),
                    "is_dttm": each["data_type"] in TIMES,
                    "description": each["description"],
                    "groupby": True,
                    "filterable": True,
                }


def files() -> dict[str, str]:
    """The text of each file of the ZIP, by its path."""
    found = {}
    for path in sorted(ASSETS.rglob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "marts" in content:
            content["columns"] = list(columns(content.pop("marts")))
        name = path.relative_to(ASSETS).as_posix()
        found[f"{ROOT}/{name}"] = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    return found


def write(target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files().items():
            bundle.writestr(name, text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
