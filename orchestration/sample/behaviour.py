"""How partners change from week to week: mood, silence, tier, churn, and the level of activity.

The level is the one number that most records depend on: 1 for an ordinary partner in an ordinary
week, 0 before the contract and after the partner has left. What a level turns into belongs in
`entities`. Formulas: mood is a first-order autoregression; silence a two-state Markov chain; churn
a weekly hazard exp-linear in engagement and mood.
"""

from datetime import UTC, datetime

import numpy as np

from orchestration.sample.parameters import DAY_SECONDS, WEEK_SECONDS, Parameters
from orchestration.sample.population import Population
from orchestration.sample.randomness import NEVER, Array, happens, stream


def season(parameters: Parameters, week_start: int) -> tuple[float, float]:
    """Factors of the week on activity and on commerce."""
    thursday = datetime.fromtimestamp(week_start + 3 * DAY_SECONDS, UTC).date()
    iso_week = thursday.isocalendar().week
    first, last = parameters.summer_weeks
    activity = 1.0
    if first <= iso_week <= last:
        activity = parameters.summer_factor
    elif iso_week in (52, 53, 1):
        activity = parameters.year_end_factor
    quarter_last_month = 3 * ((thursday.month - 1) // 3 + 1)
    next_quarter = datetime(
        thursday.year + quarter_last_month // 12, quarter_last_month % 12 + 1, 1, tzinfo=UTC
    ).date()
    is_burst = (next_quarter - thursday).days <= 7 * parameters.quarter_end_weeks
    return activity, activity * (parameters.quarter_end_factor if is_burst else 1.0)


class Behaviour:
    """The state of all partners; `step` moves it one week ahead."""

    def __init__(self, parameters: Parameters, population: Population, seed: int) -> None:
        size = population.size
        self.parameters, self.population, self.seed = parameters, population, seed
        self.mood = parameters.mood_sd * stream(seed, "mood").standard_normal(size)
        self.silent = np.zeros(size, dtype=bool)
        self.churned_at = np.full(size, NEVER)
        self.terminated_at = np.full(size, NEVER)
        self.termination_known_at = np.full(size, NEVER)
        self.tier = population.first_tier.copy()
        self.manager = population.manager.copy()
        self.wins = np.zeros(size, dtype=np.int64)
        self.coaching = np.zeros(size)  # log effect of the experiment on the level
        self.arm = np.full(size, -1, dtype=np.int8)
        self.level = np.zeros(size)
        self.commercial_level = np.zeros(size)

    def step(self, week: int, week_start: int) -> None:
        """Draw the week. Partners take part from the week after they signed."""
        parameters, population = self.parameters, self.population
        rng = stream(self.seed, "behaviour", week)
        self.week_start = week_start
        self.tenure = week - population.contract_week  # in weeks; negative before the contract
        self.has_started = self.tenure > 0
        keep = parameters.mood_persistence
        swing = parameters.mood_sd * np.sqrt(1 - keep**2)
        self.mood = keep * self.mood + swing * rng.standard_normal(population.size)
        self._fall_silent(rng)
        self._churn(rng)
        self.is_here = self.has_started & (self.churned_at == NEVER) & ~population.never_active
        self.level, self.commercial_level = self._levels(week_start)

    @property
    def vigour(self) -> Array:
        """Engagement as it is this week: trait plus mood."""
        return np.asarray(self.population.engagement + self.mood)

    @property
    def is_in_programme(self) -> Array:
        """Partners that the CRM takes for partners: signed and not terminated."""
        return np.asarray(self.has_started & (self.terminated_at > self.week_start))

    @property
    def is_contacted(self) -> Array:
        """Partners that our staff still writes to, although some have left unnoticed."""
        patience = self.parameters.chaser_weeks * WEEK_SECONDS
        gone = np.where(self.churned_at == NEVER, self.week_start, self.churned_at)
        return np.asarray(self.is_in_programme & (self.week_start - gone <= patience))

    def ramp(self) -> Array:
        """Share of the mature commercial rate at this tenure; capable partners get there sooner."""
        weeks = self.population.of_track(self.parameters, "ramp_weeks")
        weeks = weeks * np.exp(-0.2 * self.population.capability)
        return np.asarray(1 - np.exp(-np.maximum(self.tenure, 0) / weeks))

    def _fall_silent(self, rng: np.random.Generator) -> None:
        parameters = self.parameters
        size = self.population.size
        start = parameters.silence_start * np.exp(parameters.silence_engagement_log * self.vigour)
        begins = happens(rng, start, size)
        ends = happens(rng, parameters.silence_end, size)
        self.silent = np.where(self.silent, ~ends, begins) & self.has_started

    def _churn(self, rng: np.random.Generator) -> None:
        parameters, population = self.parameters, self.population
        first, last = parameters.churn_early_weeks
        early = np.where(
            (self.tenure >= first) & (self.tenure <= last), parameters.churn_early_factor, 1
        )
        hazard = early * parameters.churn_weekly * np.exp(
            parameters.churn_engagement_log * population.engagement
            + parameters.churn_mood_log * self.mood
        )  # fmt: skip
        leaves = happens(rng, np.minimum(hazard, 1), population.size)
        ends_contract = happens(rng, parameters.terminated_share, population.size)
        lag = rng.integers(*parameters.termination_lag_weeks, population.size) * WEEK_SECONDS
        leaves &= self.has_started & (self.churned_at == NEVER)
        self.churned_at = np.where(leaves, self.week_start, self.churned_at)
        ends_contract &= leaves
        ends_at = self.week_start + lag + DAY_SECONDS
        notice = parameters.termination_notice_days * DAY_SECONDS
        self.terminated_at = np.where(ends_contract, ends_at, self.terminated_at)
        self.termination_known_at = np.where(
            ends_contract, ends_at - notice, self.termination_known_at
        )

    def _levels(self, week_start: int) -> tuple[Array, Array]:
        parameters = self.parameters
        activity, commerce = season(parameters, week_start)
        fresh = 0.5 ** (np.maximum(self.tenure, 0) / parameters.onboarding_half_life_weeks)
        level = np.exp(
            parameters.engagement_log * self.population.engagement + self.mood + self.coaching
            - (parameters.engagement_log**2 + parameters.mood_sd**2) / 2  # mean one
        )  # fmt: skip
        level = level * (1 + parameters.onboarding_burst * fresh) * self.is_here
        level = np.where(self.silent, level * parameters.silent_level, level)
        return level * activity, level * commerce
