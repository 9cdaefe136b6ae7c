"""A check as a measure: one number of a one-row summary, the bounds it must keep, and words.

Gates look at relations through such summaries for two reasons. A relation of ten million rows is
scanned once for all of its checks, and Great Expectations sees aggregates only, so that no value
of a row can reach a result, a page or a log. Which checks there are is said in `arrival` and
`release`; nothing is executed here.
"""

from dataclasses import dataclass, replace

from orchestration.database import quoted
from orchestration.quality.results import CheckSpec, Gate, Severity

FORGIVEN_ROWS = 3
"""A share is judged only on more bad rows than this: three typing errors are no broken source."""


@dataclass(frozen=True)
class Check:
    """A spec with the SQL that measures it. All SQL is evaluated over the relation's summary.

    `value` is the number judged: `least <= value <= most`. A null value is no answer: crashed.
    `{unexpected}` and `{evaluated}` in it and in `words` stand for the counts.
    `words` is a text expression; it may speak of counts, shares, columns and files, never of
    values of rows.
    """

    spec: CheckSpec
    measure: str
    value: str
    words: str
    least: float | None = None
    most: float | None = None
    unexpected: str = "null"
    evaluated: str = "null"
    bad_row: str = ""
    """SQL that is true of the rows of the source that fail it, where a row can; finds the first."""

    def with_severity(self, severity: Severity) -> "Check":
        return replace(self, spec=replace(self.spec, severity=severity))


@dataclass(frozen=True)
class Summary:
    """The checks of one relation and the common table expressions that their SQL reads."""

    gate: Gate
    relation: str
    checks: tuple[Check, ...]
    context: str
    """`name as (…), …` without the leading `with`."""
    source: str
    """What the summary selects from: one relation of the context."""

    def select(self, checks: tuple[Check, ...]) -> str:
        """SQL of the one-row summary of these checks; the count makes it one row in any case."""
        columns = "count(*) as summarised_rows"
        for check in checks:
            for part, kind, sql in (
                ("__unexpected", "bigint", check.unexpected),
                ("__evaluated", "bigint", check.evaluated),
                ("__words", "varchar", check.words),
                ("", "double", check.value),
            ):
                columns += f",\n    cast({sql} as {kind}) as {quoted(check.measure + part)}"
        return f"with {self.context}\nselect\n    {columns}\nfrom {self.source}"


def make(
    gate: Gate,
    relation: str,
    about: str,
    *,
    value: str,
    words: str,
    expected: str,
    remedy: str,
    column: str | None = None,
    least: float | None = None,
    most: float | None = None,
    severity: Severity = "error",
    unexpected: str = "null",
    evaluated: str = "null",
    bad_row: str = "",
) -> Check:
    """A check named `<relation>[.<column>].<about>`; its expectation follows from its bounds."""
    name = ".".join(part for part in (relation, column, about) if part)
    side = "max" if most is not None else "min"
    spec = CheckSpec(
        gate=gate,
        check_name=name,
        relation=relation,
        column_name=column,
        expectation=f"expect_column_{side}_to_be_between",
        severity=severity,
        expected=expected,
        remedy=remedy,
    )
    measure = "__".join(part for part in (column, about) if part)
    for part, sql in (("unexpected", unexpected), ("evaluated", evaluated)):
        # DuckDB lets a column name an earlier one, unless that one is a subquery.
        counted = f"({sql})" if "select " in sql else quoted(f"{measure}__{part}")
        value = value.replace(f"{{{part}}}", counted)
        words = words.replace(f"{{{part}}}", counted)
    return Check(spec, measure, value, words, least, most, unexpected, evaluated, bad_row)


ACCEPTED_SHARE = (
    f"case when {{unexpected}} <= {FORGIVEN_ROWS} then 1 "
    "else 1 - {unexpected} / {evaluated}::double end"
)
"""SQL of the share of rows that are not unexpected; 1 when few or no rows are."""


def percent(share: float) -> str:
    return f"{share * 100:g}%"
