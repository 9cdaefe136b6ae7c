"""The application: the pages put together, and what the server answers to whom."""

from pathlib import Path

import vizro.models as vm
from flask import Flask, Response, abort, redirect, request
from vizro import Vizro
from werkzeug.wrappers import Response as AnyResponse

from dashboard import links
from dashboard.pages import experiments, governance, partner, programme, scenarios, segments
from dashboard.reader import Reader

# The browser itself refuses any other host; Plotly and the grid's formats need inline and eval.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'self'"
)
LOCAL_NAMES = ("127.0.0.1", "localhost")
VIZRO = "/_dash-component-suites/vizro/static/css/fonts"
# Asked for with the page and not when the first text is there, which would be drawn twice.
FONTS = "".join(
    f'<link rel="preload" as="font" crossorigin href="{VIZRO}/{name}">'
    for name in ("inter-variable-font.ttf", "material-symbols-outlined.woff2")
)
PAGES = (programme, partner, segments, scenarios, experiments, governance)


def build(reader: Reader) -> Vizro:
    """The dashboard over what `reader` reads. One in a process: Vizro keeps its models globally."""
    Vizro._reset()
    # A copy for partner managers holds nothing that is for governance alone.
    shown = [page for page in PAGES if page is not governance or reader.has("quality_checks")]
    app = Vizro(assets_folder=str(Path(__file__).parent / "assets"), update_title=None)
    app.build(
        vm.Dashboard(
            title="Partner scoring",
            theme="vizro_light",
            pages=[page.page(reader) for page in shown],
            navigation=vm.Navigation(nav_selector=vm.NavBar(position="top")),
        )
    )
    app.dash.index_string = app.dash.index_string.replace("{%css%}", FONTS + "{%css%}")
    guard(app.dash.server, {page.NAME for page in shown})
    return app


def guard(server: Flask, pages: set[str]) -> None:
    """Answer this machine only, and let pages load nothing from elsewhere."""

    @server.before_request
    def only_this_machine() -> None:
        # A name that somebody else points at 127.0.0.1 must not reach the release.
        if request.host.rpartition(":")[0] not in LOCAL_NAMES:
            abort(403)

    @server.after_request
    def nothing_from_elsewhere(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @server.get("/open/<page>")
    def open_page(page: str) -> AnyResponse:
        """A link that people can write: /open/partner?partner=P-000001&outcome=revenue."""
        if page not in pages:
            abort(404)
        return redirect(links.to(page, **request.args.to_dict()))
