"""The built-in experiment: coaching for half of the eligible partners, drawn within strata.

A stratum is a track and a half by activity so far (rank of the current level within the track), so
arms are alike before it starts. The effect is added in `behaviour` through `coaching`.
"""

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import TRACKS
from orchestration.sample.records import Batch
from orchestration.sample.world import World


def assignments(world: World) -> list[Batch]:
    state, population, parameters = world.behaviour, world.population, world.parameters
    if world.week != world.weeks - parameters.experiment_weeks_before_end:
        return []
    rng = world.stream("experiments.assignments")
    first, last = parameters.experiment_tenure_weeks
    # a look at the last weeks tells who is still here
    is_eligible = state.is_here & (state.tenure >= first) & (state.tenure <= last)
    control, coached = range(len(names.ARMS))
    for number, track in enumerate(TRACKS):
        members = np.flatnonzero(is_eligible & (population.track == number))
        ranked = members[np.argsort(state.level[members], kind="stable")]
        for half, stratum in zip(("quiet", "lively"), np.array_split(ranked, 2), strict=True):
            shuffled = rng.permutation(stratum)
            # the odd one out goes to a random arm
            size = (len(shuffled) + int(rng.integers(0, 2))) // 2
            state.arm[shuffled[:size]] = coached
            state.arm[shuffled[size:]] = control
            world.strata.append((f"{track}/{half}", len(shuffled), size))
    partner = np.flatnonzero(state.arm >= 0)
    state.coaching = np.where(state.arm == coached, parameters.experiment_effect_log, 0.0)
    return [
        world.batch("experiments.assignments", "assignment_id", {
            "experiment_id": np.zeros(len(partner), dtype=np.int8),
            "partner_id": partner,
            "arm": state.arm[partner],
            "assigned_at": np.full(len(partner), world.week_start + 6 * 3600),
        })
    ]  # fmt: skip
