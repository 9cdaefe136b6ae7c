"""A real marketplace: what lands is accounted for, and the score says what is missing."""

import json

import pytest

from orchestration.settings import PROJECT_DIR
from tests.python.pipeline.running import Programme

OLIST = PROJECT_DIR.parent / "shared" / "data" / "olist_landing"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not OLIST.is_dir(), reason=f"the real data is not at {OLIST}"),
]


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("olist"))
    programme.command("run", "--landing", str(OLIST), "--reporting-currency", "BRL")
    return programme


def test_every_booking_is_accounted_for_to_the_cent(olist: Programme):
    ((bookings, revenue),) = olist.rows(
        "select count(*), sum(amount) from activities.activities where activity_type = 'booking'"
    )
    assert (bookings, str(revenue)) == (100_010, "13591643.70")
    landed = dict(
        olist.rows("select entity, rows_landed from activities.source_status where rows_landed > 0")
    )
    assert landed["bookings"] == 100_010
    ((unaccounted,),) = olist.rows(
        """select count(*) from activities.source_status
           where rows_landed != rows_staged + rows_quarantined"""
    )
    assert unaccounted == 0


def test_every_seller_has_a_score_or_a_reason(olist: Programme):
    ((partners, without),) = olist.released(
        """select count(*), count(*) filter (where revenue_score is null and status_reason is null)
           from marts.partner_scorecards"""
    )
    assert (partners, without) == (3_095, 0)


def test_the_missing_sources_are_told(olist: Programme):
    entities = olist.released(
        "select source || '.' || entity from marts.source_coverage where has_records"
    )
    assert {name for (name,) in entities} == {
        "crm.partners",
        "crm.requests",
        "feedback.surveys",
        "finance.bookings",
        "marketing.commitments",
    }
    breadth = olist.released(
        """select outcome, breadth from marts.framework_breadth
           where segment = 'reseller' and is_in_force"""
    )
    assert all(0.1 < share < 0.7 for _, share in breadth)
    manifest = json.loads((olist.warehouse / "releases" / "current" / "manifest.json").read_text())
    assert 0.1 < manifest["run"]["totals"]["breadth"] < 0.7
