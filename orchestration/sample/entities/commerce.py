"""Leads, deals and bookings: what partners sell, and how long it takes.

A lead may become a deal, a deal is approved, qualified, closed, and a won deal is booked. The whole
course is drawn when it starts; what lies beyond the end of the data is hidden when it is written.
A rejected registration stays `open` and never closes: it is not a lost deal.
"""

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import DAY_SECONDS
from orchestration.sample.randomness import (
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

CUSTOMER_ACCOUNTS = 60_000  # end customers that leads and deals are about
LEAST_DAYS_TO_CLOSE = 5  # after a deal is qualified
LEAST_AMOUNT, MOST_AMOUNT = 500, 2_000_000


def leads_and_deals(world: World) -> list[Batch]:
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("commerce")
    rate = (
        parameters.lead_rate * parameters.commercial_volume
        * population.of_track(parameters, "lead_factor")
        * np.exp(parameters.lead_drive_log * population.drive
                 + parameters.lead_fit_log * population.fit)
        * state.commercial_level**parameters.lead_level_power * state.ramp()
    )  # fmt: skip
    partner = who_acts(rng, rate)
    at = world.office_time(rng, partner)
    account = rng.integers(1, CUSTOMER_ACCOUNTS, len(partner))
    logit = (
        parameters.lead_accept_logit + parameters.lead_accept_fit_logit * population.fit[partner]
        + parameters.lead_accept_capability_logit * population.capability[partner]
    )  # fmt: skip
    is_accepted = happens(rng, chance(logit), len(partner))
    decided_at = later(rng, at, parameters.lead_decision_days, parameters.delay_sd)
    accepted_at = only_if(is_accepted, decided_at)
    world.reached("first_lead", partner, at)
    leads = world.batch("crm.leads", "lead_id", {
        "partner_id": partner, "account_key": account, "submitted_at": at,
        "accepted_at": accepted_at, "rejected_at": only_if(~is_accepted, decided_at),
    })  # fmt: skip

    goes_on = np.flatnonzero(
        is_accepted & happens(rng, parameters.lead_to_deal_share, len(partner))
    )
    from_leads = later(rng, accepted_at[goes_on], parameters.lead_to_deal_days, parameters.delay_sd)
    own = who_acts(
        rng,
        parameters.deal_rate * parameters.commercial_volume
        * population.of_track(parameters, "deal_factor")
        * np.exp(parameters.deal_drive_log * population.drive
                 + parameters.deal_capability_log * population.capability)
        * state.commercial_level**parameters.lead_level_power * state.ramp(),
    )  # fmt: skip
    deals = _deals(
        world, rng,
        partner=np.concatenate([partner[goes_on], own]),
        registered_at=np.concatenate([from_leads, world.office_time(rng, own)]),
        account=np.concatenate([account[goes_on], rng.integers(1, CUSTOMER_ACCOUNTS, len(own))]),
    )  # fmt: skip
    return [leads, deals, _booked(world, rng, deals)]


def _deals(
    world: World, rng: np.random.Generator, *, partner: Array, registered_at: Array, account: Array
) -> Batch:
    population, parameters = world.population, world.parameters
    count = len(partner)
    fit, capability = population.fit[partner], population.capability[partner]
    is_approved = happens(
        rng, chance(parameters.approve_logit + parameters.approve_fit_logit * fit), count
    )
    decided_at = later(rng, registered_at, parameters.approval_days, parameters.delay_sd)
    approved_at = only_if(is_approved, decided_at)
    qualifies = is_approved & happens(
        rng,
        chance(parameters.qualify_logit + parameters.qualify_capability_logit * capability),
        count,
    )
    qualified_at = later(
        rng, only_if(qualifies, approved_at), parameters.qualify_days, parameters.delay_sd
    )
    cycle = population.of_track(parameters, "cycle_days")[partner] * np.exp(
        parameters.cycle_capability_log * capability
    )
    closed_at = later(rng, registered_at, cycle, parameters.cycle_sd)
    earliest = np.where(qualifies, qualified_at, decided_at)
    closed_at = np.maximum(closed_at, earliest + LEAST_DAYS_TO_CLOSE * DAY_SECONDS)
    is_stale = ~qualifies & happens(rng, parameters.stale_share, count)
    closed_at = only_if(is_approved & ~is_stale, closed_at)
    is_won = qualifies & happens(
        rng,
        chance(
            parameters.win_logit + parameters.win_capability_logit * capability
            + parameters.win_fit_logit * fit
            + parameters.win_drive_logit * population.drive[partner]
        ),
        count,
    )  # fmt: skip
    _, won, lost = range(len(names.OUTCOMES))
    won_at = only_if(is_won, closed_at)
    world.plan("win", won_at, partner)
    world.reached("first_deal_registered", partner, registered_at)
    world.reached("first_deal_won", partner, won_at)
    return world.batch("crm.deals", "deal_id", {
        "partner_id": partner,
        "account_key": account,
        "registered_at": registered_at,
        "approved_at": approved_at,
        "rejected_at": only_if(~is_approved, decided_at),
        "qualified_at": qualified_at,
        "closed_at": closed_at,
        "outcome": np.where(is_won, won, lost),
        "amount": _amounts(world, rng, partner),
        "currency": population.currency[partner],
    })  # fmt: skip


def _amounts(world: World, rng: np.random.Generator, partner: Array) -> Array:
    """Lognormal by track and tier, in cents; whole units, as people enter them."""
    population, parameters = world.population, world.parameters
    median = population.of_track(parameters, "amount_median")[partner]
    factor = np.array(parameters.tier_amount_factors)[world.behaviour.tier[partner]]
    spread = parameters.amount_sd * rng.standard_normal(len(partner))
    amount = median * factor * np.exp(parameters.amount_fit_log * population.fit[partner] + spread)
    cents = np.clip(np.round(amount), LEAST_AMOUNT, MOST_AMOUNT) * 100
    return np.asarray(cents, dtype=np.int64)


def _booked(world: World, rng: np.random.Generator, deals: Batch) -> Batch:
    """One booking for each won deal, some days after it closed, near its amount."""
    columns = deals.take(deals.columns["outcome"] == names.OUTCOMES.index("won")).columns
    partner = columns["partner_id"]
    parameters = world.parameters
    share = world.population.of_track(parameters, "sourced_share")[partner]
    negotiated = np.exp(0.05 * rng.standard_normal(len(partner)))
    return _bookings(
        world, rng, partner,
        deal=columns["deal_id"],
        at=later(rng, columns["closed_at"], parameters.booking_days, parameters.delay_sd),
        cents=(columns["amount"] * negotiated).astype(np.int64),
        is_sourced=happens(rng, share, len(partner)),
    )  # fmt: skip


def other_bookings(world: World) -> list[Batch]:
    """Repeat business of partners that have won, and our own business that partners influenced."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("finance.bookings")
    repeat_rate = (
        parameters.repeat_rate * parameters.commercial_volume
        * np.minimum(state.wins, parameters.repeat_cap)
        * np.exp(parameters.repeat_drive_log * population.drive)
        * state.commercial_level**parameters.repeat_level_power
    )  # fmt: skip
    repeats = who_acts(rng, repeat_rate)
    influenced = who_acts(
        rng, parameters.influenced_rate * parameters.commercial_volume * state.commercial_level
    )
    partner = np.concatenate([repeats, influenced])
    is_repeat = np.arange(len(partner)) < len(repeats)
    factor = np.where(is_repeat, parameters.repeat_amount_factor, 1.0)
    return [
        _bookings(
            world, rng, partner,
            deal=np.full(len(partner), -1),
            at=world.office_time(rng, partner),
            cents=(_amounts(world, rng, partner) * factor).astype(np.int64),
            is_sourced=is_repeat,
        )
    ]  # fmt: skip


def _bookings(
    world: World, rng: np.random.Generator, partner: Array, *,
    deal: Array, at: Array, cents: Array, is_sourced: Array,
) -> Batch:  # fmt: skip
    sourced, influenced = range(len(names.SOURCING))
    return world.batch("finance.bookings", "booking_id", {
        "partner_id": partner,
        "deal_id": deal,
        "booked_at": at,
        "amount": cents,
        "currency": world.population.currency[partner],
        "product_line": pick(rng, names.PRODUCT_SHARES, len(partner)),
        "sourcing": np.where(is_sourced, sourced, influenced),
    })  # fmt: skip
