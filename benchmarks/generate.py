"""A landing folder of any size for benchmarks: Parquet files that follow the landing contract.

Believable only as far as cost goes: how many records of which kind, spread over partners and weeks,
how often a date is missing. What a programme means is the business of `orchestration/sample`. The
same arguments give the same rows. Times are microseconds since 1970 (UTC).
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

FIRST_DAY = date(2024, 7, 1)  # a Monday
DAY = 86_400_000_000  # microseconds
ROWS_OF_A_FILE = 1_000_000
MILESTONES = 0.05  # of all activities, at most
LATE = 0.1  # of a day's records: they are about an earlier week
CORRECTED = 0.05  # of a day's records: they say once more, differently, what had landed before
NEVER = np.iinfo(np.int64).min

Ints = np.ndarray
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Partners:
    """Arrays over partners: contract and end (microseconds), share of all activity, track, tier."""

    signed: Ints
    ended: Ints
    is_terminated: np.ndarray
    cumulated: np.ndarray
    track: Ints
    tier: Ints

    @classmethod
    def draw(cls, count: int, weeks: int, seed: int) -> "Partners":
        """Three in four are there from the first two months; one in twelve leaves."""
        random = np.random.default_rng([seed, 0])
        start, end = _start(), _start() + weeks * 7 * DAY
        spread = np.where(random.random(count) < 0.75, min(8, weeks), weeks - 1)
        signed = start + (random.random(count) * spread * 7 * DAY).astype(np.int64)
        leaves = random.random(count) < 1 / 12
        ended = signed + (random.random(count) * (end - signed)).astype(np.int64)
        ended = np.where(leaves, ended, end)
        weight = random.lognormal(0.0, 0.8, count) * (ended - signed)
        return cls(
            signed,
            np.where(leaves, ended, np.iinfo(np.int64).max),
            leaves,
            np.cumsum(weight) / weight.sum(),
            random.choice(4, count, p=[0.4, 0.25, 0.2, 0.15]),
            random.choice(5, count, p=[0.1, 0.4, 0.3, 0.15, 0.05]),
        )


@dataclass
class Draw:
    """Random partners and times within a window (microseconds, end excluded) of the programme."""

    random: np.random.Generator
    partners: Partners
    since: int
    until: int

    def who(self, rows: int) -> Ints:
        """Partners, each as often as its share of all activity says."""
        found = np.searchsorted(self.partners.cumulated, self.random.random(rows))
        return np.minimum(found, len(self.partners.signed) - 1)

    def when(self, who: Ints) -> Ints:
        """Times within the window and the partner's contract, as far as the two meet."""
        since = np.maximum(self.partners.signed[who], self.since)
        until = np.maximum(np.minimum(self.partners.ended[who], self.until), since + 1)
        return since + (self.random.random(len(who)) * (until - since)).astype(np.int64)

    def after(self, at: Ints, days: float, share: float) -> Ints:
        """Later times, `days` on average; NEVER outside that share or after the window."""
        later = at + (self.random.exponential(days * DAY, len(at))).astype(np.int64)
        return np.where((self.random.random(len(at)) < share) & (later < self.until), later, NEVER)

    def one_of(self, rows: int, *weights: float) -> Ints:
        """Numbers from 0, as often as the weights say."""
        cumulated = np.cumsum(weights) / sum(weights)
        return np.searchsorted(cumulated, self.random.random(rows)).astype(np.int32)

    def cents(self, rows: int, typical: float) -> Ints:
        return (self.random.lognormal(np.log(typical * 100), 0.7, rows)).astype(np.int64)


@dataclass(frozen=True)
class Entity:
    """How records of an entity are drawn and written.

    `share`: of all activities; `activities`: how many a record gives on average. `select`: the
    columns of the contract from those that `columns` draws, `number` (of the record), `who` and
    `moment`. `correction`: what a later version of a record says differently.
    """

    name: str
    share: float
    activities: float
    select: str
    columns: Callable[[Draw, Ints, Ints], Columns] = lambda draw, who, at: {}
    correction: str | None = None


def _requests(draw: Draw, who: Ints, at: Ints) -> Columns:
    return {"responded_at": draw.after(at, 1.5, 0.85)}


