"""What a record of each entity looks like inside the simulation, before it is text or Parquet.

A batch holds numpy columns: numbers for identifiers, codes for words, seconds for times, cents for
money; -1 (or NEVER) where a value is missing. `SHAPES` says how each column becomes a value of the
landing contract; a test compares its names with the contract. No value is made here.
"""

from dataclasses import dataclass, field

import numpy as np

from orchestration.sample import names
from orchestration.sample.parameters import CURRENCIES, REGIONS, TIERS, TRACKS
from orchestration.sample.randomness import NEVER, Array

WEEKLY_IDS = 1_000_000  # identifiers reserved for each entity and week


@dataclass(frozen=True)
class Column:
    """`kind`: id, partner, partner_name, time, plan (a time that may be later), date, word, money,
    number, flag, person, email or reference. `needs`: the time without which the value is unknown;
    `otherwise`: the code it has until then."""

    name: str
    kind: str
    words: tuple[str, ...] = ()
    prefix: str = ""
    needs: str | None = None
    otherwise: int = -1


@dataclass(frozen=True)
class Shape:
    """`event`: the time that dates a record; `period`: how much goes into one file."""

    event: str
    period: str  # month, quarter, year
    columns: tuple[Column, ...]
    file_format: str
    clock: str = "region"  # how its source writes times: Z, +00:00, or the region's offset
    is_activity_like: bool = True
    is_bulky: bool = False  # Parquet, and by the month, in large programmes

    @property
    def times(self) -> tuple[str, ...]:
        """Times that have happened once they are visible: what makes a record newer."""
        return tuple(each.name for each in self.columns if each.kind in ("time", "date"))


