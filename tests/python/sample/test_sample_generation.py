"""The same recipe gives the same bytes; size, formats, further days and refusals."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.sample import SampleSummary, generate, generate_next_day, generation
from orchestration.sample.records import SHAPES

PARTNERS, WEEKS = 60, 12
RowsOf = Callable[[Path], Iterator[dict[str, Any]]]


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def small(folder: Path, seed: int = 7) -> Path:
    return generate(folder / "landing", partners=PARTNERS, weeks=WEEKS, seed=seed).landing


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (
        small(tmp_path / name, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert digest(first) == digest(second)
    assert digest(first) != digest(other)
    assert digest(first.parent / "sample_truth") == digest(second.parent / "sample_truth")


def test_the_truth_lies_beside_the_landing_folder(tmp_path: Path) -> None:
    summary = generate(tmp_path / "landing", partners=PARTNERS, weeks=WEEKS)
    names = {path.name for path in summary.truth.iterdir()}
    assert summary.truth == tmp_path / "sample_truth"
    assert names >= {"partners.parquet", "experiment.json", "effects.json", "dirt.json"}
    written = {
        path.relative_to(summary.landing).as_posix()
        for path in summary.landing.rglob("*")
        if path.is_file()
    }
    assert written == set(summary.files)
    with pytest.raises(ValueError, match="must not lie in the landing folder"):
        generate(tmp_path / "other", truth=tmp_path / "other" / "truth")


def test_a_sample_is_not_mixed_with_another(tmp_path: Path) -> None:
    landing = small(tmp_path, seed=1)
    before = digest(landing)
    assert digest(small(tmp_path, seed=1)) == before
    with pytest.raises(FileExistsError, match="holds other files"):
        small(tmp_path, seed=2)


def test_the_end_is_a_sunday(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ends on a Sunday, not on Monday"):
        generate(tmp_path / "landing", end=date(2026, 6, 29))


def test_activities_set_the_size(tmp_path: Path) -> None:
    summary = generate(tmp_path / "landing", activities=200_000)
    assert summary.activity_like_rows == pytest.approx(200_000, rel=0.10)


def test_large_programmes_write_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "LARGE_ACTIVITIES", 40_000)
    summary = generate(tmp_path / "landing", partners=300, weeks=26, activities=40_000)
    assert summary.activity_like_rows == pytest.approx(40_000, rel=0.10)
    bulky = {name.split(".")[1] for name, shape in SHAPES.items() if shape.is_bulky}
    formats = {path.split(".", 1)[1] for path in summary.files if path.split("/")[1] in bulky}
    assert formats == {"parquet"}


def test_the_default_programme_is_small(clean: SampleSummary) -> None:
    assert 150_000 < sum(clean.rows.values()) < 250_000
    assert len(clean.files) < 300


def test_days_that_follow_continue_the_sample(tmp_path: Path, rows_of: RowsOf) -> None:
    at_once, in_parts = (small(tmp_path / name) for name in ("at_once", "in_parts"))
    before = {path for path in at_once.rglob("*") if path.is_file()}
    summary = generate_next_day(at_once, days=9)
    for more in (1, 5, 3):
        generate_next_day(in_parts, days=more)
    assert digest(at_once) == digest(in_parts)
    assert (summary.last_day or date.max) <= date(2026, 7, 7)

    added = [path for path in at_once.rglob("*") if path.is_file() and path not in before]
    days = {path.name.split("_")[-1].split(".")[0] for path in added}
    assert (min(days), max(days)) == ("2026-06-29", "2026-07-07")
    known = {
        row.get("activity_id")
        for path in before
        if "activities" in path.name
        for row in rows_of(path)
    }
    new = [row for path in added if "activities" in path.name for row in rows_of(path)]
    assert new
    assert not known & {row["activity_id"] for row in new}
    assert all(row["occurred_at"] > "2026-06-28" for row in new)


def test_older_records_arrive_again_when_they_change(tmp_path: Path, rows_of: RowsOf) -> None:
    landing = generate(tmp_path / "landing", partners=120, weeks=12, dirty=False).landing
    folder = landing / "crm" / "deals"
    before = {row["deal_id"]: row for path in sorted(folder.iterdir()) for row in rows_of(path)}
    known = set(folder.iterdir())
    generate_next_day(landing, days=14)
    again = [
        (before[row["deal_id"]], row)
        for path in sorted(set(folder.iterdir()) - known)
        for row in rows_of(path)
        if row["deal_id"] in before
    ]
    assert again
    for old, new in again:
        same = ("deal_id", "partner_id", "account_key", "registered_at", "amount", "currency")
        assert [old[each] for each in same] == [new[each] for each in same]
        changed = [new[each] for each in new if new[each] != old[each]]
        assert changed
        assert old["outcome"] == "open" or old["outcome"] == new["outcome"]


def test_days_that_follow_need_a_sample_and_end_with_the_horizon(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run generate first"):
        generate_next_day(tmp_path / "landing")
    landing = small(tmp_path)
    with pytest.raises(ValueError, match="up to 13 weeks"):
        generate_next_day(landing, days=100)


def test_the_recipe_is_written_down(tmp_path: Path) -> None:
    landing = small(tmp_path)
    made = json.loads((landing.parent / "sample_truth" / "sample.json").read_text())
    assert made["recipe"]["partners"] == PARTNERS
    assert datetime.fromisoformat(made["through"]).date() == date(2026, 6, 28)
