"""More days of a sample that is already there: the same partners, the same behaviour, carried on.

New files lie beside the old ones, one per entity and day, and hold what each source wrote on that
day: new records, and new versions of older ones (a request answered, a deal closed).
"""

from datetime import date, timedelta
from pathlib import Path

from orchestration.sample import truth as truth_files
from orchestration.sample.dirt import Dirt
from orchestration.sample.generation import Report, SampleSummary
from orchestration.sample.parameters import HORIZON_WEEKS
from orchestration.sample.recipe import Recipe, simulate
from orchestration.sample.rendering import Renderer
from orchestration.sample.writing import Slice, Writer, last_day, midnight_after

WEEK_DAYS = 7


def generate_next_day(
    landing: Path, *, days: int = 1, truth: Path | None = None, progress: Report | None = None
) -> SampleSummary:
    """Write the next `days` days of the sample in `landing`; the days carry no dirt.

    Raises FileNotFoundError if no sample was made there, ValueError beyond the 13 weeks after the
    sample's end that partners were drawn for. The whole history is simulated again, without being
    written, so that every day continues what the sample began.
    """
    landing = Path(landing)
    folder = Path(truth) if truth else landing.parent / "sample_truth"
    made = truth_files.read_sample(folder)
    if made is None or made["through"] is None:
        raise FileNotFoundError(f"no finished sample has its truth in {folder}; run generate first")
    recipe = Recipe(**{**made["recipe"], "end": date.fromisoformat(made["recipe"]["end"])})
    through = date.fromisoformat(made["through"])
    last = through + timedelta(days=days)
    if days < 1 or last > recipe.end + timedelta(weeks=HORIZON_WEEKS):
        raise ValueError(f"the sample can be continued by 1 day up to {HORIZON_WEEKS} weeks")
    world = recipe.world()
    renderer = Renderer(world.parameters, world.population)
    slices = _day_slices(through + timedelta(days=1), days)
    writer = Writer(
        landing, renderer, slices, is_large=recipe.is_large, dirt=Dirt(recipe.seed, is_on=False)
    )
    further_weeks = -(-(last - recipe.end).days // WEEK_DAYS)
    simulate(world, recipe.total_weeks + further_weeks, writer.take, lambda now: None)
    writer.finish(progress)
    truth_files.write_sample(folder, made["recipe"], through=last, rows=made["rows"])
    return SampleSummary(landing, folder, tuple(writer.files), writer.rows, last_day(writer))


def _day_slices(first: date, days: int) -> list[Slice]:
    """One slice for each of `days` days from `first` on."""
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        end = midnight_after(day) - 1
        found.append(Slice(midnight_after(day - timedelta(days=1)) - 1, end, day.isoformat()))
    return found
