"""Ratings by our staff, once a quarter of tenure, and answers of customers to surveys."""

import numpy as np

from orchestration.sample import names
from orchestration.sample.randomness import happens, stream, who_acts
from orchestration.sample.records import Batch
from orchestration.sample.world import World

QUARTER_WEEKS = 13
FIRST_RATING_WEEK = 4  # of tenure
RATERS_MOST = 4
NOTE_SHARE = 0.3
COMMENT_SHARE = 0.25
SURVEYS_WITHOUT_WINS = 0.3  # customers are few before the first deal


def ratings(world: World) -> list[Batch]:
    """One to four raters see the same fit, each with a bias of their own."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("feedback.ratings")
    is_due = state.is_contacted & (state.tenure % QUARTER_WEEKS == FIRST_RATING_WEEK)
    rated = np.flatnonzero(is_due)
    raters = rng.integers(1, RATERS_MOST + 1, len(rated))
    partner = np.repeat(rated, raters)
    # the team around a partner stays the same: its manager and the next ones on the list
    place = np.arange(len(partner)) - np.repeat(np.cumsum(raters) - raters, raters)
    rater = (population.manager[partner] + place * 7) % parameters.staff
    bias = parameters.rater_bias_sd * stream(world.seed, "raters").standard_normal(parameters.staff)
    seen = (
        3 + parameters.rating_fit * population.fit[partner] + bias[rater]
        + parameters.rating_sd * rng.standard_normal(len(partner))
    )  # fmt: skip
    rating = np.clip(np.round(seen), 1, 5).astype(np.int64)
    has_note = happens(rng, NOTE_SHARE, len(partner))
    return [
        world.batch("feedback.ratings", "rating_id", {
            "partner_id": partner,
            "rater_id": rater,
            "rated_at": world.office_time(rng, partner),
            "dimension": np.zeros(len(partner), dtype=np.int8),
            "rating": rating,
            "note": np.where(has_note, rating - 1, -1),
        })
    ]  # fmt: skip


def surveys(world: World) -> list[Batch]:
    """Customers of capable and engaged partners are happier."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("feedback.surveys")
    customers = np.where(state.wins > 0, 1 + np.log1p(state.wins), SURVEYS_WITHOUT_WINS)
    rate = parameters.survey_rate * parameters.commercial_volume * customers * state.is_here
    partner = who_acts(rng, rate)
    felt = (
        3.6 + parameters.survey_capability * population.capability[partner]
        + 0.2 * population.engagement[partner]
        + parameters.survey_sd * rng.standard_normal(len(partner))
    )  # fmt: skip
    has_comment = happens(rng, COMMENT_SHARE, len(partner))
    comment = rng.integers(0, len(names.COMMENTS), len(partner))
    return [
        world.batch("feedback.surveys", "response_id", {
            "partner_id": partner,
            "submitted_at": world.office_time(rng, partner),
            "score": np.clip(np.round(felt), 1, 5).astype(np.int64),
            "comment": np.where(has_comment, comment, -1),
        })
    ]  # fmt: skip
