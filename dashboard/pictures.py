"""Pictures of every page for the documentation: `python -m dashboard.pictures`.

They are taken in headless Chromium from the release that is served, and made small enough to be
kept in git: 256 colours tell a chart as well as millions.
"""

import argparse
import io
import threading
from pathlib import Path

from PIL import Image

from dashboard import links, server
from dashboard.browser import chromium, wait_until_ready
from dashboard.reader import Reader
from orchestration.settings import PROJECT_DIR, Settings

FOLDER = PROJECT_DIR / "docs" / "pictures"
WIDTH, COLOURS, MOST_BYTES = 1400, 256, 120_000
HEIGHT = 900
# The partner that a manager would open on Monday: much to expect and little engagement.
PARTNER = """
    select partner_id
    from marts.partner_scorecards
    where revenue_band is not null
    order by
        (revenue_band = 'high' and engagement_band = 'low') desc, expected_revenue desc nulls last,
        partner_id
    limit 1"""
DRIVER = "training_completion_rate"


def pages(reader: Reader) -> dict[str, tuple[str, str]]:
    """Picture: the page, and the part of it that is on top (none: the page from its top)."""
    partner = reader.frame(PARTNER).partner_id[0]
    driven = links.to_partner(partner, outcome="engagement", metric=DRIVER)
    return {
        "programme": (links.to("programme"), ""),
        "actions": (
            links.to("programme", cell="high revenue, low engagement"), "programme_actions"
        ),
        "partner": (links.to_partner(partner, outcome="engagement"), ""),
        "records": (driven, "partner_metric"),
        "segments": (links.to("segments"), ""),
        "scenarios": (links.to("scenarios", scenario="demand_down_20"), ""),
        "experiments": (links.to("experiments"), ""),
        "governance": (links.to("governance"), ""),
    }  # fmt: skip


def take(settings: Settings, folder: Path) -> list[Path]:
    """One picture a page; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with server.server(settings, 0) as running, chromium((WIDTH, HEIGHT)) as browser:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        for name, (path, top) in pages(Reader(settings)).items():
            browser.get(f"http://{server.HOST}:{running.server_port}{path}")
            wait_until_ready(browser)
            if top:
                browser.execute_script(
                    "document.getElementById(arguments[0]).closest('.figure-container')"
                    ".scrollIntoView({block: 'start'})",
                    top,
                )
                wait_until_ready(browser)
            target = folder / f"dashboard-{name}.png"
            target.write_bytes(small(browser.get_screenshot_as_png(), name))
            written.append(target)
        running.shutdown()
    return written


def small(png: bytes, name: str) -> bytes:
    """The same picture in few colours; ValueError if it is too large to be kept in git."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        buffer = io.BytesIO()
        # By how far apart colours lie and not how often they come: a chip keeps its colour.
        few = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES:
            return buffer.getvalue()
    raise ValueError(f"The picture of {name} has {buffer.tell()} bytes in {colours} colours.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    for each in take(Settings(), parser.parse_args().folder):
        print(f"{each} ({each.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
