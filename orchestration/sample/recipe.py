"""What decides a sample, and letting its weeks pass: the recipe, the simulation, the volume.

Behaviour belongs in `entities`, formats in `writing`, the public function in `generation`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from orchestration.sample.entities import STEPS
from orchestration.sample.parameters import HISTORY_LEAD_WEEKS, WEEK_SECONDS, Parameters
from orchestration.sample.population import draw
from orchestration.sample.records import SHAPES, Batch
from orchestration.sample.world import World
from orchestration.sample.writing import midnight_after

PILOT_PARTNERS = 2_000  # enough to know the size of a programme within a few percent


@dataclass(frozen=True)
class Recipe:
    """What decides a sample: the same recipe gives the same bytes."""

    partners: int
    weeks: int
    end: date
    seed: int
    volume: float = 1.0
    is_large: bool = False
    dirty: bool = True

    @property
    def total_weeks(self) -> int:
        return self.weeks + HISTORY_LEAD_WEEKS

    @property
    def origin(self) -> int:
        """Monday on which the first partners may sign, in seconds."""
        return midnight_after(self.end) - self.total_weeks * WEEK_SECONDS

    def world(self, partners: int | None = None) -> World:
        parameters = replace(Parameters(), volume=self.volume)
        population = draw(
            parameters,
            partners=partners or self.partners,
            weeks=self.weeks,
            origin=self.origin,
            seed=self.seed,
        )
        return World(
            parameters, population, origin=self.origin, weeks=self.total_weeks, seed=self.seed
        )


def simulate(
    world: World, weeks: int, take: Callable[[Batch], None], week_over: Callable[[int], None]
) -> None:
    """Let `weeks` pass; `take` gets every batch, `week_over` the end of each week in seconds."""
    for week in range(weeks):
        world.begin(week)
        for step in STEPS:
            for batch in step(world):
                if batch.size:
                    take(batch)
        week_over(world.week_start + WEEK_SECONDS)


def volume_for(recipe: Recipe, activities: int) -> float:
    """The volume that gives about so many records: measured on a pilot, then solved by bisection.

    Chatter grows with the volume, commerce and courses with its square root, milestones and funds
    not at all. Two pilots, since what partners do depends on the volume a little.
    """
    pilot_partners = min(recipe.partners, PILOT_PARTNERS)
    wanted = activities * pilot_partners / recipe.partners
    volume = 1.0
    for _ in range(2):
        counts = _pilot(replace(recipe, volume=volume), pilot_partners)
        low, high = 1e-4, 1e4
        for _ in range(60):
            middle = (low * high) ** 0.5
            expected = sum(
                count * (middle / volume) ** GROWTH[entity] for entity, count in counts.items()
            )
            low, high = (middle, high) if expected < wanted else (low, middle)
        volume = low
    return volume


# How the records of an entity grow with the volume (power); 0.5 where not said.
GROWTH = {
    **{name: 0.5 for name, shape in SHAPES.items() if shape.is_activity_like},
    **dict.fromkeys(("crm.activities", "crm.requests", "portal.events", "marketing.touches"), 1.0),
    **dict.fromkeys(("portal.milestones", "marketing.funds"), 0.0),
}


def _pilot(recipe: Recipe, partners: int) -> dict[str, int]:
    world = recipe.world(partners)
    cutoff = midnight_after(recipe.end) - 1
    counts = dict.fromkeys(GROWTH, 0)

    def count(batch: Batch) -> None:
        if batch.entity in counts:
            event = batch.columns[SHAPES[batch.entity].event]
            counts[batch.entity] += int((event <= cutoff).sum())

    simulate(world, recipe.total_weeks, count, lambda now: None)
    return counts
