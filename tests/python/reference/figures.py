"""Weekly figures and the 29 metrics of one partner, from its activities, profiles and ratings.

Written from the definitions of the metric registry. Every series is an array over the partner's
weeks of tenure; NaN stands for "not observed".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from tests.python.reference.policy import Policy, monday

Series = np.ndarray


@dataclass(frozen=True)
class Activity:
    """A row of `activities`."""

    kind: str
    counted_on: date
    quantity: float | None = None
    amount: float | None = None


@dataclass(frozen=True)
class Certification:
    """A row of learning.certifications; where no person is named, it is a person of its own."""

    person: str
    awarded: datetime
    expires: datetime | None

    def is_held(self, sunday: date) -> bool:
        return self.awarded.date() <= sunday and (
            self.expires is None or self.expires.date() > sunday
        )


@dataclass(frozen=True)
class Profile:
    """A row of accounts.profiles."""

    at: datetime
    matched: float
    icp: float | None
    reachable: float | None
    compatible: float | None
    rubric: float | None


@dataclass(frozen=True)
class Rating:
    """A row of feedback.ratings."""

    at: datetime
    rater: str
    dimension: str
    rating: float


@dataclass
class Partner:
    """A row of crm.partners and all that is known of the partner."""

    partner_id: str
    track: str
    tier: str | None
    signed: datetime
    terminated: datetime | None = None
    region: str | None = None
    country: str | None = None
    industry: str | None = None
    activities: list[Activity] = field(default_factory=list)
    certifications: list[Certification] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)

    @property
    def context(self) -> dict[str, str | None]:
        """What it does not control."""
        return {"region": self.region, "country": self.country, "industry": self.industry}

    def weeks(self, as_of: date) -> list[date]:
        """The Mondays of its tenure up to the week that ends on `as_of`, or to its termination."""
        last = monday(as_of)
        if self.terminated:
            last = min(last, monday(self.terminated.date()))
        first = monday(self.signed.date())
        return [first + timedelta(weeks=step) for step in range((last - first).days // 7 + 1)]

    def ended_by(self, as_of: date) -> bool:
        return self.terminated is not None and monday(self.terminated.date()) <= monday(as_of)


def trailing(series: Series, weeks: int | None) -> Series:
    """Sums over the last `weeks` weeks, or over all weeks so far."""
    so_far = np.concatenate([[0.0], np.cumsum(series)])
    ends = np.arange(1, len(series) + 1)
    starts = np.zeros_like(ends) if weeks is None else np.maximum(ends - weeks, 0)
    return so_far[ends] - so_far[starts]


def ratio(part: Series, whole: Series) -> Series:
    """part / whole, unknown where there is nothing to divide by."""
    known = whole > 0
    return np.where(known, part / np.where(known, whole, 1.0), np.nan)


class Weeks:
    """One partner's activities sorted into its weeks of tenure. Of those before the contract what
    lasts is kept beside them: it is there when tenure begins."""

    def __init__(self, partner: Partner, as_of: date, policy: Policy) -> None:
        self.mondays = partner.weeks(as_of)
        self.policy = policy
        self.by_kind: dict[str, list[tuple[int, Activity]]] = defaultdict(list)
        self.brought: dict[str, list[Activity]] = defaultdict(list)
        first = self.mondays[0]
        lasting = self.kinds_that("is_stock")
        for activity in partner.activities:
            week = (activity.counted_on - first).days // 7
            if 0 <= week < len(self.mondays):
                self.by_kind[activity.kind].append((week, activity))
            elif week < 0 and activity.kind in lasting:
                self.brought[activity.kind].append(activity)

    def of(self, kinds: str | Iterable[str]) -> list[tuple[int, Activity]]:
        return [each for kind in kinds_of(kinds) for each in self.by_kind[kind]]

    def total(
        self, kinds: str | Iterable[str], what: Callable[[Activity], float] = lambda _: 1.0
    ) -> Series:
        """A figure of each week: the sum of `what` over its activities (by default their count)."""
        series = np.zeros(len(self.mondays))
        for week, activity in self.of(kinds):
            series[week] += what(activity)
        return series

    def so_far(
        self, kinds: str | Iterable[str], what: Callable[[Activity], float] = lambda _: 1.0
    ) -> Series:
        """The sum of `what` up to each week, with what the partner brought along."""
        brought = sum(what(each) for kind in kinds_of(kinds) for each in self.brought[kind])
        return trailing(self.total(kinds, what), None) + brought

    def days(self, kinds: Iterable[str], if_: Callable[[Activity], bool]) -> Series:
        """On how many different days of each week there was such an activity."""
        days = {(week, each.counted_on) for week, each in self.of(kinds) if if_(each)}
        series = np.zeros(len(self.mondays))
        for week, _ in days:
            series[week] += 1
        return series

    def newest(self, kinds: Iterable[str], if_: Callable[[Activity], bool]) -> list[date | None]:
        """The last day, up to each week, with such an activity."""
        days: dict[int, date] = {}
        for week, each in self.of(kinds):
            if if_(each):
                days[week] = max(days.get(week, each.counted_on), each.counted_on)
        found: list[date | None] = []
        for week in range(len(self.mondays)):
            found.append(days.get(week, found[-1] if found else None))
        return found

    def kinds_that(self, flag: str) -> list[str]:
        types = self.policy.activity_types
        return [kind for kind, row in types.items() if row[flag] == "true"]


def kinds_of(kinds: str | Iterable[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else list(kinds)


def quantity(activity: Activity) -> float:
    return activity.quantity or 0.0


def amount(activity: Activity) -> float:
    return activity.amount or 0.0


def both_sides(activity: Activity) -> bool:
    return quantity(activity) > 0


def metrics_of(partner: Partner, as_of: date, policy: Policy) -> dict[str, Series]:
    """Every metric of the registry, and beside it `<metric>_n` where it rests on observations."""
    weeks = Weeks(partner, as_of, policy)
    return {
        **fit(partner, weeks, policy),
        **capability(partner, weeks, policy),
        **engagement(weeks, policy),
        **early_performance(partner, weeks),
        **performance(weeks, policy),
        **sustained(partner, weeks),
    }


def fit(partner: Partner, weeks: Weeks, policy: Policy) -> dict[str, Series]:
    names = ("matched", "icp", "reachable", "compatible", "rubric")
    columns: dict[str, list[float]] = {name: [] for name in names}
    opinions = []
    for week in weeks.mondays:
        sunday = week + timedelta(days=6)
        known = [each for each in partner.profiles if each.at.date() <= sunday]
        latest = max(known, key=lambda each: each.at) if known else None
        for name in names:
            value = getattr(latest, name) if latest else None
            columns[name].append(np.nan if value is None else float(value))
        opinions.append(opinion(partner.ratings, sunday, policy))
    matched, icp, reachable, compatible, rubric = (np.array(columns[name]) for name in names)
    found = {
        "icp_overlap_rate": np.minimum(ratio(icp, matched), 1.0),
        "product_affinity_rate": np.minimum(ratio(compatible, matched), 1.0),
        "channel_reach_accounts": reachable,
        "scalable_channel_access": rubric,
        "strategic_fit_rating": np.array(opinions),
    }
    return found | {"icp_overlap_rate_n": matched, "product_affinity_rate_n": matched}


def opinion(ratings: list[Rating], sunday: date, policy: Policy) -> float:
    """The mean of each rater's latest rating (of a dimension) that has not lapsed by a Sunday."""
    latest: dict[tuple[str, str], Rating] = {}
    for rating in sorted(ratings, key=lambda each: each.at):
        if rating.at.date() <= sunday:
            latest[rating.rater, rating.dimension] = rating
    valid = policy.parameters["rating_valid_days"]
    heard = [each for each in latest.values() if (sunday - each.at.date()).days < valid]
    if len({each.rater for each in heard}) < policy.parameters["least_raters"]:
        return np.nan
    return float(np.mean([each.rating for each in heard]))


