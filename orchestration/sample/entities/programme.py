"""What the programme does about partners: interventions, and disputes about numbers."""

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import DAY_SECONDS
from orchestration.sample.randomness import happens, later, only_if, who_acts
from orchestration.sample.records import Batch
from orchestration.sample.world import World

WORKDAYS = 5
TAKEN_DAYS = 6.0  # median from recommendation to action
NOTE_SHARE = 0.5
RESOLUTION_DAYS = 12.0
RESOLVED_SHARE = 0.9


def interventions(world: World) -> list[Batch]:
    """Recommended mostly for partners that have gone quiet; taking one lifts the mood a little."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("programme.interventions")
    is_low = state.level < parameters.intervention_low_level
    rate = np.where(is_low, parameters.intervention_low_rate, parameters.intervention_rate)
    partner = who_acts(rng, rate * state.is_contacted)
    count = len(partner)
    day = world.week_start + rng.integers(0, WORKDAYS, count) * DAY_SECONDS
    is_taken = happens(rng, parameters.intervention_taken_share, count)
    taken_at = later(rng, only_if(is_taken, day + DAY_SECONDS), TAKEN_DAYS, parameters.delay_sd)
    world.plan("help", taken_at, partner)
    has_note = happens(rng, NOTE_SHARE, count)
    return [
        world.batch("programme.interventions", "intervention_id", {
            "partner_id": partner,
            "intervention": rng.integers(0, len(names.INTERVENTIONS), count),
            "recommended_on": day,
            "taken_at": taken_at,
            "taken_by": population.manager[partner],
            "note": np.where(has_note, rng.integers(0, len(names.INTERVENTION_NOTES), count), -1),
        })
    ]  # fmt: skip


def disputes(world: World) -> list[Batch]:
    parameters = world.parameters
    rng = world.stream("programme.disputes")
    partner = who_acts(rng, parameters.dispute_rate * world.behaviour.is_here)
    count = len(partner)
    at = world.office_time(rng, partner)
    is_resolved = happens(rng, RESOLVED_SHARE, count)
    ends_at = later(rng, only_if(is_resolved, at), RESOLUTION_DAYS, parameters.delay_sd)
    return [
        world.batch("programme.disputes", "dispute_id", {
            "partner_id": partner,
            "metric": rng.integers(0, len(names.DISPUTED_METRICS), count),
            "reason_code": rng.integers(0, len(names.DISPUTE_REASONS), count),
            "opened_at": at,
            "resolved_at": ends_at,
            "resolution": rng.integers(0, len(names.RESOLUTIONS), count),
        })
    ]  # fmt: skip