def _activities(draw: Draw, who: Ints, at: Ints) -> Columns:
    rows = len(who)
    return {
        "kind": draw.one_of(rows, 25, 25, 35, 5, 7, 3),
        "direction": draw.one_of(rows, 25, 25, 50),
        "person": draw.one_of(rows, 6, 3, 1),
    }


def _leads(draw: Draw, who: Ints, at: Ints) -> Columns:
    is_accepted = draw.random.random(len(who)) < 0.6
    decided = draw.after(at, 6, 0.85)
    return {
        "accepted_at": np.where(is_accepted, decided, NEVER),
        "rejected_at": np.where(is_accepted, NEVER, decided),
    }


def _deals(draw: Draw, who: Ints, at: Ints) -> Columns:
    decided = draw.after(at, 5, 0.95)
    is_approved = (decided > 0) & (draw.random.random(len(who)) < 0.85)
    qualified = draw.after(np.maximum(decided, at), 14, 0.75)
    qualified[~is_approved] = NEVER
    closed = draw.after(np.maximum(qualified, at), 60, 0.8)
    closed[~is_approved] = NEVER
    is_won = (qualified > 0) & (draw.random.random(len(who)) < 0.55)
    return {
        "approved_at": np.where(is_approved, decided, NEVER),
        "rejected_at": np.where(is_approved, NEVER, decided),
        "qualified_at": qualified,
        "closed_at": closed,
        "outcome": np.where(closed > 0, np.where(is_won, 1, 2), 0).astype(np.int32),
        "cents": draw.cents(len(who), 15_000),
        "currency": draw.one_of(len(who), 80, 15, 5),
    }


def _bookings(draw: Draw, who: Ints, at: Ints) -> Columns:
    return {
        "cents": draw.cents(len(who), 9_000),
        "currency": draw.one_of(len(who), 80, 15, 5),
        "sourcing": draw.one_of(len(who), 65, 35),
    }


def _enrollments(draw: Draw, who: Ints, at: Ints) -> Columns:
    return {
        "completed_at": draw.after(at, 20, 0.8),
        "passed": draw.random.random(len(who)) < 0.9,
        "person": draw.one_of(len(who), 5, 3, 2),
    }


def _certifications(draw: Draw, who: Ints, at: Ints) -> Columns:
    return {"expires_at": at + 365 * DAY, "person": draw.one_of(len(who), 5, 3, 2)}


def _commitments(draw: Draw, who: Ints, at: Ints) -> Columns:
    return {
        "due_at": at + (draw.random.random(len(who)) * 60 * DAY).astype(np.int64),
        "delivered_at": draw.after(at, 25, 0.85),
    }


def _funds(draw: Draw, who: Ints, at: Ints) -> Columns:
    cents = draw.cents(len(who), 2_000)
    return {
        "purpose": draw.one_of(len(who), 6, 2, 2),
        "claimed_at": draw.after(at, 45, 0.7),
        "cents": cents,
        "claimed_cents": (cents * draw.random.random(len(who))).astype(np.int64),
        "currency": draw.one_of(len(who), 80, 15, 5),
    }


def _money(column: str) -> str:
    return f"({column} / 100)::decimal(18, 2)"


