"""Every metric at its edges: no data, one record, the borders of its window, a record that arrives
late, and the end of a contract. Each value is computed by hand, from the files in `metric_edges`;
the reason beside it is the arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import log1p

import pytest

from tests.python.pipeline.running import Programme
from tests.python.reference.compared import compare_metrics, score_all, table
from tests.python.reference.metric_edges import (
    AS_OF,
    BEFORE,
    END,
    FIRST_LANDING,
    LAST,
    LATE,
    LATE_4,
    LATE_13,
    SECOND_LANDING,
)
from tests.python.reference.policy import Policy

METRICS = sorted(Policy().metrics)
Value = float | None

# No records at all since the contract of Wednesday, 8 May 2024: the value, and the score of it.
# Without a value the score is that of the prior (a reseller's, version 1 of the framework):
# 80 x (prior - floor) / (target - floor), on a log scale where the metric says so.
NO_DATA: dict[str, tuple[Value, float]] = {
    "accepted_leads": (0, 0),
    # In none of 13 weeks. Believed: (13 x 0 + 4 x 0.5) / 17.
    "active_weeks_rate": (0, 80 * (2 / 17 - 0.1) / (0.75 - 0.1)),
    "average_deal_value": (
        None,
        80 * (log1p(12000) - log1p(2000)) / (log1p(20000) - log1p(2000)),
    ),
    "campaign_active_weeks": (0, 0),
    "certified_headcount": (0, 0),
    "channel_reach_accounts": (None, 80 * (log1p(30) - log1p(5)) / (log1p(80) - log1p(5))),
    "collaboration_days": (0, 0),
    "commitment_kept_rate": (None, 80 * (0.65 - 0.3) / (0.85 - 0.3)),
    "customer_satisfaction": (None, 80 * (3.9 - 2.5) / (4.2 - 2.5)),
    # Silent since the contract: 365 days to 8 May 2025, and 23 + 30 + 6 to 6 July.
    "days_since_active": (424, 0),
    "deal_approval_rate": (None, 80 * (0.65 - 0.3) / (0.75 - 0.3)),
    "deal_cycle_days": (None, 80 * (240 - 110) / (240 - 90)),
    "deal_win_rate": (None, 80 * (0.25 - 0.05) / (0.35 - 0.05)),
    # Without a deal, the days so far.
    "first_deal_days": (424, 0),
    "first_quarter_joint_activities": (0, 0),
    "fund_utilization_rate": (None, 80 * (0.5 - 0.1) / (0.75 - 0.1)),
    "icp_overlap_rate": (None, 80 * (0.22 - 0.05) / (0.35 - 0.05)),
    "lead_acceptance_rate": (None, 80 * (0.45 - 0.2) / (0.6 - 0.2)),
    # While a milestone is open, the days so far.
    "onboarding_days": (424, 0),
    # 0 of 7.
    "onboarding_pace": (0, 0),
    "pipeline_velocity": (None, 80 * (log1p(40) - log1p(10)) / (log1p(400) - log1p(10))),
    "portal_active_days": (0, 0),
    "product_affinity_rate": (None, 80 * (0.25 - 0.05) / (0.4 - 0.05)),
    "response_within_sla_rate": (None, 80 * (0.65 - 0.3) / (0.85 - 0.3)),
    # Both halves are padded: 5 000 / 5 000.
    "revenue_momentum": (1, 80 * (1 - 0.4) / (1.1 - 0.4)),
    "scalable_channel_access": (None, 80 * 1 / 3),
    "sourced_revenue": (0, 0),
    "strategic_fit_rating": (None, 80 * (3 - 2) / (4 - 2)),
    "training_completion_rate": (None, 80 * (0.55 - 0.2) / (0.8 - 0.2)),
}


@dataclass(frozen=True)
class Edge:
    """What a metric of a partner must be in a week, and why."""

    metric: str
    partner: str
    week: date
    value: Value
    why: str

    def __str__(self) -> str:
        return f"{self.metric}-{self.partner}-{self.week}"


ONE_RECORD = [
    Edge("accepted_leads", "one", LAST, 1, "accepted on 2 July"),
    Edge("active_weeks_rate", "one_meeting", LAST, 0.1, "1 of the 10 weeks since 28 April"),
    Edge("average_deal_value", "one", LAST, 9000, "9 000 / 1"),
    Edge("campaign_active_weeks", "one", LAST, 1, "1 July"),
    Edge("certified_headcount", "one", LAST, 0.25, "1 of 4 for gold"),
    Edge("channel_reach_accounts", "one", LAST, 25, "as in the profile"),
    Edge("collaboration_days", "one", LAST, 1, "1 July"),
    Edge("commitment_kept_rate", "one", LAST, 1, "delivered a day early: 1 / 1"),
    Edge("customer_satisfaction", "one", LAST, 4, "4 / 1"),
    Edge("days_since_active", "one_meeting", LAST, 5, "1 to 6 July"),
    Edge("deal_approval_rate", "one", LAST, 1, "1 / 1"),
    Edge("deal_cycle_days", "one", LAST, 10, "24 June to 4 July"),
    Edge("deal_win_rate", "one", LAST, 1, "1 / 1"),
    Edge("first_deal_days", "one", LAST, 62, "30 April to 1 July: 31 + 30 + 1"),
    Edge("first_quarter_joint_activities", "one", LAST, 1, "a co-sell meeting in week 9"),
    Edge("fund_utilization_rate", "one", LAST, 0.4, "400 / 1 000"),
    Edge("icp_overlap_rate", "one", LAST, 0.25, "10 / 40"),
    Edge("lead_acceptance_rate", "one", LAST, 1, "1 / 1"),
    Edge("onboarding_days", "one", LAST, 67, "six are open; 30 April to 6 July: 31 + 30 + 6"),
    Edge("onboarding_pace", "one", LAST, 0.25, "1 of the 4 expected by week 9: 0, 1, 4, 8"),
    Edge("pipeline_velocity", "one", LAST, 0, "the only deal is won, so none is open"),
    Edge("pipeline_velocity", "one_open_deal", LAST, None, "no deal was won, so no rate is known"),
    Edge("portal_active_days", "one", LAST, 1, "1 July"),
    Edge("product_affinity_rate", "one", LAST, 0.75, "30 / 40"),
    Edge("response_within_sla_rate", "one", LAST, 1, "after an hour: 1 / 1"),
    Edge("revenue_momentum", "one", LAST, 1.6, "(3 000 + 5 000) / (0 + 5 000)"),
    Edge("scalable_channel_access", "one", LAST, 2, "as in the profile"),
    Edge("sourced_revenue", "one", LAST, 3000, "3 000"),
    Edge("strategic_fit_rating", "one", LAST, None, "one voice is no rating"),
    Edge("training_completion_rate", "one", LAST, 1, "1 / 1"),
]

WINDOW_BORDERS = [
    # 13 weeks from 7 April, and from 31 March: two on 6 April, 7 April; 6 July, not 7 July.
    Edge("accepted_leads", "b_leads", LAST, 2, "7 April and 6 July"),
    Edge("accepted_leads", "b_leads", BEFORE, 3, "two on 6 April, 7 April"),
    Edge("active_weeks_rate", "b_active", LAST, 1 / 13, "the week of 7 April"),
    Edge("active_weeks_rate", "b_active", BEFORE, 2 / 13, "the weeks of 31 March and 7 April"),
    Edge("active_weeks_rate", "b_young", LAST, 1 / 13, "the Monday before the signature counts"),
    Edge("active_weeks_rate", "b_young", BEFORE, 1 / 12, "12 weeks of tenure; 6 April is before"),
    # 52 weeks from 8 July 2024: 10 000 and 30 000; from 1 July: 100 000 and 10 000.
    Edge("average_deal_value", "b_wins", LAST, 20000, "(10 000 + 30 000) / 2"),
    Edge("average_deal_value", "b_wins", BEFORE, 55000, "(100 000 + 10 000) / 2"),
    Edge("campaign_active_weeks", "b_campaigns", LAST, 2, "7 and 13 April are a week; 6 July"),
    Edge("campaign_active_weeks", "b_campaigns", BEFORE, 2, "6 April; 7 and 13 April"),
    Edge("certified_headcount", "b_certified", BEFORE, 1.5, "ann since Sunday, dan, eve: 3 / 2"),
    Edge("certified_headcount", "b_certified", LAST, 2, "ann, bob, cleo, eve to Monday: 4 / 2"),
    Edge("certified_headcount", "people", date(2025, 3, 3), 1, "ann, bob, two unnamed: 4 / 4"),
    Edge("certified_headcount", "people", BEFORE, 1, "ann's second still holds"),
    Edge("certified_headcount", "people", LAST, 0.75, "ann's last lapsed on 2 July: 3 / 4"),
    Edge("certified_headcount", "brought", date(2025, 4, 7), 1, "ann and bob since before: 2 / 2"),
    Edge("certified_headcount", "brought", date(2025, 5, 26), 1, "ann until Sunday, 8 June"),
    Edge("certified_headcount", "brought", date(2025, 6, 2), 0.5, "ann's lapsed: 1 / 2"),
    Edge("channel_reach_accounts", "b_profile", date(2025, 6, 16), None, "the first is of 29 June"),
    Edge("channel_reach_accounts", "b_profile", BEFORE, 25, "29 June is a Sunday"),
    Edge("channel_reach_accounts", "b_profile", LAST, 60, "that of 7 July does not count yet"),
    Edge("channel_reach_accounts", "brought", date(2025, 4, 7), 10, "mapped before the contract"),
    # 4 weeks from 9 June, and from 2 June.
    Edge("collaboration_days", "b_touched", LAST, 2, "9 June, 6 July; the inbound one is one-way"),
    Edge("collaboration_days", "b_touched", BEFORE, 3, "7, 8 and 9 June"),
    Edge("collaboration_days", "capped", BEFORE, 11, "5 + 5 + 1"),
    Edge("collaboration_days", "capped", LAST, 12, "5 + 5 + 1 + 2 = 13, of which 12 count"),
    # A commitment kept to the second on 7 April, one missed by a second on 6 July.
    Edge("commitment_kept_rate", "b_promises", LAST, 0.5, "kept 7 April, not 6 July: 1 / 2"),
    Edge("commitment_kept_rate", "b_promises", BEFORE, 1 / 3, "two missed on 6 April: 1 / 3"),
    # 26 weeks from 6 January, and from 30 December.
    Edge("customer_satisfaction", "b_surveyed", LAST, 3.5, "(3 + 4) / 2"),
    Edge("customer_satisfaction", "b_surveyed", BEFORE, 2, "(1 + 3) / 2"),
    Edge("days_since_active", "b_silent", BEFORE, 0, "on the Sunday itself"),
    Edge("days_since_active", "b_silent", LAST, 7, "29 June to 6 July; 7 July is later"),
    Edge("days_since_active", "ready", LAST, 88, "what was before is no activity: 9 April"),
    Edge("deal_approval_rate", "b_approved", LAST, 0.5, "approved 6 January, rejected 6 July"),
    Edge("deal_approval_rate", "b_approved", BEFORE, 1, "approved 5 and 6 January: 2 / 2"),
    Edge("deal_cycle_days", "b_wins", LAST, 30, "18 June to 8 July 20, 27 May to 6 July 40"),
    Edge("deal_cycle_days", "b_wins", BEFORE, 15, "27 June to 7 July 10, and 20"),
    Edge("deal_win_rate", "b_wins", LAST, 2 / 3, "won, lost 8 July 2024; won 6 July: 2 / 3"),
    Edge("deal_win_rate", "b_wins", BEFORE, 0.5, "won and lost on 7 and on 8 July 2024: 2 / 4"),
    Edge("deal_win_rate", "brought", date(2025, 4, 7), None, "won and lost before the contract"),
    Edge("first_deal_days", "b_first_deal", BEFORE, 81, "so far: 9 April to 29 June"),
    Edge("first_deal_days", "b_first_deal", LAST, 82, "to the approval on Monday, 30 June"),
    Edge("first_deal_days", "b_early_deal", LAST, 0, "on the Monday before the signature"),
    Edge("first_deal_days", "b_older_deal", LAST, 88, "in the week before: no deal of tenure"),
    # Tenure begins in the week of 6 January; its 13th week ends on 6 April.
    Edge(
        "first_quarter_joint_activities", "b_quarter", date(2025, 1, 6), 1, "not that of 5 January"
    ),
    Edge("first_quarter_joint_activities", "b_quarter", date(2025, 3, 31), 2, "and 6 April"),
    Edge("first_quarter_joint_activities", "b_quarter", LAST, 2, "7 April is in the 14th week"),
    Edge("fund_utilization_rate", "b_funds", LAST, 0.2, "(100 + 300) / 2 000"),
    Edge("fund_utilization_rate", "b_funds", BEFORE, 1 / 30, "100 / (1 000 + 2 000)"),
    Edge("icp_overlap_rate", "b_profile", date(2025, 6, 16), None, "the first is of 29 June"),
    Edge("icp_overlap_rate", "b_profile", BEFORE, 0.25, "10 / 40"),
    Edge("icp_overlap_rate", "b_profile", LAST, 0.4, "20 / 50; that of 7 July not yet"),
    Edge(
        "icp_overlap_rate", "brought", date(2025, 4, 7), 0.2, "mapped before the contract: 4 / 20"
    ),
    # 26 weeks from 6 January: one rejected; from 30 December: two.
    Edge("lead_acceptance_rate", "b_leads", LAST, 0.8, "4 / (4 + 1)"),
    Edge("lead_acceptance_rate", "b_leads", BEFORE, 0.6, "3 / (3 + 2)"),
    Edge("onboarding_days", "b_onboarded", BEFORE, 81, "so far: 9 April to 29 June"),
    Edge("onboarding_days", "b_onboarded", LAST, 82, "the seventh on Monday, 30 June"),
    Edge("onboarding_days", "ready", date(2025, 4, 7), 0, "all seven before the contract"),
    # The third milestone is expected from week 4, of 5 May, on.
    Edge("onboarding_pace", "b_pace", date(2025, 4, 21), 0, "0 of 2"),
    Edge("onboarding_pace", "b_pace", date(2025, 4, 28), 0.5, "one on Sunday, 4 May: 1 / 2"),
    Edge("onboarding_pace", "b_pace", date(2025, 5, 5), 2 / 3, "another on Monday, 5 May: 2 / 3"),
    Edge("onboarding_pace", "brought", date(2025, 4, 7), 1, "two before, one expected: at most 1"),
    Edge("onboarding_pace", "brought", date(2025, 5, 5), 2 / 3, "two before, three expected"),
    Edge("onboarding_pace", "ready", LAST, 1, "seven before, six expected by week 12"),
    # One deal is open in both weeks; that of 6 July was qualified when it was won.
    Edge("pipeline_velocity", "b_wins", LAST, 1 * 2 / 3 * 20000 / 30, "lost only on 7 July"),
    Edge("pipeline_velocity", "b_wins", BEFORE, 1 * 0.5 * 55000 / 15, "the same deal"),
    # Four qualified before the contract, one won and one lost before it; 6 March to 5 May: 60 days.
    Edge("pipeline_velocity", "brought", LAST, 1 * 1 * 12000 / 60, "two brought along, one won"),
    Edge("pipeline_velocity", "brought", date(2025, 4, 28), None, "nothing is won in tenure yet"),
    Edge("portal_active_days", "b_portal", LAST, 2, "9 June (twice) and 6 July"),
    Edge("portal_active_days", "b_portal", BEFORE, 3, "7, 8 and 9 June"),
    Edge("product_affinity_rate", "b_profile", date(2025, 6, 16), None, "the first is of 29 June"),
    Edge("product_affinity_rate", "b_profile", BEFORE, 0.75, "30 / 40"),
    Edge("product_affinity_rate", "b_profile", LAST, 0.1, "5 / 50; that of 7 July not yet"),
    Edge("product_affinity_rate", "brought", date(2025, 4, 7), 0.3, "before the contract: 6 / 20"),
    # Due on 7 April, answered after 48 hours: in time. Due on 6 July, a second late: not.
    Edge("response_within_sla_rate", "b_requests", LAST, 0.5, "1 of 2; one is due on 7 July"),
    Edge("response_within_sla_rate", "b_requests", BEFORE, 1 / 3, "two due on 6 April: 1 of 3"),
    # Both halves end and begin on a Sunday's last second: 6 April is in the half before.
    Edge("revenue_momentum", "b_booked", LAST, 29 / 11, "(8 + 16 + 5) / (2 + 4 + 5) thousand"),
    Edge("revenue_momentum", "b_booked", BEFORE, 17 / 8, "(4 + 8 + 5) / (1 + 2 + 5) thousand"),
    Edge(
        "scalable_channel_access", "b_profile", date(2025, 6, 16), None, "the first is of 29 June"
    ),
    Edge("scalable_channel_access", "b_profile", BEFORE, 2, "29 June is a Sunday"),
    Edge("scalable_channel_access", "b_profile", LAST, 3, "that of 7 July does not count yet"),
    Edge("scalable_channel_access", "brought", date(2025, 4, 7), 1, "mapped before the contract"),
    Edge("sourced_revenue", "b_booked", LAST, 30000, "2 + 4 + 8 + 16 thousand"),
    Edge("sourced_revenue", "b_booked", BEFORE, 15000, "1 + 2 + 4 + 8 thousand"),
    # 180 days before Sunday, 6 July is 7 January.
    Edge("strategic_fit_rating", "b_rated", LAST, 3, "(4 + 2) / 2, 179 days old; 7 July is later"),
    Edge("strategic_fit_rating", "b_lapsed", BEFORE, 3.5, "(4 + 3) / 2, 173 days old"),
    Edge("strategic_fit_rating", "b_lapsed", LAST, None, "180 days old"),
    Edge("training_completion_rate", "b_trained", date(2025, 6, 16), None, "29 June is the first"),
    Edge("training_completion_rate", "b_trained", BEFORE, 0, "0 of 1"),
    Edge("training_completion_rate", "b_trained", LAST, 0.5, "passed on 6 July; 7 July is later"),
    Edge("training_completion_rate", "brought", date(2025, 4, 7), 2 / 3, "of three from before"),
]

# The contract ends on Wednesday, 14 May: its week counts in full, Monday, 19 May does not.
TERMINATED = [
    Edge("accepted_leads", "ended", END, 1, "16 May"),
    Edge("active_weeks_rate", "ended", END, 3 / 13, "3 March, 12 and 16 April are in 2 weeks; END"),
    Edge("average_deal_value", "ended", END, 8000, "8 000 / 1"),
    Edge("campaign_active_weeks", "ended", END, 1, "16 May"),
    Edge("certified_headcount", "ended", END, 1, "two, one of them until 19 May: 2 / 2"),
    Edge("channel_reach_accounts", "ended", END, 25, "the profile of 16 May"),
    Edge("collaboration_days", "ended", END, 1, "16 May"),
    Edge("commitment_kept_rate", "ended", END, 1, "the other is due on 19 May"),
    Edge("customer_satisfaction", "ended", END, 3, "16 May"),
    Edge("days_since_active", "ended", END, 0, "a milestone on Sunday, 18 May"),
    Edge("deal_approval_rate", "ended", END, 1, "the other was rejected on 19 May"),
    Edge("deal_cycle_days", "ended", END, 30, "16 April to 16 May"),
    Edge("deal_win_rate", "ended", END, 1, "the other was lost on 19 May"),
    Edge("first_deal_days", "ended", END, 89, "5 February to 5 May: 23 + 31 + 30 + 5"),
    Edge("first_quarter_joint_activities", "ended", END, 1, "3 March; 16 May is in week 14"),
    Edge("fund_utilization_rate", "ended", END, 0.25, "250 / 1 000"),
    Edge("icp_overlap_rate", "ended", END, 0.25, "10 / 40"),
    Edge("lead_acceptance_rate", "ended", END, 1, "the other was rejected on 19 May"),
    Edge("onboarding_days", "ended", END, 102, "so far: 5 February to 18 May"),
    Edge("onboarding_pace", "ended", END, 2 / 6, "two of those expected by week 14"),
    Edge("pipeline_velocity", "ended", END, 1 * 1 * 8000 / 30, "open until 19 May"),
    Edge("portal_active_days", "ended", END, 1, "16 May"),
    Edge("product_affinity_rate", "ended", END, 0.75, "30 / 40"),
    Edge("response_within_sla_rate", "ended", END, 1, "the other is due on 19 May"),
    Edge("revenue_momentum", "ended", END, 2.4, "(7 000 + 5 000) / 5 000"),
    Edge("scalable_channel_access", "ended", END, 2, "the profile of 16 May"),
    Edge("sourced_revenue", "ended", END, 7000, "16 May"),
    Edge("strategic_fit_rating", "ended", END, 4.5, "(4 + 5) / 2; ann's second is of 19 May"),
    Edge("training_completion_rate", "ended", END, 0.5, "the other was passed on 19 May"),
]


@dataclass(frozen=True)
class Late:
    """What a late record changes: a metric, from the first week to the last, here in the first."""

    metric: str
    partner: str
    first: date
    last: date
    before: Value
    after: Value
    why: str

    def __str__(self) -> str:
        return f"{self.metric}-{self.partner}"


def becomes_active(partner: str, days: int) -> list[Late]:
    """Silent since 8 January, in the week of 3 March for 60 days (23 + 28 + 9): one active week."""
    return [
        Late("active_weeks_rate", partner, LATE, LATE_13, 0, 1 / 9, "1 of 9 weeks"),
        Late("days_since_active", partner, LATE, LAST, 60, days, "to Sunday, 9 March"),
    ]


# Every metric that is not named here keeps its value in every week of the partner.
LATE_RECORDS = [
    # A profile between those of January and May.
    Late("icp_overlap_rate", "late_profile", LATE, date(2025, 4, 28), 0.5, 0.25, "10/20, 10/40"),
    Late("channel_reach_accounts", "late_profile", LATE, date(2025, 4, 28), 30, 25, "as mapped"),
    Late("product_affinity_rate", "late_profile", LATE, date(2025, 4, 28), 0.5, 0.75, "30 / 40"),
    Late("scalable_channel_access", "late_profile", LATE, date(2025, 4, 28), 1, 2, "as mapped"),
    Late("strategic_fit_rating", "late_rating", LATE, LAST, None, 3, "a second voice: (4 + 2) / 2"),
    Late("onboarding_pace", "late_milestone", LATE, LAST, 1 / 4, 2 / 4, "four expected by week 8"),
    Late("active_weeks_rate", "late_milestone", LATE, LATE_13, 1 / 9, 2 / 9, "and 8 January"),
    Late("days_since_active", "late_milestone", LATE, LAST, 60, 4, "5 to 9 March"),
    # The seventh of seven; all seven are expected from week 16, of 28 April, on.
    Late("onboarding_days", "late_last_milestone", LATE, LAST, 60, 56, "8 January to 5 March"),
    Late("onboarding_pace", "late_last_milestone", date(2025, 4, 28), LAST, 6 / 7, 1, "7 / 7"),
    Late("active_weeks_rate", "late_last_milestone", LATE, LATE_13, 1 / 9, 2 / 9, "and 8 January"),
    Late("days_since_active", "late_last_milestone", LATE, LAST, 60, 4, "5 to 9 March"),
    # Assigned on 5 March, passed on 19 March: two weeks in which 1 of 2 is passed.
    Late("training_completion_rate", "late_course", LATE, date(2025, 3, 10), 1, 0.5, "1 of 2"),
    Late(
        *("active_weeks_rate", "late_course", date(2025, 3, 17), date(2025, 6, 9)),
        *(1 / 11, 2 / 11, "5 February and 19 March, of 11 weeks"),
    ),
    Late("days_since_active", "late_course", date(2025, 3, 17), LAST, 46, 4, "to 23 March"),
    # In force from 5 March to 30 April.
    Late("certified_headcount", "late_certification", LATE, date(2025, 4, 21), 0, 0.5, "1 of 2"),
    *becomes_active("late_certification", 4),
    # Held until 2 April; the late one is the same person's and holds until 30 April.
    Late(
        *("certified_headcount", "late_renewal", date(2025, 3, 31), date(2025, 4, 21)),
        *(0, 0.5, "1 of 2 for longer"),
    ),
    Late("active_weeks_rate", "late_renewal", LATE, LATE_13, 1 / 9, 2 / 9, "and 5 February"),
    Late("days_since_active", "late_renewal", LATE, LAST, 32, 4, "5 February to 9 March: 23 + 9"),
    Late("collaboration_days", "late_meeting", LATE, LATE_4, 0, 1, "5 March"),
    Late("first_quarter_joint_activities", "late_meeting", LATE, LAST, 0, 1, "in week 8"),
    *becomes_active("late_meeting", 4),
    # Asked on 5 March: both count on the 7th, when the answer was due.
    Late("response_within_sla_rate", "late_request", LATE, LATE_13, None, 1, "1 of 1"),
    *becomes_active("late_request", 2),
    Late("response_within_sla_rate", "late_answer", LATE, LATE_13, 0, 1, "0 of 1, then 1 of 1"),
    *becomes_active("late_answer", 2),
    Late("commitment_kept_rate", "late_promise", LATE, LATE_13, None, 1, "1 of 1, due 5 March"),
    *becomes_active("late_promise", 4),
    Late("portal_active_days", "late_login", LATE, LATE_4, 0, 1, "5 March"),
    *becomes_active("late_login", 4),
    Late("campaign_active_weeks", "late_touch", LATE, LATE_13, 0, 1, "5 March"),
    *becomes_active("late_touch", 4),
    Late("fund_utilization_rate", "late_claim", LATE, LAST, 0, 0.6, "600 / 1 000"),
    *becomes_active("late_claim", 4),
    Late("accepted_leads", "late_lead", LATE, LATE_13, 0, 1, "accepted on 5 March"),
    Late("lead_acceptance_rate", "late_lead", LATE, LAST, None, 1, "1 of 1"),
    *becomes_active("late_lead", 6),
    # Registered on 3 February as another was, approved and qualified on 5 March, won on 2 April.
    Late("deal_approval_rate", "late_deal", LATE, LAST, None, 1, "1 of 1"),
    Late("first_deal_days", "late_deal", LATE, LAST, 60, 56, "8 January to 5 March"),
    Late("deal_win_rate", "late_deal", date(2025, 3, 31), LAST, None, 1, "1 of 1"),
    Late("average_deal_value", "late_deal", date(2025, 3, 31), LAST, None, 10000, "10 000 / 1"),
    Late("deal_cycle_days", "late_deal", date(2025, 3, 31), LAST, None, 58, "25 + 31 + 2"),
    Late(
        *("pipeline_velocity", "late_deal", date(2025, 3, 31), LAST),
        *(None, 1 * 1 * 10000 / 58, "the other one is open"),
    ),
    Late(
        *("active_weeks_rate", "late_deal", date(2025, 3, 31), date(2025, 6, 23)),
        *(1 / 13, 2 / 13, "3 February and 2 April"),
    ),
    Late("days_since_active", "late_deal", date(2025, 3, 31), LAST, 62, 4, "to 6 April"),
    # From 2 June on the booking is in the quarter before: 5 000 / 10 000.
    Late("revenue_momentum", "late_booking", LATE, LAST, 1, 2, "(5 000 + 5 000) / 5 000"),
    Late("sourced_revenue", "late_booking", LATE, LAST, 0, 5000, "5 000"),
    *becomes_active("late_booking", 4),
    Late("customer_satisfaction", "late_survey", LATE, LAST, 4, 3, "(4 + 2) / 2"),
    # Of December, before the contract: there from its week on, and no activity of tenure.
    Late("certified_headcount", "late_brought", date(2025, 1, 6), LAST, 0, 0.5, "1 of 2"),
    Late("training_completion_rate", "late_brought", date(2025, 1, 6), LAST, None, 1, "1 of 1"),
]

Table = dict[tuple[str, date], dict[str, object]]


@dataclass(frozen=True)
class Landed:
    """The programme after both landings, and its metrics after each."""

    programme: Programme
    before: Table
    after: Table
    # The scores of the first build.
    scores: Table


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    programme = Programme(tmp_path_factory.mktemp("edges"))
    write(programme, "first", FIRST_LANDING)
    programme.build("--select", "+metric_scores", as_of=AS_OF)
    before = table(programme, "metrics.partner_metrics", METRICS)
    columns = [f"{name}__score" for name in METRICS]
    scores = table(programme, "scores.metric_scores where is_official", columns)
    write(programme, "second", SECOND_LANDING)
    programme.build("--select", "+partner_metrics", "path:models/activities", as_of=AS_OF)
    return Landed(programme, before, table(programme, "metrics.partner_metrics", METRICS), scores)


def write(programme: Programme, name: str, files: dict[str, str]) -> None:
    for entity, text in files.items():
        programme.write(f"{entity}/{name}.csv", text.lstrip("\n"))
    assert {file.status for file in programme.land().files} == {"landed"}


def test_no_row_is_set_aside_and_no_source_is_stale(landed: Landed):
    """Otherwise a value could be right because its record never arrived, or a score held."""
    rows = landed.programme.rows
    assert rows("select * from staging.quarantined_records") == []
    assert rows("select * from activities.held_activities") == []
    assert rows("select entity from activities.source_status where is_stale") == []


@pytest.mark.parametrize(
    "edges",
    [
        pytest.param(NO_DATA, id="no data"),
        pytest.param({edge.metric for edge in ONE_RECORD}, id="one record"),
        pytest.param({edge.metric for edge in WINDOW_BORDERS}, id="window border"),
        pytest.param({late.metric for late in LATE_RECORDS}, id="late record"),
        pytest.param({edge.metric for edge in TERMINATED}, id="terminated"),
    ],
)
def test_every_metric_has_every_case(edges: Iterable[str]):
    assert sorted(edges) == METRICS


@pytest.mark.parametrize("metric", METRICS)
def test_without_data_the_prior_stands_in_or_silence_counts(metric: str, landed: Landed):
    value, score = NO_DATA[metric]
    assert landed.before["nothing", LAST][metric] == (
        value if value is None else pytest.approx(value)
    )
    assert landed.scores["nothing", LAST][f"{metric}__score"] == pytest.approx(score)


@pytest.mark.parametrize("edge", [*ONE_RECORD, *WINDOW_BORDERS, *TERMINATED], ids=str)
def test_a_metric_at_its_edge(edge: Edge, landed: Landed):
    expected = edge.value if edge.value is None else pytest.approx(edge.value)
    assert landed.before[edge.partner, edge.week][edge.metric] == expected, edge.why
    assert landed.after[edge.partner, edge.week][edge.metric] == expected, "after another landing"


@pytest.mark.parametrize("late", LATE_RECORDS, ids=str)
def test_a_late_record_changes_its_weeks(late: Late, landed: Landed):
    changed = [
        week
        for (partner, week), row in sorted(landed.after.items())
        if partner == late.partner and row[late.metric] != landed.before[partner, week][late.metric]
    ]
    weeks = (late.last - late.first).days // 7 + 1
    assert (changed[0], changed[-1], len(changed)) == (late.first, late.last, weeks)
    for built, value in ((landed.before, late.before), (landed.after, late.after)):
        expected = value if value is None else pytest.approx(value)
        assert built[late.partner, late.first][late.metric] == expected, late.why


def test_a_late_record_changes_nothing_else(landed: Landed):
    corrected = {"later_contract", "earlier_contract"}
    assert {key for key in landed.before if key[0] not in corrected} == {
        key for key in landed.after if key[0] not in corrected
    }
    changed = {
        (metric, partner)
        for (partner, week), row in landed.after.items()
        for metric in METRICS
        if partner not in corrected and row[metric] != landed.before[partner, week][metric]
    }
    assert changed == {(late.metric, late.partner) for late in LATE_RECORDS}


def test_the_week_in_which_a_contract_ends_is_the_last(landed: Landed):
    for built in (landed.before, landed.after):
        assert max(week for partner, week in built if partner == "ended") == END


def test_a_corrected_contract_takes_along_what_lasts(landed: Landed):
    """A certification (1 of 2 for silver) and a booking of 15 January."""

    def values(built: Table, partner: str, week: date) -> tuple[object, object]:
        row = built[partner, week]
        return row["certified_headcount"], row["sourced_revenue"]

    def first_week(built: Table, partner: str) -> date:
        return min(week for who, week in built if who == partner)

    january, middle, february = date(2025, 1, 6), date(2025, 1, 13), date(2025, 2, 3)
    # The contract moves from 8 January to 5 February: the booking is no longer of tenure.
    assert first_week(landed.before, "later_contract") == january
    assert values(landed.before, "later_contract", january) == (0, 0)
    assert values(landed.before, "later_contract", february) == (0.5, 5000)
    assert first_week(landed.after, "later_contract") == february
    assert values(landed.after, "later_contract", february) == (0.5, 0)
    # And the other way round: both get their own week.
    assert first_week(landed.before, "earlier_contract") == february
    assert values(landed.before, "earlier_contract", february) == (0.5, 0)
    assert first_week(landed.after, "earlier_contract") == january
    assert values(landed.after, "earlier_contract", january) == (0, 0)
    assert values(landed.after, "earlier_contract", middle) == (0.5, 5000)


def test_the_reference_says_the_same(landed: Landed):
    compared = compare_metrics(landed.programme, score_all(landed.programme))
    assert compared.cells > 10_000
    assert compared.differences == 0, compared
