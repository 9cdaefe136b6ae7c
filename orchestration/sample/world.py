"""What the steps of one simulated week share: clock, state, streams, identifiers, what is pending.

The rules of behaviour belong in `behaviour` and `entities`; files belong in `writing`.
"""

from collections import defaultdict

import numpy as np

from orchestration.sample import names
from orchestration.sample.behaviour import Behaviour
from orchestration.sample.parameters import WEEK_SECONDS, Parameters
from orchestration.sample.population import Population
from orchestration.sample.randomness import NEVER, Array, office_time, stream
from orchestration.sample.records import WEEKLY_IDS, Batch


class World:
    """One programme while it is simulated. `week` counts from the first week of the history."""

    def __init__(
        self, parameters: Parameters, population: Population, *, origin: int, weeks: int, seed: int
    ) -> None:
        self.parameters, self.population = parameters, population
        self.origin, self.weeks, self.seed = origin, weeks, seed
        self.behaviour = Behaviour(parameters, population, seed)
        self.first = {name: np.full(population.size, NEVER) for name in names.MILESTONES}
        self.first["contract_signed"] = population.contract_at.copy()
        self.strata: list[tuple[str, int, int]] = []  # of the experiment: name, partners, coached
        self._agenda: dict[tuple[int, str], list[Array]] = defaultdict(list)
        self._ids: dict[str, int] = {}

    def begin(self, week: int) -> None:
        self.week = week
        self.week_start = self.origin + week * WEEK_SECONDS
        self._ids = {}
        for partners in self.agenda("win"):
            np.add.at(self.behaviour.wins, partners, 1)
        for partners in self.agenda("help"):
            self.behaviour.mood[partners] += self.parameters.intervention_effect
        self.behaviour.step(week, self.week_start)

    def stream(self, name: str) -> np.random.Generator:
        return stream(self.seed, name, self.week)

    def office_time(self, rng: np.random.Generator, partner: Array) -> Array:
        return office_time(rng, self.week_start, self.population.offset[partner])

    def ids(self, entity: str, count: int) -> Array:
        """New identifiers of an entity, the same however long the run is."""
        used = self._ids.get(entity, 0)
        self._ids[entity] = used + count
        return np.arange(used, used + count, dtype=np.int64) + self.week * WEEKLY_IDS

    def plan(self, name: str, at: Array, values: Array) -> None:
        """Put values on the agenda of the week after the one that `at` falls in."""
        known = at != NEVER
        week = (at[known] - self.origin) // WEEK_SECONDS + 1
        for each in np.unique(week):
            self._agenda[int(each), name].append(values[known][week == each])

    def agenda(self, name: str) -> list[Array]:
        return self._agenda.pop((self.week, name), [])

    def reached(self, milestone: str, partner: Array, at: Array) -> None:
        """Remember the earliest time at which each partner does something for the first time."""
        np.minimum.at(self.first[milestone], partner, at)

    def first_reached(self, milestone: str) -> Array:
        """Partners that reach a milestone this week; final, since nothing is ever back-dated."""
        at = self.first[milestone]
        within = (at >= self.week_start) & (at < self.week_start + WEEK_SECONDS)
        return np.flatnonzero(within)

    def batch(self, entity: str, id_column: str, columns: dict[str, Array]) -> Batch:
        size = len(columns["partner_id"])
        return Batch(entity, {id_column: self.ids(entity, size), **columns})