CURRENCY = "['EUR', 'USD', 'GBP'][currency + 1] as currency"
PARTNER = "'partner-' || lpad(who::varchar, 6, '0') as partner_id"
ENTITIES = (
    Entity(
        "crm.activities",
        0.36,
        1.0,
        f"""'act-' || number as activity_id, {PARTNER}, moment as occurred_at,
        ['meeting', 'call', 'email', 'joint_planning', 'co_sell', 'qbr'][kind + 1] as kind,
        ['inbound', 'outbound', 'mutual'][direction + 1] as direction,
        'person' || person || '@partner' || who || '.example' as contact_email""",
        _activities,
        "case when kind = 'call' then 'meeting' else 'call' end as kind",
    ),
    Entity(
        "crm.requests",
        0.10,
        1.8,
        f"""'req-' || number as request_id, {PARTNER}, moment as requested_at, responded_at""",
        _requests,
        "coalesce(responded_at, requested_at) + interval 30 hour as responded_at",
    ),
    Entity(
        "portal.events",
        0.30,
        1.0,
        f"""'evt-' || number as event_id, {PARTNER}, 'user-' || who || '-' || person as user_id,
        moment as occurred_at, ['login', 'content_download', 'support_case', 'training_launch']
        [event + 1] as event""",
        lambda draw, who, at: {
            "person": draw.one_of(len(who), 6, 3, 1),
            "event": draw.one_of(len(who), 6, 2, 1, 1),
        },
    ),
    Entity(
        "marketing.touches",
        0.06,
        1.0,
        f"""'tch-' || number as touch_id, {PARTNER}, 'campaign-' || number % 50 as campaign_id,
        'event' as kind, moment as occurred_at""",
    ),
    Entity(
        "crm.leads",
        0.05,
        1.8,
        f"""'lead-' || number as lead_id, {PARTNER}, 'account-' || number as account_key,
        moment as submitted_at, accepted_at, rejected_at""",
        _leads,
    ),
    Entity(
        "crm.deals",
        0.045,
        3.1,
        f"""'deal-' || number as deal_id, {PARTNER}, 'account-' || number as account_key,
        moment as registered_at, approved_at, rejected_at, qualified_at, closed_at,
        ['open', 'won', 'lost'][outcome + 1] as outcome, {_money("cents")} as amount,
        {CURRENCY}""",
        _deals,
        "amount + 1000 as amount",
    ),
    Entity(
        "finance.bookings",
        0.02,
        1.0,
        f"""'book-' || number as booking_id, {PARTNER}, null::varchar as deal_id,
        moment as booked_at, {_money("cents")} as amount, {CURRENCY},
        'platform' as product_line, ['sourced', 'influenced'][sourcing + 1] as sourcing""",
        _bookings,
    ),
    Entity(
        "learning.enrollments",
        0.02,
        1.7,
        f"""'enr-' || number as enrollment_id, {PARTNER},
        'learner-' || who || '-' || person as learner_id, 'course-' || number % 20 as course_id,
        moment as assigned_at, completed_at, passed""",
        _enrollments,
    ),
    Entity(
        "learning.certifications",
        0.01,
        2.0,
        f"""'cert-' || number as certification_id, {PARTNER},
        'learner-' || who || '-' || person as learner_id,
        'certificate-' || number % 5 as certification, moment as awarded_at, expires_at""",
        _certifications,
    ),
    Entity(
        "marketing.commitments",
        0.01,
        1.6,
        f"""'com-' || number as commitment_id, {PARTNER}, 'plan-' || who as plan_id,
        moment as committed_at, due_at, delivered_at""",
        _commitments,
    ),
    Entity(
        "marketing.funds",
        0.005,
        1.6,
        f"""'fund-' || number as fund_id, {PARTNER},
        ['marketing', 'training', 'enablement'][purpose + 1] as purpose, moment as allocated_at,
        moment + interval 90 day as period_end, {_money("cents")} as allocated_amount, claimed_at,
        case when claimed_at is not null then {_money("claimed_cents")} end as claimed_amount,
        {CURRENCY}""",
        _funds,
    ),
    Entity(
        "feedback.surveys",
        0.02,
        1.0,
        f"""'srv-' || number as response_id, {PARTNER}, moment as submitted_at, score + 1 as score,
        null::varchar as comment""",
        lambda draw, who, at: {"score": draw.one_of(len(who), 1, 1, 2, 4, 3)},
    ),
)
RECORD_KEYS = {entity.name: entity.select.split(" as ")[1].split(",")[0] for entity in ENTITIES}


def generate(folder: Path, activities: int, partners: int, weeks: int = 104, seed: int = 1) -> int:
    """Write about so many activities of so many partners over `weeks` weeks, less the last day.

    The last day, a Sunday, is the one that `add_day` brings first: it completes the last week.
    Returns the number of rows written.
    """
    known = Partners.draw(partners, weeks, seed)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("set timezone = 'UTC'")
        last = _start() + (weeks * 7 - 1) * DAY
        rows = _write_partners(connection, folder, known, activities, seed, last)
        for place, entity in enumerate(ENTITIES):
            random = np.random.default_rng([seed, 1, place])
            draw = Draw(random, known, _start(), last)
            count = round(activities * entity.share / entity.activities)
            table = _records(draw, entity, count, first_number=0)
            rows += _write(connection, folder, entity.name, entity.select, table, "history")
    return rows


