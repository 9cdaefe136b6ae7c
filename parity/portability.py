"""Refuses SQL that one of the two engines does not understand, or understands otherwise.

`python -m parity.portability [FILE ...]` looks at models, macros (not at `macros/portable`, where
engines part ways) and dbt tests. What has to stay says why, in the line or the one above it:

    -- portable: only for DuckDB, the model is off on Spark

A pattern cannot tell what type a value has; `make parity` finds what is left.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT_DIR

LOOKED_AT = ("models/**/*.sql", "macros/**/*.sql", "tests/dbt/**/*.sql")
MARK = re.compile(r"(?:--|\{#)\s*portable:\s*\S")
NOT_TEXT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """A construct, why it is refused, and what to write instead."""

    name: str
    pattern: str
    instead: str
    outside_jinja: bool = False


def _call(names: str) -> str:
    return rf"(?<![\w.])(?:{names})\s*\("


RULES = (
    Rule("asof join", r"\basof\b[^\n]*\bjoin\b", "join on >= and < of a lead() window"),
    Rule("list functions", _call(r"unnest|generate_series|list|list_\w+|array_agg"), "rows"),
    Rule("range", r"\bfrom\s+range\s*\(", "the macro steps()"),
    Rule("arg_max", _call("arg_max|arg_min"), "max_by() or min_by()"),
    Rule(
        "star exclude", r"\*\s*(?:exclude|except|replace)\b|(?<!\w)columns\s*\(", "list the columns"
    ),
    Rule("union by name", r"\bunion\s+(?:all\s+)?by\s+name\b", "columns in the same order"),
    Rule("distinct on", r"\bdistinct\s+on\b", "qualify row_number() over (...) = 1"),
    Rule("integer division", r"(?<![:/])//(?!/)", "cast(floor(a / b) as integer)"),
    Rule("power sign", r"(?<!\[)\^", "pow()", outside_jinja=True),
    Rule("date texts", _call("strftime|strptime|date_part|dayofweek|isodow"), "a dispatched macro"),
    Rule("date arithmetic", r"\binterval\s+(?:'|\d|\()", "add_days(), add_weeks() or add_hours()"),
    Rule(
        "epoch", _call(r"epoch\w*|to_days|to_hours|date_diff|datediff|date_add"), "macros of time"
    ),
    Rule("dates of dbt", r"\bdbt\.(?:dateadd|datediff|date_spine|date_trunc)\b", "macros of time"),
    Rule("joined texts", _call("string_agg|listagg|group_concat"), "the macro texts_in_one()"),
    Rule("regular expressions", _call(r"regexp_\w+|rlike"), "the macro full_match()"),
    Rule("logarithm", r"(?<!\w)log\s*\(", "ln()"),
    Rule("hash", _call(r"hash|md5_number\w*"), "md5() of a text"),
    Rule("bits", r"<<|>>", "the macro day_bit()"),
    Rule(
        "sum of a condition",
        r"(?<!\w)sum\s*\(\s*[\w.]+\s*(?:=|!=|<|>|\bis\b|\bin\b)",
        "count_if() or filter",
    ),
    # Spark reads a name with a hyphen in it.
    Rule("minus after a window", r"\bover\s+\w+\s*-", "(... over name) - ..."),
    Rule(
        "window upon a window",
        r"\bover\s*\(\s*(?!(?:partition|order|rows|range)\b)\w+\s+(?:order|rows|range)\b",
        "over (partition by ... order by ...) in full",
    ),
    Rule("division by zero", r"/\s*0(?![.\d])", "nullif()"),
    Rule(
        "types",
        r"(?:::|\bas\s+)(?:text|float8|float|real|double\s+precision|hugeint|varchar)\b\s*[,)]",
        "string by dbt.type_string(), double, bigint",
    ),
    Rule("quoted names", r'"', "names in lower case without quotes", outside_jinja=True),
    Rule("trailing comma", r",\s*\n\s*from\b", "no comma before from", outside_jinja=True),
)


@dataclass(frozen=True)
class Finding:
    """A line that is not portable."""

    path: Path
    line: int
    rule: Rule

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {self.rule.name} is not portable; write {self.rule.instead}"
        )


def findings(text: str, path: Path) -> Iterator[Finding]:
    """Every construct of a file that is refused and carries no mark, in the order of lines."""
    lines = text.split("\n")
    sql = NOT_TEXT.sub(_blank, text)
    plain = JINJA.sub(_hidden, sql)
    found = {
        Finding(path, sql.count("\n", 0, match.start()) + 1, rule)
        for rule in RULES
        for match in re.finditer(rule.pattern, plain if rule.outside_jinja else sql, re.IGNORECASE)
    }
    for each in sorted(found, key=lambda one: (one.line, one.rule.name)):
        if not any(MARK.search(line) for line in lines[max(each.line - 2, 0) : each.line]):
            yield each


def project_files(project: Path = PROJECT_DIR) -> list[Path]:
    """All files that must be portable."""
    found = {path for pattern in LOOKED_AT for path in project.glob(pattern)}
    return sorted(path for path in found if "portable" not in path.relative_to(project).parts)


def main(names: Iterable[str]) -> int:
    paths = [Path(name) for name in names] or project_files()
    count = 0
    for path in paths:
        for finding in findings(path.read_text(encoding="utf-8"), path):
            print(finding)
            count += 1
    print(f"{len(paths)} files, {count} constructs that are not portable")
    return 1 if count else 0


def _blank(match: re.Match[str]) -> str:
    """As many lines, without their text."""
    return re.sub(r"[^\n]", " ", match.group())


def _hidden(match: re.Match[str]) -> str:
    """Something in place of Jinja: what it renders is not known, but it is not nothing."""
    return re.sub(r"[^\n]", "@", match.group())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
