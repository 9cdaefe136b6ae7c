"""The pages name nothing that is not there: no link, command, option, target, path or name."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest
import typer.main

from orchestration.cli import app
from orchestration.contracts import COLUMN_META, CONTRACT_META, TYPES
from orchestration.schedules import every_day, every_quarter, new_files
from orchestration.settings import PROJECT_DIR, Settings
from tests.python.docs.pages import NAMES, anchors, calls_of, code_words, links, shell_lines

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
# What goes on to MetricFlow has its options there.
PASSED_ON = {"metrics"}
# Decisions say what was so at the time, and how-tos name what their diffs make.
DATED = ("docs/decisions/", "docs/how-to/")
OF_TODAY = [page for page in NAMES if not page.startswith(DATED)]
# A function of Spark, and schemas whose names the code puts together.
OTHERS = {"percentile_approx", "partner_scoring__former", "partner_scoring__incoming"}


def read(page: str) -> str:
    return (PROJECT_DIR / page).read_text(encoding="utf-8")


@cache
def vocabulary() -> set[str]:
    """Every word of the project's code, policy and settings, and of the names of its files."""
    words: set[str] = set()
    for folder in (
        "dashboard",
        "macros",
        "models",
        "orchestration",
        "parity",
        "seeds",
        "tests/dbt",
    ):
        for file in (PROJECT_DIR / folder).rglob("*"):
            if file.suffix in {".py", ".sql", ".yml", ".csv"} and file.is_file():
                words |= set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
                words.add(file.stem)
    return words


@pytest.mark.parametrize("page", NAMES)
def test_links_lead_somewhere(page: str) -> None:
    lost = []
    for link in links(read(page)):
        path, _, heading = link.partition("#")
        target = (PROJECT_DIR / page).parent / path if path else PROJECT_DIR / page
        if not target.exists() or (heading and heading not in anchors(target)):
            lost.append(link)
    assert not lost


@pytest.mark.parametrize("page", NAMES)
def test_commands_and_their_options_exist(page: str) -> None:
    wrong = []
    for words in calls_of("partner-scoring", read(page)):
        name, rest = (words[0], words[1:]) if words else ("--help", [])
        if name.startswith("-"):
            continue
        if name not in COMMANDS:
            wrong.append(name)
        elif name not in PASSED_ON:
            known = {option for each in COMMANDS[name].params for option in each.opts} | {"--help"}
            wrong += [f"{name} {word}" for word in rest if word[:2] == "--" and word not in known]
    assert not wrong


@pytest.mark.parametrize("page", OF_TODAY)
def test_targets_modules_and_paths_exist(page: str) -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = set(" ".join(re.findall(r"^([a-z][a-z -]*):", makefile, re.MULTILINE)).split())
    text, wrong = read(page), []
    for words in calls_of("make", text):
        wrong += [f"make {word}" for word in words if word.isalpha() and word not in targets]
    for line in shell_lines(text):
        for module in re.findall(r"python -m ([\w.]+)", line):
            if importlib.util.find_spec(module) is None:
                wrong.append(module)
        for path in re.findall(
            r"(?:^|\s)((?:dashboard|models|seeds|tests)/[\w/-]+(?:\.\w+)?)", line
        ):
            if not (PROJECT_DIR / path).exists():
                wrong.append(path)
    assert not wrong


@pytest.mark.parametrize("page", OF_TODAY)
def test_names_are_those_of_the_code(page: str) -> None:
    """A model, column, parameter or setting that was renamed is renamed in the pages too."""
    said = [word for word in code_words(read(page)) if re.fullmatch(r"[a-z]\w*_\w+", word)]
    assert not set(said) - vocabulary() - OTHERS


def test_keys_of_a_contract_are_explained() -> None:
    explained = set(code_words(read("docs/landing-contract.md")))
    assert not (CONTRACT_META | COLUMN_META | set(TYPES)) - explained


def test_settings_and_schedules_are_told() -> None:
    page = read("docs/operations.md")
    names = {name.upper() for name in Settings.model_fields}
    names |= {each.name for each in (every_day, every_quarter, new_files)}
    assert not names - set(code_words(page))


@pytest.mark.parametrize(("parent", "prefix"), [("models", "models/"), ("orchestration", "")])
def test_every_room_is_on_the_plan(parent: str, prefix: str) -> None:
    plan = read("docs/architecture.md")
    rooms = {path.name for path in (PROJECT_DIR / parent).iterdir() if path.is_dir()}
    assert not {room for room in rooms - {"__pycache__"} if f"`{prefix}{room}/" not in plan}


def test_every_page_is_reached() -> None:
    """A page that no other page links to is read by nobody."""
    reached = {
        ((PROJECT_DIR / page).parent / link.partition("#")[0]).resolve()
        for page in NAMES
        for link in links(read(page))
    }
    pages = [page for page in NAMES if not page.startswith(("docs/decisions/", "README"))]
    assert not [page for page in pages if PROJECT_DIR / page not in reached]


def test_a_page_that_lies_is_found(tmp_path: Path) -> None:
    """The readers above see what they are for."""
    page = tmp_path / "page.md"
    page.write_text(
        '# One: two\n[a](x.md#b)\n```sh\nsudo .venv/bin/partner-scoring no --x "a\nb"\n```\n'
    )
    text = page.read_text()
    assert links(text) == ["x.md#b"] and anchors(page) == {"one-two"}
    assert list(calls_of("partner-scoring", text)) == [["no", "--x", "a\nb"]]
    assert "partner_scorecards" in vocabulary() and "partner_scorecard" + "_s" not in vocabulary()