def add_day(
    folder: Path, activities: int, partners: int, weeks: int = 104, seed: int = 1, day: int = 0
) -> int:
    """Write one more day of what `generate` made (0: the Sunday of its last week, 1: the Monday).

    `activities` is that of the history. Returns the number of rows written.
    """
    known = Partners.draw(partners, weeks, seed)
    since = _start() + (weeks * 7 - 1 + day) * DAY
    rows = 0
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("set timezone = 'UTC'")
        for place, entity in enumerate(ENTITIES):
            random = np.random.default_rng([seed, 2 + day, place])
            count = round(activities / (weeks * 7) * entity.share / entity.activities)
            late = round(count * LATE)
            newest = Draw(random, known, since, since + DAY)
            earlier = Draw(random, known, since - 60 * DAY, since)
            number = (day + 1) * 1_000_000_000
            table = pa.concat_tables(
                [
                    _records(newest, entity, count - late, number),
                    _records(earlier, entity, late, number + count),
                ]
            )
            name = f"day{day}"
            rows += _write(connection, folder, entity.name, entity.select, table, name)
            if entity.correction and count >= 1 / CORRECTED:
                wanted = round(count * CORRECTED)
                rows += _correct(connection, folder, entity, wanted, name)
    return rows


def _start() -> int:
    moment = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000


def _records(draw: Draw, entity: Entity, rows: int, first_number: int) -> pa.Table:
    who = draw.who(rows)
    at = draw.when(who)
    order = np.argsort(at)
    who, at = who[order], at[order]
    drawn = {"number": np.arange(first_number, first_number + rows), "who": who, "moment": at}
    drawn |= entity.columns(draw, who, at)
    return pa.table({name: _column(name, values) for name, values in drawn.items()})


def _column(name: str, values: np.ndarray) -> pa.Array:
    if name == "moment" or name.endswith("_at"):
        mask = values == NEVER
        return pa.array(values, pa.int64(), mask=mask).cast(pa.timestamp("us", "UTC"))
    return pa.array(values)


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    entity: str,
    select: str,
    table: pa.Table,
    name: str,
) -> int:
    """Write the rows of a table, in its order, to files of at most ROWS_OF_A_FILE rows."""
    target = folder.joinpath(*entity.split("."))
    target.mkdir(parents=True, exist_ok=True)
    for part, first in enumerate(range(0, len(table), ROWS_OF_A_FILE)):
        connection.register("drawn", table.slice(first, ROWS_OF_A_FILE))
        path = target / f"{name}-{part:03d}.parquet"
        connection.execute(f"copy (select {select} from drawn) to '{path}' (format parquet)")
        connection.unregister("drawn")
    return len(table)


def _correct(
    connection: duckdb.DuckDBPyConnection, folder: Path, entity: Entity, rows: int, name: str
) -> int:
    """Other versions of records of the history."""
    target = folder.joinpath(*entity.name.split("."))
    connection.execute(
        f"""copy (
            select * replace ({entity.correction}) from '{target}/history-*.parquet'
            order by hash({RECORD_KEYS[entity.name]}, '{name}') limit {rows}
        ) to '{target}/{name}-corrections.parquet' (format parquet)"""
    )
    return rows


