"""Makes a sample: draws the partners, lets the weeks pass, writes the files and the truth."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from orchestration.sample import truth as truth_files
from orchestration.sample.dirt import Dirt
from orchestration.sample.recipe import Recipe, simulate, volume_for
from orchestration.sample.records import SHAPES
from orchestration.sample.rendering import Renderer
from orchestration.sample.writing import (
    BEFORE_EVERYTHING,
    Slice,
    Writer,
    last_day,
    midnight_after,
)

LARGE_ACTIVITIES = 500_000  # from here on bulky entities are Parquet, as large exports are
SUNDAY = 6

Report = Callable[[str], None]


@dataclass(frozen=True)
class SampleSummary:
    """What was written: paths below the landing folder, rows by entity, day of the last event."""

    landing: Path
    truth: Path
    files: tuple[str, ...]
    rows: dict[str, int]
    last_day: date | None

    @property
    def activity_like_rows(self) -> int:
        """Records that become activities: what `activities` scales."""
        return sum(rows for name, rows in self.rows.items() if SHAPES[name].is_activity_like)


def generate(
    landing: Path,
    *,
    partners: int = 400,
    weeks: int = 104,
    activities: int | None = None,
    seed: int = 20260101,
    end: date = date(2026, 6, 28),
    dirty: bool = True,
    truth: Path | None = None,
    progress: Report | None = None,
) -> SampleSummary:
    """Write the landing folder of a programme, and the truth about it beside it.

    Partners sign during the `weeks` up to `end` (a Sunday) and the 52 weeks before; their records
    run from the contract on. `activities` sets how many records become activities (within 10%);
    without it they are what the programme's behaviour makes. Raises ValueError for an `end` that
    is no Sunday or a truth folder inside the landing folder, FileExistsError if the landing folder
    holds something else.
    """
    landing = Path(landing)
    folder = Path(truth) if truth else landing.parent / "sample_truth"
    if end.weekday() != SUNDAY:
        raise ValueError(f"the sample ends on a Sunday, not on {end:%A}, {end}")
    if partners < 1 or weeks < 1:
        raise ValueError("the sample needs at least one partner and one week")
    if folder.resolve().is_relative_to(landing.resolve()):
        raise ValueError(f"the truth must not lie in the landing folder: {folder}")
    is_large = activities is not None and activities >= LARGE_ACTIVITIES
    recipe = Recipe(partners, weeks, end, seed, is_large=is_large, dirty=dirty)
    if activities is not None:
        recipe = replace(recipe, volume=volume_for(recipe, activities))
    _refuse_other_content(landing, folder, recipe)
    truth_files.write_sample(folder, _as_json(recipe), through=None)
    world = recipe.world()
    renderer = Renderer(world.parameters, world.population)
    cutoff = midnight_after(end) - 1
    next_partner = renderer.partner_ids[partners].as_py()
    dirt = Dirt(seed, is_on=dirty, next_partner=next_partner)
    slices = [Slice(BEFORE_EVERYTHING, cutoff)]
    writer = Writer(landing, renderer, slices, is_large=is_large, dirt=dirt)
    simulate(world, recipe.total_weeks, writer.take, lambda now: writer.settle(now, progress))
    writer.finish(progress)
    truth_files.write_truth(folder, world, renderer, dirt.blemishes)
    truth_files.write_sample(folder, _as_json(recipe), through=end, rows=writer.rows)
    return SampleSummary(landing, folder, tuple(writer.files), writer.rows, last_day(writer))


def _as_json(recipe: Recipe) -> dict[str, object]:
    return {**asdict(recipe), "end": recipe.end.isoformat()}


def _refuse_other_content(landing: Path, folder: Path, recipe: Recipe) -> None:
    """Writing the same sample again, or to its end, is harmless; mixing two programmes is not."""
    if not landing.exists() or not any(each.is_file() for each in landing.rglob("*")):
        return
    made = truth_files.read_sample(folder)
    is_same = made is not None and made["recipe"] == _as_json(recipe)
    if made is None or not is_same or made["through"] not in (None, recipe.end.isoformat()):
        raise FileExistsError(
            f"{landing} holds other files; name an empty folder or empty this one"
        )
