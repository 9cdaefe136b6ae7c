"""Courses, certifications and their renewal: capability shows here first."""

import numpy as np

from orchestration.sample import names
from orchestration.sample.entities.crm import person
from orchestration.sample.parameters import DAY_SECONDS
from orchestration.sample.randomness import (
    NEVER,
    Array,
    chance,
    happens,
    later,
    only_if,
    who_acts,
)
from orchestration.sample.records import Batch
from orchestration.sample.world import World

RENEWED_DAYS_BEFORE = 10  # people renew shortly before a certification lapses


def courses(world: World) -> list[Batch]:
    """In the first week each person gets courses; later people get one now and then."""
    state, population, parameters = world.behaviour, world.population, world.parameters
    rng = world.stream("learning.courses")
    fewest, most = parameters.courses_each
    newcomers = np.flatnonzero((state.tenure == 1) & ~population.never_active)
    starters = np.repeat(newcomers, population.people[newcomers])
    number = np.arange(len(starters)) - np.repeat(
        np.cumsum(population.people[newcomers]) - population.people[newcomers],
        population.people[newcomers],
    )
    each = np.minimum(
        rng.integers(fewest, most + 1, len(starters)),
        np.maximum(1, rng.poisson(most * parameters.commercial_volume, len(starters))),
    )
    later_on = who_acts(
        rng, parameters.later_course_rate * parameters.commercial_volume * state.level
    )
    partner = np.concatenate([np.repeat(starters, each), later_on])
    learner = np.concatenate([
        np.repeat(starters * 100 + number, each), person(world, rng, later_on),
    ])  # fmt: skip
    at = world.office_time(rng, partner)
    capability = population.capability[partner]
    logit = (
        parameters.complete_logit + parameters.complete_capability_logit * capability
        + parameters.complete_engagement_logit * state.vigour[partner]
    )  # fmt: skip
    completes = happens(rng, chance(logit), len(partner))
    days = parameters.complete_days * np.exp(parameters.complete_capability_log * capability)
    completed_at = later(rng, only_if(completes, at), days, parameters.delay_sd)
    passes = happens(
        rng, chance(parameters.pass_logit + parameters.pass_capability_logit * capability), len(at)
    )
    world.reached("first_training", partner, only_if(passes, completed_at))
    enrolments = world.batch("learning.enrollments", "enrollment_id", {
        "partner_id": partner,
        "learner_id": learner,
        "course_id": rng.integers(0, len(names.COURSES), len(partner)),
        "assigned_at": at,
        "completed_at": completed_at,
        "passed": passes.astype(np.int8),
    })  # fmt: skip
    is_certified = passes & completes & happens(rng, parameters.certification_share, len(partner))
    awarded_at = later(rng, completed_at[is_certified], parameters.exam_days, parameters.delay_sd)
    subject = rng.integers(0, len(names.CERTIFICATIONS), len(awarded_at))
    return [
        enrolments,
        _awards(world, partner[is_certified], learner[is_certified], subject, awarded_at),
    ]


def renewals(world: World) -> list[Batch]:
    """Certifications that come up for renewal this week; those who have left let them lapse."""
    due = world.agenda("renewal")
    if not due:
        return []
    state, parameters = world.behaviour, world.parameters
    rng = world.stream("learning.renewals")
    partner, learner, subject = np.concatenate(due).T
    logit = (
        parameters.renewal_logit
        + parameters.renewal_capability_logit * world.population.capability[partner]
    )
    renews = happens(rng, chance(logit), len(partner)) & (state.is_here & ~state.silent)[partner]
    partner, learner, subject = partner[renews], learner[renews], subject[renews]
    return [_awards(world, partner, learner, subject, world.office_time(rng, partner))]


def _awards(world: World, partner: Array, learner: Array, subject: Array, at: Array) -> Batch:
    valid = world.parameters.certification_days * DAY_SECONDS
    world.reached("certification", partner, at)
    renewal_at = at + valid - RENEWED_DAYS_BEFORE * DAY_SECONDS
    world.plan("renewal", renewal_at, np.column_stack([partner, learner, subject]))
    return world.batch("learning.certifications", "certification_id", {
        "partner_id": partner,
        "learner_id": learner,
        "certification": subject,
        "awarded_at": at,
        "expires_at": np.where(at == NEVER, NEVER, at + valid),
    })  # fmt: skip
