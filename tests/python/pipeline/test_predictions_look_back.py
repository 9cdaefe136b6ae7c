"""Nothing of a week's scores and predictions comes from later: not from records, not from changes
of who a partner is, not from outcomes.

A programme is scored as of a week twice: with nothing later landed, and with thirteen weeks more,
shuffled among partners, and with inventions. Corrections of what happened before the week are no
matter of this test: they restate history, and `--known-at` leaves them out.
"""

import csv
import gzip
import io
import shutil
from datetime import date, timedelta
from math import isclose
from pathlib import Path

import pytest

from orchestration.sample import generate, generate_next_day
from tests.python.pipeline.running import Programme

pytestmark = pytest.mark.slow

LAST_DAY = date(2026, 3, 29)
KEYS = {"finance/bookings": "booking_id", "crm/activities": "activity_id"}
COMPARED = (
    "scores.outcome_scores",
    "scores.score_contributions",
    "predictions.outcome_labels",
    "predictions.prediction_weeks",
    "predictions.training_counts",
    "predictions.prediction_curves",
    "predictions.outcome_fits",
    "predictions.interval_ratios",
    "predictions.current_predictions",
    "predictions.backtest_results",
    "predictions.prediction_reliability",
)


def _read(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else data
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def _shuffle(folder: Path, key: str, old: set[Path]) -> int:
    """Give records that are new since the last day to other partners; gives how many."""
    files = {path: _read(path) for path in sorted(folder.glob("*.csv*"))}
    known = {row[key] for path in files if path in old for row in files[path]}
    later = {path: rows for path, rows in files.items() if path not in old and rows}
    new = [row for rows in later.values() for row in rows if row[key] not in known]
    partners = sorted({row["partner_id"] for row in new})
    other = dict(zip(partners, partners[1:] + partners[:1], strict=True))
    for row in new:
        row["partner_id"] = other[row["partner_id"]]
    for path, rows in later.items():
        _write(path, rows)
    return len(new) if len(partners) > 1 else 0


def _invent(programme: Programme) -> None:
    """Bookings that would change everything, and another kind of partner, the day after."""
    partners = {row["partner_id"]: row for path in programme.landing.glob("crm/partners/*.csv*")
                for row in _read(path)}  # fmt: skip
    bookings = [
        {"booking_id": f"INVENTED-{who}", "partner_id": who, "booked_at": "2026-03-30T00:00:00Z",
         "amount": "5000000.00", "currency": "EUR", "product_line": "core", "sourcing": "sourced"}
        for who in partners
    ]  # fmt: skip
    _write(programme.landing / "finance/bookings/invented.csv", bookings)
    changed = [
        {**row, "track": "technology" if row["track"] != "technology" else "referral",
         "tier": "platinum", "terminated_at": "2026-03-30T00:00:00Z",
         "updated_at": "2026-03-30T00:00:00Z"}
        for row in partners.values()
    ]  # fmt: skip
    _write(programme.landing / "crm/partners/invented.csv", changed)


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("before"))
    truth = programme.folder / "truth"
    generate(programme.landing, partners=30, weeks=52, end=LAST_DAY, dirty=False, truth=truth)
    programme.land()
    programme.build("--select", "+path:models/predictions", "+score_contributions",
                    as_of=LAST_DAY.isoformat())  # fmt: skip
    return programme


def _state(programme: Programme) -> dict[str, list[tuple]]:
    return {name: programme.rows(f"select * from {name} order by all") for name in COMPARED}


def test_what_comes_later_changes_no_score_and_no_prediction(programme: Programme, tmp_path: Path):
    before = _state(programme)
    assert all(before[name] for name in COMPARED if name != "predictions.interval_ratios")
    shutil.copytree(programme.folder, tmp_path / "after", symlinks=True)
    after = Programme(tmp_path / "after")
    old = {path for path in after.landing.rglob("*") if path.is_file()}
    generate_next_day(after.landing, days=91, truth=after.folder / "truth")
    moved = {entity: _shuffle(after.landing / entity, key, old) for entity, key in KEYS.items()}
    assert all(moved.values()), moved
    _invent(after)
    after.land()
    select = ("--select", "+path:models/predictions", "+score_contributions")
    after.build(*select, as_of=LAST_DAY.isoformat())
    later = after.rows(
        "select count(*) from activities.activity_records where counted_on > '2026-03-29'"
    )
    assert later > [(500,)]
    state = _state(after)
    # Who signs later is a partner to come: listed, with nothing to predict from.
    known = {row[0] for row in before["predictions.current_predictions"]}
    state["predictions.current_predictions"] = [
        row for row in state["predictions.current_predictions"] if row[0] in known
    ]
    for name in COMPARED:
        assert len(state[name]) == len(before[name])
        for row, other in zip(state[name], before[name], strict=True):
            for one, two in zip(row, other, strict=True):
                # The last digit of a rounded sum depends on the order of what was added up.
                same = one == two or (isinstance(one, float) and isclose(one, two, rel_tol=1e-6))
                assert same, f"{name} knows what comes later: {row} != {other}"


def test_the_same_inventions_change_predictions_once_their_week_has_come(programme: Programme):
    """The comparison above is not blind: labels and fits of a later week do know them."""
    weeks = programme.rows("""
        select max(week_start), max(known_week) from predictions.outcome_labels
        where outcome = 'engaged'""")
    assert weeks == [(date(2025, 12, 22), date(2026, 3, 23))]


def test_a_source_that_begins_later_was_not_there(programme: Programme, tmp_path: Path):
    """Scored as of a week before its first record, a source lends no metric a weight."""
    first = programme.rows(
        "select min(submitted_at)::date from staging.stg_feedback__surveys"
    )[0][0]  # fmt: skip
    before = first - timedelta(days=first.weekday() + 1)
    shutil.copytree(programme.folder, tmp_path / "earlier", symlinks=True)
    earlier = Programme(tmp_path / "earlier")
    earlier.build("--select", "+metric_availability", as_of=before.isoformat())
    assert earlier.rows("select is_applicable from metrics.metric_availability "
                        "where metric = 'customer_satisfaction'") == [(False,)]  # fmt: skip
    assert programme.rows("select is_applicable from metrics.metric_availability "
                          "where metric = 'customer_satisfaction'") == [(True,)]  # fmt: skip
