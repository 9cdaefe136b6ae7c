"""A scorecard as HTML that needs nothing from anywhere, and the same page as PDF."""

from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from orchestration.pages import page_template
from orchestration.scorecards.content import content
from orchestration.scorecards.reading import Card, Reader

CARD = Path(__file__).with_name("card.html.j2")


class ScorecardError(RuntimeError):
    """No scorecard was written where readers look; the message says why."""


class PdfUnavailable(ScorecardError):
    """This machine cannot write PDF; the message says what is missing. Pages need nothing."""


def as_html(reader: Reader, card: Card, currency: str) -> str:
    """One page: its style is in it, and its policy forbids every request and every script."""
    return page_template(CARD).render(content(reader, card, currency))


def as_pdf(page: str) -> bytes:
    """The page as PDF with tags for screen readers. Raises PdfUnavailable."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:
        raise PdfUnavailable(
            "PDF needs the group `documents` (uv sync --group documents) and Pango (Debian: "
            f"libpango-1.0-0 libpangoft2-1.0-0). `--format html` needs neither. ({error})"
        ) from error
    document: Any = HTML(string=page, url_fetcher=_refused, base_url=None)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", font_config=_fonts()))


@cache
def _fonts() -> Any:
    """Found once: looking for the fonts of the machine takes as long as a card."""
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    return FontConfiguration()


def _refused(url: str, *_given: Any, **_named: Any) -> NoReturn:
    raise ValueError(f"A scorecard asks for nothing: {url}")