def days_from(since: datetime, days: Iterable[date]) -> Series:
    return np.array([max((day - since.date()).days, 0) for day in days], dtype=float)


def sundays(weeks: Weeks) -> list[date]:
    return [week + timedelta(days=6) for week in weeks.mondays]


def capability(partner: Partner, weeks: Weeks, policy: Policy) -> dict[str, Series]:
    tenure = np.arange(len(weeks.mondays))
    required = policy.required_milestones
    expected = sum((tenure >= week).astype(float) for week in required)
    reached = weeks.so_far("milestone_reached", quantity)
    last_reached = weeks.newest(["milestone_reached"], lambda each: each.quantity == 1)
    # All reached and none of them in tenure: onboarding was over before it began.
    until = [
        (day or partner.signed.date()) if done >= len(required) else sunday
        for day, done, sunday in zip(last_reached, reached, sundays(weeks), strict=True)
    ]
    assigned, passed = weeks.so_far("training_assigned"), weeks.so_far("training_passed")
    certified = np.array(
        [
            float(len({each.person for each in partner.certifications if each.is_held(sunday)}))
            for sunday in sundays(weeks)
        ]
    )
    return {
        "onboarding_pace": np.minimum(ratio(reached, np.asarray(expected)), 1.0),
        "onboarding_days": days_from(partner.signed, until),
        "training_completion_rate": np.minimum(ratio(passed, assigned), 1.0),
        "training_completion_rate_n": assigned,
        "certified_headcount": certified / policy.certified_people(partner.tier),
    }


