"""Data docs: the last validations of both gates as static pages, readable without a network.

Great Expectations can render pages too, but they load their scripts and styles from other hosts;
these load nothing. They show the kept reports and nothing else: no value of a row is in them.
"""

import json
from html import escape
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

GATES = {"arrival": "Arrival gate: what enters", "release": "Release gate: what leaves"}
ORDER = ("crashed", "failed", "passed")
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
       color: #1c2733; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem;
         border-bottom: 1px solid #dbe1e8; overflow-wrap: anywhere; }
.passed { color: #17663a; } .failed, .crashed { color: #a11d1d; font-weight: 600; }
small { color: #5b6875; }
"""


def build_data_docs(settings: Settings) -> Path:
    """Write the pages below `settings.quality` and return the path of their index."""
    site = settings.quality / "data_docs"
    site.mkdir(parents=True, exist_ok=True)
    for old in site.glob("*.html"):
        old.unlink()
    sections = []
    for gate, title in GATES.items():
        kept = sorted((settings.quality / "validations" / gate).glob("*.json"))
        rows = []
        for path in kept:
            content = json.loads(path.read_text(encoding="utf-8"))
            page = f"{gate}.{path.stem}.html"
            (site / page).write_text(_relation(title, path.stem, content), encoding="utf-8")
            rows.append(_line(page, path.stem, content["checks"]))
        head = (
            "<tr><th>relation</th><th>passed</th><th>failed</th><th>crashed</th><th>run</th></tr>"
        )
        table = f"<table>{head}{''.join(rows)}</table>" if rows else "<p>Has not run yet.</p>"
        sections.append(f"<h2>{escape(title)}</h2>{table}")
    index = site / "index.html"
    index.write_text(_page("Quality of the last run", "".join(sections)), encoding="utf-8")
    return index


def _line(page: str, relation: str, checks: list[dict[str, Any]]) -> str:
    counts = [sum(one["status"] == status for one in checks) for status in reversed(ORDER)]
    cells = "".join(
        f'<td class="{status if count else ""}">{count}</td>'
        for status, count in zip(reversed(ORDER), counts, strict=True)
    )
    run = escape(f"{checks[0]['run_id']}, {checks[0]['checked_at']} UTC") if checks else ""
    link = f'<a href="{escape(page)}">{escape(relation)}</a>'
    return f"<tr><td>{link}</td>{cells}<td><small>{run}</small></td></tr>"


def _relation(title: str, relation: str, content: dict[str, Any]) -> str:
    expectations = {
        one["expectation_config"]["meta"]["check"]: one["expectation_config"]["kwargs"]
        for one in content["validation"].get("results", [])
    }
    rows = []
    for check in sorted(content["checks"], key=lambda one: ORDER.index(one["status"])):
        bounds = expectations.get(check["check_name"], {})
        limits = ", ".join(
            f"{name} {bounds[key]:g}"
            for name, key in (("at least", "min_value"), ("at most", "max_value"))
            if bounds.get(key) is not None
        )
        remedy = "" if check["status"] == "passed" else f"<br>{escape(check['remedy'])}"
        rows.append(
            f'<tr><td class="{check["status"]}">{check["status"]}</td>'
            f"<td>{escape(check['check_name'])}<br><small>{check['severity']}</small></td>"
            f"<td>{escape(check['expected'])}<br>"
            f"<small>{escape(check['expectation'])}: {escape(limits)}</small></td>"
            f"<td>{escape(check['observed'])}{remedy}</td></tr>"
        )
    head = "<tr><th>status</th><th>check</th><th>expected</th><th>observed</th></tr>"
    back = '<p><a href="index.html">All relations</a></p>'
    return _page(f"{relation}", f"<p>{escape(title)}</p><table>{head}{''.join(rows)}</table>{back}")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )
