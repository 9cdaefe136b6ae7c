"""A damaged delivery as a user meets it: what is refused, what stays served, how to go on."""

import gzip
import shutil
from typing import Any

import pytest

from tests.python.pipeline.running import Programme

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mended(released: Programme, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A damaged delivery, its dismissal, a rollback: what each command said and served."""
    programme = Programme(tmp_path_factory.mktemp("mended") / "copy")
    shutil.copytree(released.folder, programme.folder, symlinks=True)
    seen: dict[str, Any] = {"first": programme.served}
    whole = gzip.compress(b"request_id,partner_id,requested_at,responded_at\n" * 50)
    programme.write("crm/requests/new.csv.gz", whole[:-12])
    seen["refusal"] = programme.command("run", code=3).stderr
    seen["served after refusal"] = programme.served
    seen["status"] = programme.command("status").stdout
    programme.command("dismiss", "crm/requests/new.csv.gz", "--reason", "the source was down")
    seen["success"] = programme.command("run").stdout
    seen["second"] = programme.served
    notes = programme.warehouse / "releases" / "current" / "RELEASE_NOTES.md"
    seen["notes"] = notes.resolve().read_text(encoding="utf-8")
    seen["dismissed"] = programme.released(
        "select path, reason from marts.landed_files where status = 'dismissed'"
    )
    (programme.warehouse / "releases" / "current").unlink()
    seen["status without pointer"] = programme.command("status").stdout
    seen["run without pointer"] = programme.command("run").stdout
    seen["served after losing the pointer"] = programme.served
    seen["rollback"] = programme.command("rollback").stdout
    seen["served after rollback"] = programme.served
    seen["run after rollback"] = programme.command("run").stdout
    seen["releases"] = programme.command("releases").stdout
    return seen


def test_a_damaged_delivery_keeps_the_last_release_and_says_what_to_do(mended: dict[str, Any]):
    assert mended["served after refusal"] == mended["first"]
    assert "new.csv.gz" in mended["refusal"]
    assert "what to do" in mended["refusal"] and "dismiss" in mended["refusal"]
    assert f"Still served: release {mended['first']}" in mended["refusal"]
    assert "quarantined" in mended["status"] and "new.csv.gz" in mended["status"]


def test_a_dismissed_file_no_longer_stops_a_release(mended: dict[str, Any]):
    assert mended["second"] != mended["first"]
    assert mended["second"] in mended["success"]
    ((path, reason),) = mended["dismissed"]
    assert path == "crm/requests/new.csv.gz" and "the source was down" in reason


def test_notes_of_a_release_say_what_is_new_since_the_one_before(mended: dict[str, Any]):
    notes = mended["notes"]
    assert f"the release before, {mended['first']}, was as of" in notes
    assert "New files: 1, with 0 rows" in notes
    assert "- dismissed: crm.requests, new.csv.gz" in notes
    assert "Partners: 0 new, 0 gone, 0 with another status" in notes
    assert "Nothing was decided since the release before." in notes
    assert "Restated" not in notes


def test_rollback_serves_the_release_before(mended: dict[str, Any]):
    assert mended["first"] in mended["rollback"]
    assert mended["served after rollback"] == mended["first"]
    assert "taken back" in mended["run after rollback"]
    assert mended["first"] in mended["releases"] and mended["second"] in mended["releases"]


def test_a_lost_pointer_is_set_again_by_the_next_run(mended: dict[str, Any]):
    assert "no release yet" in mended["status without pointer"]
    assert "Nothing new" in mended["run without pointer"]
    assert mended["served after losing the pointer"] == mended["second"]