def engagement(weeks: Weeks, policy: Policy) -> dict[str, Series]:
    within = float(policy.activity_types["request_answered"]["due_within_hours"])
    touch_days = weeks.days(weeks.kinds_that("is_meaningful"), both_sides)
    requests = trailing(weeks.total("request_received"), 13)
    in_time = trailing(
        weeks.total("request_answered", lambda each: float(quantity(each) <= within)), 13
    )
    due = trailing(weeks.total("commitment_due"), 13)
    kept = trailing(weeks.total("commitment_kept"), 13)
    touched = (weeks.total("campaign_touch") > 0).astype(float)
    allocated = np.round(trailing(weeks.total("fund_allocated", amount), 26), 2)
    claimed = np.round(trailing(weeks.total("fund_claimed", amount), 26), 2)
    most_days = policy.parameters["collaboration_days_cap"]
    return {
        "collaboration_days": np.minimum(trailing(touch_days, 4), most_days),
        "response_within_sla_rate": ratio(in_time, requests),
        "response_within_sla_rate_n": requests,
        "commitment_kept_rate": ratio(kept, due),
        "commitment_kept_rate_n": due,
        "portal_active_days": trailing(weeks.days(["portal_action"], lambda _: True), 4),
        "campaign_active_weeks": trailing(touched, 13),
        "fund_utilization_rate": np.minimum(ratio(claimed, allocated), 1.0),
    }


def early_performance(partner: Partner, weeks: Weeks) -> dict[str, Series]:
    joint = weeks.total(["joint_planning", "co_sell", "qbr"], lambda each: float(both_sides(each)))
    joint[13:] = 0
    accepted, rejected = weeks.total("lead_accepted"), weeks.total("lead_rejected")
    approved, refused = weeks.total("deal_approved"), weeks.total("deal_rejected")
    judged, decided = trailing(accepted + rejected, 26), trailing(approved + refused, 26)
    approvals = sorted(each.counted_on for _, each in weeks.of("deal_approved"))
    until = [
        approvals[0] if approvals and approvals[0] <= sunday else sunday
        for sunday in sundays(weeks)
    ]
    return {
        "first_quarter_joint_activities": trailing(joint, None),
        "accepted_leads": trailing(accepted, 13),
        "lead_acceptance_rate": ratio(trailing(accepted, 26), judged),
        "lead_acceptance_rate_n": judged,
        "deal_approval_rate": ratio(trailing(approved, 26), decided),
        "deal_approval_rate_n": decided,
        "first_deal_days": days_from(partner.signed, until),
    }


def performance(weeks: Weeks, policy: Policy) -> dict[str, Series]:
    won = trailing(weeks.total("deal_won"), 52)
    closed = trailing(weeks.total(["deal_won", "deal_lost"]), 52)
    win_rate = ratio(won, closed)
    value = ratio(trailing(weeks.total("deal_won", amount), 52), won)
    cycle = ratio(trailing(weeks.total("deal_won", quantity), 52), won)
    qualified, lost_qualified = weeks.so_far("deal_qualified"), weeks.so_far("deal_lost", quantity)
    open_deals = np.maximum(qualified - weeks.so_far("deal_won") - lost_qualified, 0.0)
    sourced = weeks.total("booking", lambda each: amount(each) if each.quantity == 1 else 0.0)
    quarter, half = trailing(sourced, 13), trailing(sourced, 26)
    pad = policy.parameters["revenue_momentum_floor"] * policy.money_rate
    return {
        "deal_win_rate": win_rate,
        "deal_win_rate_n": closed,
        "average_deal_value": value,
        "average_deal_value_n": won,
        "deal_cycle_days": cycle,
        "deal_cycle_days_n": won,
        # A cycle of under a day counts as a day.
        "pipeline_velocity": open_deals * win_rate * value / np.maximum(cycle, 1.0),
        "sourced_revenue": half,
        "revenue_momentum": (quarter + pad) / (half - quarter + pad),
    }


def sustained(partner: Partner, weeks: Weeks) -> dict[str, Series]:
    active_kinds = weeks.kinds_that("counts_as_active")
    active = (weeks.total(active_kinds) > 0).astype(float)
    had = np.minimum(np.arange(len(weeks.mondays)) + 1.0, 13.0)
    last = weeks.newest(active_kinds, lambda _: True)
    silent = [
        float((sunday - (day or partner.signed.date())).days)
        for day, sunday in zip(last, sundays(weeks), strict=True)
    ]
    answers = trailing(weeks.total("survey_answered"), 26)
    points = trailing(weeks.total("survey_answered", quantity), 26)
    return {
        "active_weeks_rate": trailing(active, 13) / had,
        "active_weeks_rate_n": had,
        "days_since_active": np.array(silent),
        "customer_satisfaction": ratio(points, answers),
        "customer_satisfaction_n": answers,
    }
