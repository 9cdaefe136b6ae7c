"""Scorecards for partners: what a partner may see of itself, as one HTML page and one PDF each.

Plain Python: it is handed a connection to a release and knows neither the orchestrator nor other
stages. Every row that it reads of a partner is asked for by that partner's id (`reading`). See
`docs/scorecards.md`.
"""

from orchestration.scorecards.reading import SHOWN, Card, Reader
from orchestration.scorecards.rendering import PdfUnavailable, ScorecardError, as_html, as_pdf
from orchestration.scorecards.writing import (
    FORMATS,
    Written,
    file_name,
    write_scorecards,
)

__all__ = [
    "FORMATS",
    "SHOWN",
    "Card",
    "PdfUnavailable",
    "Reader",
    "ScorecardError",
    "Written",
    "as_html",
    "as_pdf",
    "file_name",
    "write_scorecards",
]
