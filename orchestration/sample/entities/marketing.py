"""Campaign touches, commitments with a due date, and funds by the quarter."""

import numpy as np

from orchestration.sample import names
from orchestration.sample.entities.crm import is_quarter_start
from orchestration.sample.parameters import DAY_SECONDS
from orchestration.sample.randomness import chance, happens, later, only_if, pick, who_acts
from orchestration.sample.records import Batch
from orchestration.sample.world import World

CAMPAIGNS_AT_A_TIME = 6
CAMPAIGN_WEEKS = 13
FUND_DAYS = 91  # until a fund can no longer be claimed


def touches(world: World) -> list[Batch]:
    state, parameters = world.behaviour, world.parameters
    rng = world.stream("marketing.touches")
    partner = who_acts(rng, parameters.touch_rate * parameters.volume * state.level)
    campaign = rng.integers(1, CAMPAIGNS_AT_A_TIME + 1, len(partner))
    return [
        world.batch("marketing.touches", "touch_id", {
            "partner_id": partner,
            "campaign_id": world.week // CAMPAIGN_WEEKS * 100 + campaign,
            "kind": pick(rng, names.TOUCH_SHARES, len(partner)),
            "occurred_at": world.office_time(rng, partner),
        })
    ]  # fmt: skip


def commitments(world: World) -> list[Batch]:
    """Promises; the engaged keep them, others deliver late or never."""
    state, parameters = world.behaviour, world.parameters
    rng = world.stream("marketing.commitments")
    rate = parameters.commitment_rate * parameters.commercial_volume * state.level
    partner = who_acts(rng, rate)
    at = world.office_time(rng, partner)
    due_at = at + rng.integers(*parameters.commitment_due_days, len(partner)) * DAY_SECONDS
    logit = parameters.keep_logit + parameters.keep_engagement_logit * state.vigour[partner]
    is_kept = happens(rng, chance(logit), len(partner))
    is_late = ~is_kept & happens(rng, parameters.late_share, len(partner))
    in_time = at + ((due_at - at) * (0.3 + 0.7 * rng.random(len(partner)))).astype(np.int64)
    too_late = later(rng, due_at, 10.0, parameters.delay_sd)
    return [
        world.batch("marketing.commitments", "commitment_id", {
            "partner_id": partner,
            "plan_id": partner * 10 + world.week // CAMPAIGN_WEEKS % 10,
            "committed_at": at,
            "due_at": due_at,
            "delivered_at": np.where(is_kept, in_time, only_if(is_late, too_late)),
        })
    ]  # fmt: skip


def funds(world: World) -> list[Batch]:
    """Allocated in the first week of a quarter by tier, claimed by those who do something."""
    if not is_quarter_start(world):
        return []
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("marketing.funds")
    share = np.array(parameters.fund_tier_shares)[state.tier]
    partner = np.flatnonzero(happens(rng, share, population.size) & state.is_in_programme)
    at = world.office_time(rng, partner)
    amount = np.array(parameters.fund_tier_amounts)[state.tier[partner]]
    amount = np.round(amount * np.exp(0.3 * rng.standard_normal(len(partner))), -2)
    logit = parameters.claim_logit + parameters.claim_engagement_logit * state.vigour[partner]
    claims = happens(rng, chance(logit), len(partner)) & state.is_here[partner]
    claimed_at = at + (FUND_DAYS * DAY_SECONDS * (0.1 + 0.85 * rng.random(len(partner)))).astype(
        np.int64
    )
    claimed = np.round(amount * np.minimum(1.0, 0.4 + 0.8 * rng.random(len(partner))), 2)
    return [
        world.batch("marketing.funds", "fund_id", {
            "partner_id": partner,
            "purpose": pick(rng, names.PURPOSE_SHARES, len(partner)),
            "allocated_at": at,
            "period_end": at + FUND_DAYS * DAY_SECONDS,
            "allocated_amount": np.round(amount * 100).astype(np.int64),
            "claimed_at": only_if(claims, claimed_at),
            "claimed_amount": np.round(claimed * 100).astype(np.int64),
            "currency": population.currency[partner],
        })
    ]  # fmt: skip