@dataclass
class Batch:
    """Records of one entity, column by column."""

    entity: str
    columns: dict[str, Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(next(iter(self.columns.values())))

    def take(self, chosen: Array) -> "Batch":
        return Batch(self.entity, {name: values[chosen] for name, values in self.columns.items()})


def join(batches: list[Batch]) -> Batch:
    first = batches[0]
    return Batch(
        first.entity,
        {name: np.concatenate([each.columns[name] for each in batches]) for name in first.columns},
    )


def as_known(batch: Batch, cutoff: int) -> Batch:
    """The records as their source showed them at `cutoff` (seconds): later fields still empty."""
    columns = dict(batch.columns)
    shape = SHAPES[batch.entity]
    for name in shape.times:
        columns[name] = np.where(columns[name] <= cutoff, columns[name], NEVER)
    for column in shape.columns:
        if column.needs:
            known = columns[column.needs] != NEVER
            columns[column.name] = np.where(known, columns[column.name], column.otherwise)
    return Batch(batch.entity, columns)


def changed(batch: Batch, after: int, through: int) -> Array:
    """Which records are there by `through` and were written, or written again, since `after`."""
    shape = SHAPES[batch.entity]
    latest = np.full(batch.size, after)
    for name in shape.times:
        value = batch.columns[name]
        latest = np.maximum(latest, np.where(value <= through, value, after))
    return np.asarray((batch.columns[shape.event] <= through) & (latest > after))


def _id(name: str, prefix: str) -> Column:
    return Column(name, "id", prefix=prefix)


def _time(name: str) -> Column:
    return Column(name, "time")


def _word(
    name: str, words: tuple[str, ...], needs: str | None = None, otherwise: int = -1
) -> Column:
    return Column(name, "word", words, needs=needs, otherwise=otherwise)


PARTNER = Column("partner_id", "partner")
CURRENCY = _word("currency", CURRENCIES)

SHAPES: dict[str, Shape] = {
    "crm.partners": Shape("updated_at", "year", (
        PARTNER, Column("partner_name", "partner_name"), _word("track", TRACKS),
        _word("tier", TIERS), _word("region", REGIONS), _word("country", names.COUNTRY_NAMES),
        _word("industry", names.INDUSTRIES), Column("parent_partner_id", "partner"),
        Column("manager_email", "email", prefix="manager"), _time("contract_signed_at"),
        Column("terminated_at", "plan"), _time("updated_at"),
    ), "csv", is_activity_like=False),
    "crm.activities": Shape("occurred_at", "month", (
        _id("activity_id", "ACT"), PARTNER, _time("occurred_at"), _word("kind", names.KINDS),
        _word("direction", names.DIRECTIONS), Column("contact_email", "email", prefix="contact"),
    ), "csv.gz", is_bulky=True),
    "crm.requests": Shape("requested_at", "quarter", (
        _id("request_id", "REQ"), PARTNER, _time("requested_at"), _time("responded_at"),
    ), "csv", is_bulky=True),
    "crm.leads": Shape("submitted_at", "quarter", (
        _id("lead_id", "LEAD"), PARTNER, Column("account_key", "reference", prefix="ACC"),
        _time("submitted_at"), _time("accepted_at"), _time("rejected_at"),
    ), "jsonl", is_bulky=True),
    "crm.deals": Shape("registered_at", "month", (
        _id("deal_id", "DEAL"), PARTNER, Column("account_key", "reference", prefix="ACC"),
        _time("registered_at"), _time("approved_at"), _time("rejected_at"), _time("qualified_at"),
        _time("closed_at"), _word("outcome", names.OUTCOMES, "closed_at", 0),
        Column("amount", "money"), CURRENCY,
    ), "csv.gz", is_bulky=True),
    "portal.events": Shape("occurred_at", "month", (
        _id("event_id", "EVT"), PARTNER, Column("user_id", "person", prefix="user"),
        _time("occurred_at"), _word("event", names.PORTAL_EVENTS),
    ), "jsonl.gz", clock="Z", is_bulky=True),
    "portal.milestones": Shape("reached_at", "quarter", (
        _id("milestone_id", "MS"), PARTNER, _word("milestone", names.MILESTONES),
        _time("reached_at"),
    ), "jsonl", is_bulky=True, clock="Z"),
    "learning.enrollments": Shape("assigned_at", "quarter", (
        _id("enrollment_id", "ENR"), PARTNER, Column("learner_id", "person", prefix="user"),
        _word("course_id", names.COURSES), _time("assigned_at"), _time("completed_at"),
        Column("passed", "flag", needs="completed_at"),
    ), "csv", is_bulky=True),
    "learning.certifications": Shape("awarded_at", "year", (
        _id("certification_id", "CERT"), PARTNER, Column("learner_id", "person", prefix="user"),
        _word("certification", names.CERTIFICATIONS), _time("awarded_at"),
        Column("expires_at", "plan"),
    ), "csv", is_bulky=True),
    "marketing.touches": Shape("occurred_at", "quarter", (
        _id("touch_id", "TOUCH"), PARTNER, Column("campaign_id", "reference", prefix="CMP"),
        _word("kind", names.TOUCH_KINDS), _time("occurred_at"),
    ), "parquet", is_bulky=True),
    "marketing.commitments": Shape("committed_at", "year", (
        _id("commitment_id", "COM"), PARTNER, Column("plan_id", "reference", prefix="PLAN"),
        _time("committed_at"), Column("due_at", "plan"), _time("delivered_at"),
    ), "csv", is_bulky=True),
    "marketing.funds": Shape("allocated_at", "quarter", (
        _id("fund_id", "FUND"), PARTNER, _word("purpose", names.PURPOSES), _time("allocated_at"),
        Column("period_end", "plan"), Column("allocated_amount", "money"), _time("claimed_at"),
        Column("claimed_amount", "money", needs="claimed_at"), CURRENCY,
    ), "csv", is_bulky=True, clock="+00:00"),
    "finance.bookings": Shape("booked_at", "quarter", (
        _id("booking_id", "BKG"), PARTNER, Column("deal_id", "reference", prefix="DEAL"),
        _time("booked_at"), Column("amount", "money"), CURRENCY,
        _word("product_line", names.PRODUCT_LINES), _word("sourcing", names.SOURCING),
    ), "csv", clock="+00:00", is_bulky=True),
    "feedback.ratings": Shape("rated_at", "quarter", (
        _id("rating_id", "RAT"), PARTNER, Column("rater_id", "person", prefix="staff"),
        _time("rated_at"), _word("dimension", names.DIMENSIONS), Column("rating", "number"),
        _word("note", names.RATING_NOTES),
    ), "jsonl.gz", is_bulky=True, is_activity_like=False),
    "feedback.surveys": Shape("submitted_at", "quarter", (
        _id("response_id", "SRV"), PARTNER, _time("submitted_at"), Column("score", "number"),
        _word("comment", names.COMMENTS),
    ), "csv", is_bulky=True),
    "accounts.profiles": Shape("profiled_at", "quarter", (
        _id("profile_id", "PRF"), PARTNER, _time("profiled_at"),
        Column("matched_accounts", "number"), Column("icp_accounts", "number"),
        Column("reachable_accounts", "number"), Column("compatible_accounts", "number"),
        Column("channel_rubric", "number"),
    ), "parquet", is_bulky=True, is_activity_like=False),
    "experiments.assignments": Shape("assigned_at", "year", (
        _id("assignment_id", "ASG"), Column("experiment_id", "constant"), PARTNER,
        _word("arm", names.ARMS), _time("assigned_at"),
    ), "csv", clock="Z", is_activity_like=False),
    "programme.interventions": Shape("recommended_on", "year", (
        _id("intervention_id", "INT"), PARTNER, _word("intervention", names.INTERVENTIONS),
        Column("recommended_on", "date"), _time("taken_at"),
        Column("taken_by", "person", prefix="staff", needs="taken_at"),
        _word("note", names.INTERVENTION_NOTES, "taken_at"),
    ), "csv", is_activity_like=False),
    "programme.disputes": Shape("opened_at", "year", (
        _id("dispute_id", "DSP"), PARTNER, _word("metric", names.DISPUTED_METRICS),
        _word("reason_code", names.DISPUTE_REASONS), _time("opened_at"), _time("resolved_at"),
        _word("resolution", names.RESOLUTIONS, "resolved_at"),
    ), "jsonl", clock="Z", is_activity_like=False),
}  # fmt: skip
