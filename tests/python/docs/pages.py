"""What the pages that people write say that a machine can check: links, commands, SQL and names."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from orchestration.settings import PROJECT_DIR

# docs/catalogue is generated and has a test of its own.
PAGES = sorted(
    page
    for page in [*PROJECT_DIR.glob("*.md"), *(PROJECT_DIR / "docs").rglob("*.md")]
    if "catalogue" not in page.parts
)
NAMES = [str(page.relative_to(PROJECT_DIR)) for page in PAGES]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text) if kind == language]


def prose(text: str) -> str:
    return FENCE.sub("", text)


def code_words(text: str) -> list[str]:
    """What stands between backticks in the prose."""
    return re.findall(r"`([^`\n]+)`", prose(text))


def links(text: str) -> list[str]:
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", prose(text)) if "://" not in to]


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


def shell_lines(text: str) -> Iterator[str]:
    """Commands of the shell: from blocks, whole also over several lines, and from the prose."""
    for block in blocks(text, "sh"):
        pending = ""
        for line in block.replace("\\\n", " ").splitlines():
            pending = f"{pending}\n{line}" if pending else line
            if pending.count('"') % 2 == 0:
                yield pending
                pending = ""
        assert not pending, f"a quote is never closed: {pending}"
    yield from code_words(text)


def calls_of(program: str, text: str) -> Iterator[list[str]]:
    """The words after `program`, for each time that a page calls it."""
    for line in shell_lines(text):
        found = re.search(rf"(?:^|[\s/]){re.escape(program)}((?:\s.*)?)$", line, re.DOTALL)
        if found:
            words = shlex.split(found[1], comments=True)
            yield list(takewhile(lambda word: word not in {"|", "&&", ";"}, words))


def statements(text: str) -> Iterator[str]:
    """The SQL that a page asks a release."""
    yield from blocks(text, "sql")
    for line in shell_lines(text):
        # In tables a page may leave out the program: `query "select ..."`.
        found = re.search(r'(?:^|\s)query (?:--csv )?"(select [^"]+)"', line)
        if found:
            yield found[1]
