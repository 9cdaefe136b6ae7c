"""The steps of one week, in the order of cause and effect; one module per source.

A step takes the world and returns batches. What happens for the first time (milestones) comes
last, since it depends on everything else.
"""

from collections.abc import Callable

from orchestration.sample.entities import (
    accounts,
    commerce,
    crm,
    experiments,
    feedback,
    learning,
    marketing,
    portal,
    programme,
)
from orchestration.sample.records import Batch
from orchestration.sample.world import World

STEPS: tuple[Callable[[World], list[Batch]], ...] = (
    experiments.assignments,
    programme.interventions,
    crm.partners,
    crm.activities,
    crm.requests,
    portal.events,
    learning.courses,
    learning.renewals,
    commerce.leads_and_deals,
    commerce.other_bookings,
    marketing.touches,
    marketing.commitments,
    marketing.funds,
    feedback.ratings,
    feedback.surveys,
    accounts.profiles,
    programme.disputes,
    portal.milestones,
)
