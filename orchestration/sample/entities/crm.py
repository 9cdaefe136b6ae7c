"""CRM records of people and partners: versions of partners, touchpoints, requests.

Leads and deals belong in `commerce`.
"""

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import DAY_SECONDS, TIERS, WEEK_SECONDS
from orchestration.sample.randomness import (
    NEVER,
    Array,
    chance,
    happens,
    later,
    only_if,
    pick,
    who_acts,
)
from orchestration.sample.records import Batch
from orchestration.sample.world import World

MINUTES_AFTER_SIGNING = 5  # the CRM record follows the signature
HOUR_SECONDS = 3600


def partners(world: World) -> list[Batch]:
    """A version for each partner that signs, and one for each change: tier, notice, manager."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("crm.partners")
    signed = np.flatnonzero(population.contract_week == world.week)
    batches = [_version(world, signed, population.contract_at[signed] + MINUTES_AFTER_SIGNING * 60)]

    wins_needed = np.array([*parameters.promotion_wins, np.iinfo(np.int64).max])[state.tier]
    considered = happens(rng, parameters.promotion_share, population.size)
    is_promoted = state.is_here & (state.wins >= wins_needed) & considered & is_quarter_start(world)
    state.tier = np.where(is_promoted, np.minimum(state.tier + 1, len(TIERS) - 1), state.tier)

    is_edited = state.has_started & happens(rng, parameters.record_touch_rate, population.size)
    successor = rng.integers(0, parameters.staff, population.size)
    state.manager = np.where(is_edited, successor, state.manager)

    known = state.termination_known_at
    has_notice = (known >= world.week_start) & (known < world.week_start + WEEK_SECONDS)
    is_changed = (is_promoted | is_edited) & ~has_notice
    changed = np.flatnonzero(is_changed)
    batches.append(_version(world, changed, world.office_time(rng, changed)))
    noticed = np.flatnonzero(has_notice)
    batches.append(_version(world, noticed, known[noticed]))
    return batches


def is_quarter_start(world: World) -> bool:
    """Whether this is the first full week of a calendar quarter."""
    monday = np.datetime64(world.week_start, "s").astype("datetime64[D]").item()
    return bool(monday.day <= 7 and monday.month in (1, 4, 7, 10))


def _version(world: World, partner: Array, at: Array) -> Batch:
    state, population = world.behaviour, world.population
    is_known = state.termination_known_at[partner] <= at
    return Batch("crm.partners", {
        "partner_id": partner,
        "partner_name": partner,
        "track": population.track[partner],
        "tier": state.tier[partner],
        "region": population.region[partner],
        "country": population.country[partner],
        "industry": population.industry[partner],
        "parent_partner_id": population.parent[partner],
        "manager_email": state.manager[partner],
        "contract_signed_at": population.contract_at[partner],
        "terminated_at": only_if(is_known, state.terminated_at[partner]),
        "updated_at": at,
    })  # fmt: skip


def activities(world: World) -> list[Batch]:
    """Touchpoints that partners take part in, and mails of ours that nobody answers."""
    state, parameters = world.behaviour, world.parameters
    rng = world.stream("crm.activities")
    partner = who_acts(rng, parameters.activity_rate * parameters.volume * state.level)
    logit = parameters.joint_logit + parameters.joint_engagement_logit * state.vigour[partner]
    is_joint = happens(rng, chance(logit), len(partner))
    inbound, outbound, mutual = range(len(names.DIRECTIONS))
    email = names.KINDS.index("email")
    kind = np.where(is_joint, pick(rng, parameters.joint_kinds, len(partner)), email)
    one_sided = np.where(happens(rng, 0.5, len(partner)), inbound, outbound)
    is_mutual = is_joint & happens(rng, parameters.mutual_share, len(partner))
    direction = np.where(is_mutual, mutual, one_sided)

    chased = who_acts(rng, parameters.chaser_rate * parameters.volume * state.is_contacted)
    partner = np.concatenate([partner, chased])
    kind = np.concatenate([kind, np.full(len(chased), email)])
    direction = np.concatenate([direction, np.full(len(chased), outbound)])
    at = world.office_time(rng, partner)
    is_plan = kind == names.KINDS.index("joint_planning")
    world.reached("joint_plan", partner[is_plan], at[is_plan])
    return [
        world.batch("crm.activities", "activity_id", {
            "partner_id": partner,
            "occurred_at": at,
            "kind": kind,
            "direction": direction,
            "contact_email": person(world, rng, partner),
        })
    ]  # fmt: skip


def person(world: World, rng: np.random.Generator, partner: Array) -> Array:
    """Somebody at each partner: partner number times 100 plus a number within the partner."""
    return np.asarray(
        partner * 100 + (rng.random(len(partner)) * world.population.people[partner]).astype(int)
    )


def requests(world: World) -> list[Batch]:
    """Questions of ours; the engaged answer, and sooner. Those who have left answer nothing."""
    state, parameters = world.behaviour, world.parameters
    rng = world.stream("crm.requests")
    partner = who_acts(rng, parameters.request_rate * parameters.volume * state.is_contacted)
    at = world.office_time(rng, partner)
    vigour = state.vigour[partner]
    logit = parameters.answer_logit + parameters.answer_engagement_logit * vigour
    answers = happens(rng, chance(logit), len(partner)) & (state.is_here & ~state.silent)[partner]
    days = parameters.answer_hours_median * np.exp(parameters.answer_engagement_log * vigour)
    days = days * HOUR_SECONDS / DAY_SECONDS
    answered_at = later(rng, np.where(answers, at, NEVER), days, parameters.answer_hours_sd)
    return [
        world.batch("crm.requests", "request_id", {
            "partner_id": partner, "requested_at": at, "responded_at": answered_at,
        })
    ]  # fmt: skip