def _write_partners(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    known: Partners,
    activities: int,
    seed: int,
    last: int,
) -> int:
    """Partners, their profiles, ratings, milestones and a few records of the other entities."""
    count = len(known.signed)
    random = np.random.default_rng([seed, 9])
    everybody = np.arange(count)
    rows = 0

    def write(entity: str, select: str, **drawn: np.ndarray) -> None:
        nonlocal rows
        size = len(next(iter(drawn.values())))
        columns = {"number": np.arange(size), **drawn}
        table = pa.table({each: _column(each, values) for each, values in columns.items()})
        rows += _write(connection, folder, entity, select, table, "history")

    ended = np.where(known.is_terminated & (known.ended < last), known.ended, NEVER)
    write(
        "crm.partners",
        f"""{PARTNER}, 'Partner ' || who as partner_name,
        ['reseller', 'referral', 'services', 'technology'][track + 1] as track,
        [null, 'registered', 'silver', 'gold', 'platinum'][tier + 1] as tier,
        ['EMEA', 'Americas', 'APAC'][who % 3 + 1] as region, 'DE' as country,
        'industry-' || who % 12 as industry, null::varchar as parent_partner_id,
        'manager' || who % 200 || '@example.com' as manager_email,
        signed_at as contract_signed_at, ended_at as terminated_at, signed_at as updated_at""",
        who=everybody,
        track=known.track,
        tier=known.tier,
        signed_at=np.minimum(known.signed, last - 1),
        ended_at=ended,
    )

    def some(share: float) -> tuple[Ints, Ints]:
        """Partners (each at most once) and a time within their contract."""
        who = everybody[random.random(count) < share]
        span = np.maximum(np.minimum(known.ended, last) - known.signed, 1)[who]
        at = known.signed[who] + (random.random(len(who)) * span).astype(np.int64)
        return who, np.minimum(at, last - 1)

    drawn = [some(share) for share in (0.8, 0.4, 0.2)]
    who, at = (np.concatenate(each) for each in zip(*drawn, strict=True))
    matched = 1 + random.poisson(120, len(who))
    write(
        "accounts.profiles",
        f"""'prf-' || number as profile_id, {PARTNER}, moment as profiled_at,
        matched as matched_accounts, (matched * icp)::integer as icp_accounts,
        (matched * reachable)::integer as reachable_accounts,
        (matched * compatible)::integer as compatible_accounts, rubric as channel_rubric""",
        who=who,
        moment=at,
        matched=matched,
        rubric=random.integers(0, 5, len(who)),
        **{name: random.random(len(who)) for name in ("icp", "reachable", "compatible")},
    )
    drawn = [some(0.6) for _ in range(6)]
    raters = np.concatenate([np.full(len(who), place % 3) for place, (who, _) in enumerate(drawn)])
    who, at = (np.concatenate(each) for each in zip(*drawn, strict=True))
    write(
        "feedback.ratings",
        f"""'rat-' || number as rating_id, {PARTNER}, 'rater-' || who % 500 + rater as rater_id,
        moment as rated_at, 'strategic_fit' as dimension, rating, null::varchar as note""",
        who=who,
        moment=at,
        rater=raters,
        rating=random.integers(1, 6, len(who)),
    )
    steps = ["contract_signed", "portal_access", "first_training", "certification", "joint_plan"]
    steps += ["first_lead", "first_deal_registered", "first_deal_won"]
    who = np.repeat(everybody, len(steps))
    step = np.tile(np.arange(len(steps)), count)
    at = known.signed[who] + (step * random.exponential(18 * DAY, len(who))).astype(np.int64)
    most = min(0.9, MILESTONES * activities / len(who))
    reached = (at < np.minimum(known.ended[who], last)) & (random.random(len(who)) < most)
    write(
        "portal.milestones",
        f"""'mil-' || number as milestone_id, {PARTNER},
        {steps}[step + 1] as milestone, moment as reached_at""",
        who=who[reached],
        moment=at[reached],
        step=step[reached],
    )
    who, at = some(0.02)
    write(
        "experiments.assignments",
        f"""'asg-' || number as assignment_id, 'onboarding-call' as experiment_id, {PARTNER},
        ['treatment', 'control'][number % 2 + 1] as arm, moment as assigned_at""",
        who=who,
        moment=at,
    )
    write(
        "programme.interventions",
        f"""'int-' || number as intervention_id, {PARTNER}, 'training_offer' as intervention,
        moment::date as recommended_on, moment as taken_at, 'manager' || who % 200 as taken_by,
        null::varchar as note""",
        who=who,
        moment=at,
    )
    write(
        "programme.disputes",
        f"""'dis-' || number as dispute_id, {PARTNER}, 'sourced_revenue' as metric,
        'missing_record' as reason_code, moment as opened_at, moment as resolved_at,
        'data corrected' as resolution""",
        who=who[:20],
        moment=at[:20],
    )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--partners", type=int, default=100_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", type=int, help="add this day instead of writing the history")
    given = parser.parse_args()
    size = (given.folder, given.activities, given.partners, given.weeks, given.seed)
    rows = generate(*size) if given.day is None else add_day(*size, given.day)
    last = FIRST_DAY + timedelta(weeks=given.weeks)
    print(f"{rows:,} rows up to {last} in {given.folder}")


if __name__ == "__main__":
    main()
