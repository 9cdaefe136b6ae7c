"""What the server answers, to whom, and what it lets pages load."""

import base64
import json
import socket
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.cli import app as command
from orchestration.settings import Settings
from tests.python.dashboard.releases import copied

HERE = "http://127.0.0.1:8050"


@pytest.fixture(scope="module")
def connected_to():
    """What this process opened a connection to, which nothing here has a reason to do."""
    addresses: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", lambda _, address: addresses.append(address))
        yield addresses


@pytest.fixture(scope="module")
def server(settings: Settings, connected_to: list[object]):
    from dashboard import app
    from dashboard.reader import Reader

    return app.build(Reader(settings)).dash.server.test_client()


def test_only_names_of_this_machine_are_answered(server):
    assert server.get("/", base_url=HERE).status_code == 200
    assert server.get("/", base_url="http://localhost:8050").status_code == 200
    for stranger in (
        "http://example.org:8050",
        "http://192.0.2.7:8050",
        "http://127.0.0.1.nip.io:1",
    ):
        assert server.get("/", base_url=stranger).status_code == 403, stranger


def test_pages_may_load_from_nowhere_else(server):
    policy = server.get("/", base_url=HERE).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy and "https:" not in policy and "*" not in policy


def test_a_link_that_people_write_opens_the_page_as_they_say(server):
    answer = server.get("/open/partner?partner=P-1&outcome=engagement", base_url=HERE)
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    given = {
        name: json.loads(base64.urlsafe_b64decode(values[0].removeprefix("b64_") + "=="))
        for name, values in parse_qs(address.query).items()
    }
    assert address.path == "/partner" and not address.netloc
    assert given == {"partner-partner": "P-1", "partner-outcome": "engagement"}
    assert server.get("/open/nowhere", base_url=HERE).status_code == 404


def test_every_page_is_drawn_without_asking_another_machine(server, connected_to):
    from vizro.managers import model_manager
    from vizro.models import Figure, Graph, Page, Table

    assert server.get("/", base_url=HERE).status_code == 200
    pages = list(model_manager._get_models(Page))
    assert len(pages) == 6
    for page in pages:
        for part in model_manager._get_models((Graph, Figure, Table), root_model=page):
            assert part() is not None, part.id
    assert not connected_to


def test_without_a_release_the_command_says_what_to_do(tmp_path):
    done = CliRunner().invoke(command, ["dashboard", "--warehouse", str(tmp_path)])
    assert done.exit_code == 1
    assert "partner-scoring run" in done.output


@pytest.fixture(scope="module")
def for_programme(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy that partner managers get, made as docs/access.md says."""
    folder = tmp_path_factory.mktemp("copy") / "for_programme"
    words = [
        "--format",
        "duckdb",
        "--audience",
        "programme",
        "--warehouse",
        str(settings.warehouse),
    ]
    done = CliRunner().invoke(command, ["export", "--to", str(folder), *words])
    assert done.exit_code == 0, done.output
    return folder / "partner_scoring.duckdb"


def test_a_copy_for_the_programme_shows_all_pages_but_governance(settings, for_programme):
    from vizro.managers import model_manager
    from vizro.models import Figure, Graph, Page, Table

    from dashboard import app
    from dashboard.reader import Reader

    reader = Reader(settings, for_programme)
    assert not reader.has("gaming_signals") and not reader.has("quality_checks")
    client = app.build(reader).dash.server.test_client()
    pages = [page.id for page in model_manager._get_models(Page)]
    assert pages == ["programme", "partner", "segments", "scenarios", "experiments"]
    for part in model_manager._get_models((Graph, Figure, Table)):
        assert part() is not None, part.id
    assert "checks passed" not in str(model_manager["programme_data"]())
    assert client.get("/open/segments", base_url=HERE).status_code == 302
    assert client.get("/open/governance", base_url=HERE).status_code == 404


def test_a_file_that_is_no_such_copy_is_refused_in_words(tmp_path):
    nothing, text, other = (tmp_path / name for name in ("nothing", "text", "other"))
    text.write_text("{}")
    duckdb.connect(str(other)).close()
    for path in (nothing, text, other, tmp_path):
        done = CliRunner().invoke(command, ["dashboard", "--copy", str(path), "--port", "0"])
        assert done.exit_code == 1
        said = " ".join(done.output.split())
        assert "is no copy of a release" in said and "--audience programme" in said
        assert "Traceback" not in said


def test_a_release_that_is_damaged_is_told_in_words(source, tmp_path):
    damaged = copied(source, tmp_path / "warehouse")
    (damaged.releases / "current" / "manifest.json").unlink()
    done = CliRunner().invoke(command, ["dashboard", "--warehouse", str(damaged.warehouse)])
    assert done.exit_code == 1
    assert "manifest.json cannot be read" in " ".join(done.output.split())


def test_without_the_group_the_command_says_how_to_install_it(settings, monkeypatch):
    for name in [each for each in sys.modules if each.partition(".")[0] == "dashboard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "vizro", None)
    done = CliRunner().invoke(command, ["dashboard", "--warehouse", str(settings.warehouse)])
    assert done.exit_code == 2
    assert "uv sync --group dashboard" in " ".join(done.output.split())
