"""Who the partners are: what is true of them when they sign, drawn once.

Traits are latent: nothing of them lands, only what they cause. What changes afterwards (mood,
silence, tier, churn) belongs in `behaviour`. Partners are numbered from 0 in order of signing;
those beyond `partners` sign after the end of the data and are there for the days that follow.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import (
    HISTORY_LEAD_WEEKS,
    HORIZON_WEEKS,
    WEEK_SECONDS,
    Parameters,
)
from orchestration.sample.randomness import Array, chance, happens, office_time, pick, stream

PEOPLE_MOST = 40  # a partner has at most this many people in learning and portal


@dataclass(frozen=True)
class Population:
    """Arrays with one element per partner; traits in standard deviations, times in seconds."""

    partners: int
    track: Array
    region: Array
    country: Array  # number in names.COUNTRY_NAMES
    industry: Array
    parent: Array  # partner number, -1 without
    manager: Array
    currency: Array
    offset: Array  # seconds east of UTC
    fit: Array
    capability: Array
    engagement: Array
    drive: Array
    first_tier: Array
    people: Array
    accounts: Array  # matched accounts at signing
    never_active: Array
    contract_week: Array
    contract_at: Array

    @property
    def size(self) -> int:
        return len(self.track)

    def of_track(self, parameters: Parameters, attribute: str) -> Array:
        """An attribute of each partner's track."""
        values = np.array([getattr(track, attribute) for track in parameters.tracks], dtype=float)
        return np.asarray(values[self.track])


def draw(
    parameters: Parameters, *, partners: int, weeks: int, origin: int, seed: int
) -> Population:
    """The partners of a programme whose first week starts at `origin` (a Monday, seconds)."""
    rng = stream(seed, "population")
    total = weeks + HISTORY_LEAD_WEEKS
    reserve = ceil(partners / total * HORIZON_WEEKS)
    size = partners + reserve
    contract_week = np.concatenate([
        np.sort(rng.integers(0, total, partners)),
        np.sort(rng.integers(total, total + HORIZON_WEEKS, reserve)),
    ])  # fmt: skip
    track = pick(rng, tuple(each.share for each in parameters.tracks), size)
    traits = _traits(rng, parameters, track)
    region = pick(rng, parameters.region_shares, size)
    country = _countries(rng, region)
    offset = np.array(names.OFFSET_HOURS)[region] * 3600
    contract_at = office_time(rng, origin, offset) + contract_week * WEEK_SECONDS
    people_mean = np.array([each.people for each in parameters.tracks])[track]
    people = 1 + rng.poisson(people_mean * np.exp(0.3 * traits["capability"]))
    return Population(
        partners=partners,
        track=track,
        region=region,
        country=country,
        industry=rng.integers(0, len(names.INDUSTRIES), size),
        parent=_parents(rng, parameters, size),
        manager=rng.integers(0, parameters.staff, size),
        currency=_currencies(region, country),
        offset=offset,
        first_tier=_tiers(rng, parameters, traits),
        people=np.minimum(people, PEOPLE_MOST),
        accounts=np.maximum(
            8, parameters.matched_accounts_median * np.exp(0.7 * rng.standard_normal(size))
        ).astype(np.int64),
        never_active=happens(
            rng,
            chance(
                parameters.never_active_logit
                + parameters.never_active_engagement_logit * traits["engagement"]
            ),
            size,
        ),
        contract_week=contract_week,
        contract_at=contract_at,
        **traits,
    )


def _traits(rng: np.random.Generator, parameters: Parameters, track: Array) -> dict[str, Array]:
    """Four correlated traits: one shared factor plus own variation, unit variance each."""
    shared = rng.standard_normal(len(track)) * np.sqrt(parameters.trait_correlation)
    found = {}
    for trait in ("fit", "capability", "engagement", "drive"):
        mean = np.array([getattr(each, trait) for each in parameters.tracks])[track]
        own = rng.standard_normal(len(track)) * np.sqrt(1 - parameters.trait_correlation)
        found[trait] = mean + shared + own
    return found


def _countries(rng: np.random.Generator, region: Array) -> Array:
    first = np.cumsum([0, *(len(each) for each in names.COUNTRIES)])[:-1]
    count = np.array([len(each) for each in names.COUNTRIES])
    # squaring favours the first countries of each list, where most partners sit
    return np.asarray(first[region] + (rng.random(len(region)) ** 2 * count[region]).astype(int))


def _currencies(region: Array, country: Array) -> Array:
    euro, dollar, pound = 0, 1, 2
    currency = np.where(region == 0, euro, dollar)
    return np.where(country == names.COUNTRY_NAMES.index(names.POUND_COUNTRY), pound, currency)


def _parents(rng: np.random.Generator, parameters: Parameters, size: int) -> Array:
    """Branches of a partner that signed earlier, so the parent is always known."""
    older = (rng.random(size) * np.arange(size)).astype(np.int64)
    is_branch = happens(rng, parameters.branch_share, size) & (np.arange(size) > 0)
    return np.where(is_branch, older, -1)


def _tiers(rng: np.random.Generator, parameters: Parameters, traits: dict[str, Array]) -> Array:
    """Tiers by rank of a noisy impression of capability and drive."""
    impression = parameters.tier_trait_weight * (traits["capability"] + traits["drive"]) / 2
    impression = impression + rng.standard_normal(len(impression))
    rank = np.argsort(np.argsort(impression)) / len(impression)
    return np.searchsorted(np.cumsum(parameters.tier_shares)[:-1], rank, side="right").astype(
        np.int8
    )
