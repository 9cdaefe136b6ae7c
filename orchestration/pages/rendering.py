"""A page from a template, as one file. A name that nobody gave is an error."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template


@cache
def page_template(file: Path) -> Template:
    """The template in `file`, which may use `layout.html.j2`; what it is given is escaped."""
    return Environment(
        loader=FileSystemLoader([file.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(file.name)


def write_page(template: Path, target: Path, **values: Any) -> None:
    """Render the template in a file and write the page to `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page_template(template).render(**values), encoding="utf-8")


def in_words(value: Any) -> str:
    """A value as people read it: null is blank, large numbers have no fraction, times are days."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if abs(value) >= 1000:
            return f"{value:,.0f}"
        return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.0005 else "0"
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    return str(value)
