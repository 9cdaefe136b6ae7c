"""Exposures say which marts a reader reads; the code of the reader says the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.settings import PROJECT_DIR

MARTS = {path.stem for path in (PROJECT_DIR / "models" / "marts").rglob("*.sql")}
STATED = yaml.safe_load((PROJECT_DIR / "models" / "marts" / "_exposures.yml").read_text())
EXPOSURES = {each["name"]: each for each in STATED["exposures"]}
NESTED = PROJECT_DIR / "dashboard" / "superset"  # an exposure of its own


def named_in(path: Path) -> set[str]:
    """Marts that a file names: in SQL as marts.x, in Python as a text, in YAML as a word."""
    text = path.read_text(encoding="utf-8")
    words = r"marts\.(\w+)|\"(\w+)\"" if path.suffix == ".py" else r"(\w+)"
    found = re.findall(words, text)
    return MARTS & {word for each in found for word in ([each] if isinstance(each, str) else each)}


def read_by(code: list[str]) -> set[str]:
    found: set[str] = set()
    for each in code:
        place = PROJECT_DIR / each
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            nested = NESTED in path.parents and NESTED not in (place, *place.parents)
            if path.suffix in (".py", ".yaml") and not nested:
                found |= named_in(path)
    return found


def referred(exposure: dict[str, Any]) -> set[str]:
    return {re.fullmatch(r"ref\('(\w+)'\)", each)[1] for each in exposure["depends_on"]}  # type: ignore[index]


@pytest.mark.parametrize("name", [n for n, e in EXPOSURES.items() if "code" in e["config"]["meta"]])
def test_an_exposure_depends_on_what_its_code_reads(name: str):
    exposure = EXPOSURES[name]
    stated, found = referred(exposure), read_by(exposure["config"]["meta"]["code"])
    assert found, "its code reads no mart"
    assert stated == found, (
        f"models/marts/_exposures.yml, {name}: add {sorted(found - stated)}, "
        f"take away {sorted(stated - found)}"
    )


def test_an_exposure_has_an_owner_and_a_page_of_documentation():
    teams = (PROJECT_DIR / "seeds" / "policy" / "teams.csv").read_text().splitlines()
    for exposure in EXPOSURES.values():
        assert any(line.startswith(exposure["owner"]["name"] + ",") for line in teams)
        assert (PROJECT_DIR / exposure["config"]["meta"]["docs"]).is_file()
    assert len(EXPOSURES) >= 6


def test_a_mart_that_is_read_and_not_stated_would_be_found(tmp_path: Path):
    code = tmp_path / "page.py"
    code.write_text('SQL = "select 1 from marts.partner_scorecards"\nNEEDED = ("gaming_signals",)')
    assert named_in(code) == {"partner_scorecards", "gaming_signals"}
    assert read_by(["dashboard"]) != read_by(["dashboard/superset/assets"])
