"""The server of the dashboard: this machine only, until it is interrupted."""

from collections.abc import Callable
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from dashboard import app
from dashboard.reader import Reader
from orchestration.settings import Settings

HOST = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Says nothing of requests: the addresses hold which partners somebody looked at."""

    # A page asks for some forty files: with the default each would be a connection of its own.
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return None


def server(settings: Settings, port: int, copy: Path | None = None) -> BaseWSGIServer:
    """A server that is bound to its port and not yet answering; port 0 takes a free one."""
    built = app.build(Reader(settings, copy))
    return make_server(HOST, port, built.dash.server, threaded=True, request_handler=Quiet)


def serve(
    settings: Settings, port: int, tell: Callable[[str], None], copy: Path | None = None
) -> None:
    with server(settings, port, copy) as running:
        tell(f"http://{HOST}:{running.server_port}/")
        running.serve_forever()
