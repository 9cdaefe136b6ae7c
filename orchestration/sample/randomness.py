"""Random streams by name and week, and the few distributions that behaviour is made of.

A stream depends on the seed, its name and its week, and on nothing drawn elsewhere: a longer run
repeats the weeks of a shorter one exactly. Times are seconds since 1970 in UTC; `NEVER` marks what
does not happen. No parameter of the programme belongs here.
"""

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from orchestration.sample.parameters import DAY_SECONDS

Array = NDArray[Any]
NEVER = np.iinfo(np.int64).max
DAY_WEIGHTS = (0.19, 0.20, 0.20, 0.20, 0.16, 0.03, 0.02)  # Monday to Sunday
OFFICE_HOURS = (8, 18)  # local; with the offsets of the regions a day stays the same day in UTC


def stream(seed: int, name: str, week: int = 0) -> np.random.Generator:
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence((seed, crc32(name.encode()), week)))
    )


def chance(logit: Array | float) -> Array:
    """Log odds to probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(logit, dtype=float))))


def happens(rng: np.random.Generator, probability: Array | float, count: int) -> Array:
    return np.asarray(rng.random(count) < probability)


def who_acts(rng: np.random.Generator, rate: Array) -> Array:
    """Partner numbers, one for each event of this week (Poisson)."""
    return np.repeat(np.arange(len(rate)), rng.poisson(rate))


def office_time(rng: np.random.Generator, week_start: int, offset: Array) -> Array:
    """A time within the week, mostly on working days, in local office hours."""
    count = len(offset)
    day = np.searchsorted(np.cumsum(DAY_WEIGHTS)[:-1], rng.random(count), side="right")
    first, last = OFFICE_HOURS
    second = rng.integers(first * 3600, last * 3600, count)
    return np.asarray(week_start + day * DAY_SECONDS + second - offset, dtype=np.int64)


def later(rng: np.random.Generator, start: Array, median_days: Array | float, sd: float) -> Array:
    """`start` plus a lognormal delay; NEVER stays NEVER."""
    delay = np.asarray(median_days) * np.exp(sd * rng.standard_normal(len(start))) * DAY_SECONDS
    delay = np.clip(delay, 60, 3 * 365 * DAY_SECONDS).astype(np.int64)
    return np.where(start == NEVER, NEVER, np.where(start == NEVER, 0, start) + delay)


def only_if(condition: Array, time: Array) -> Array:
    return np.where(condition, time, NEVER)


def pick(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> Array:
    """Codes 0..k-1 with the given shares."""
    edges = np.cumsum(shares)[:-1] / np.sum(shares)
    return np.searchsorted(edges, rng.random(count), side="right").astype(np.int8)
