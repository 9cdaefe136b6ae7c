"""Account-mapping profiles, once a quarter of tenure: the fit of a partner, seen with noise."""

import numpy as np

from orchestration.sample.randomness import chance, stream
from orchestration.sample.records import Batch
from orchestration.sample.world import World

QUARTER_WEEKS = 13
FIRST_PROFILE_WEEK = 1  # of tenure
GROWTH_WEEKLY = 0.003  # more accounts are matched as the mapping is completed
REACHABLE_SHARE = 0.55  # of accounts that fit, those that are not customers yet
RUBRIC_POINTS = 4


def profiles(world: World) -> list[Batch]:
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("accounts.profiles")
    is_due = state.is_contacted & (state.tenure % QUARTER_WEEKS == FIRST_PROFILE_WEEK)
    partner = np.flatnonzero(is_due)
    count = len(partner)
    fit = population.fit[partner]
    growth = np.exp(GROWTH_WEEKLY * state.tenure[partner])
    matched = (population.accounts[partner] * growth).astype(np.int64)

    def noisy(logit: float) -> np.ndarray:
        own = parameters.profile_noise * rng.standard_normal(count)
        return chance(logit + parameters.icp_fit_logit * fit + own)

    icp = rng.binomial(matched, noisy(parameters.icp_logit))
    # each point of the rubric is a fact about the partner and does not come and go
    facts = stream(world.seed, "channel").standard_normal((population.size, RUBRIC_POINTS))[partner]
    reach = 0.5 * (fit + population.drive[partner])
    rubric = (facts < (0.7 * reach - 0.3)[:, None]).sum(axis=1)
    return [
        world.batch("accounts.profiles", "profile_id", {
            "partner_id": partner,
            "profiled_at": world.office_time(rng, partner),
            "matched_accounts": matched,
            "icp_accounts": icp,
            "reachable_accounts": rng.binomial(icp, REACHABLE_SHARE),
            "compatible_accounts": rng.binomial(matched, noisy(parameters.icp_logit + 0.4)),
            "channel_rubric": rubric,
        })
    ]  # fmt: skip
