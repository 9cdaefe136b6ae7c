"""Pictures of every page for the documentation: `python -m dashboard.pictures`.

They are taken in headless Chromium from the release that is served, and made small enough to be
kept in git: 128 colours tell a chart as well as millions.
"""

import argparse
import io
import threading
from pathlib import Path

from PIL import Image

from dashboard import links, server
from dashboard.browser import chromium, wait_until_ready
from orchestration.settings import PROJECT_DIR, Settings

FOLDER = PROJECT_DIR / "docs" / "pictures"
WIDTH, COLOURS, MOST_BYTES = 1400, 128, 120_000
# Picture: the page, and how many pixels of it.
PICTURES = {
    "programme": (links.to("programme"), 900),
    "partner": (links.to("partner"), 1340),
    "partner-driver": (links.to("partner", metric="certified_headcount"), 2180),
    "segments": (links.to("segments"), 1310),
    "scenarios": (links.to("scenarios", scenario="demand_down_20"), 1240),
    "experiments": (links.to("experiments"), 900),
    "governance": (links.to("governance"), 1160),
}


def take(settings: Settings, folder: Path) -> list[Path]:
    """One picture a page; the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with server.server(settings, 0) as running, chromium() as browser:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        for name, (path, height) in PICTURES.items():
            browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": WIDTH, "height": height, "deviceScaleFactor": 1, "mobile": False},
            )
            browser.get(f"http://{server.HOST}:{running.server_port}{path}")
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
        picture.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
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
