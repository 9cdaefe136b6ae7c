"""What partners do in the portal, and the onboarding milestones that it tracks.

Milestones are not drawn: each is the first time that the thing itself happened elsewhere.
"""

import numpy as np

from orchestration.sample import names
from orchestration.sample.entities.crm import person
from orchestration.sample.parameters import DAY_SECONDS, WEEK_SECONDS
from orchestration.sample.randomness import pick, stream, who_acts
from orchestration.sample.records import Batch
from orchestration.sample.world import World


def events(world: World) -> list[Batch]:
    """Actions of people, from the week in which the partner has access."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    # the same draw every week: when access was given is a fact of the partner
    luck = stream(world.seed, "portal.access").standard_normal(population.size)
    days = parameters.portal_access_days * np.exp(
        parameters.portal_access_sd * luck - 0.4 * population.engagement
    )
    access_at = population.contract_at + (days * DAY_SECONDS).astype(np.int64)
    has_access = access_at < world.week_start
    rng = world.stream("portal.events")
    partner = who_acts(rng, parameters.portal_rate * parameters.volume * state.level * has_access)
    at = world.office_time(rng, partner)
    given = np.flatnonzero(
        (access_at >= world.week_start)
        & (access_at < world.week_start + WEEK_SECONDS)
        & ~population.never_active
    )
    world.reached("portal_access", given, access_at[given])
    return [
        world.batch("portal.events", "event_id", {
            "partner_id": partner,
            "user_id": person(world, rng, partner),
            "occurred_at": at,
            "event": pick(rng, names.PORTAL_SHARES, len(partner)),
        })
    ]  # fmt: skip


def milestones(world: World) -> list[Batch]:
    found = [world.first_reached(each) for each in names.MILESTONES]
    partner = np.concatenate(found)
    code = np.repeat(np.arange(len(found)), [len(each) for each in found])
    at = np.concatenate([
        world.first[name][each] for name, each in zip(names.MILESTONES, found, strict=True)
    ])  # fmt: skip
    return [
        world.batch("portal.milestones", "milestone_id", {
            "partner_id": partner, "milestone": code, "reached_at": at,
        })
    ]  # fmt: skip
