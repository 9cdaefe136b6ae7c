"""Every number of the sample programme, with its unit and its reason: nothing else has any.

The figures are not measured: they are what a partner-operations team would call ordinary, and they
are written beside the data (`truth/effects.json`), so that a reader can compare what the pipeline
finds with what was put in. Formulas that use them belong in `population`, `behaviour` and
`entities`, not here. Latent traits are standard normal scores; `_log` is on the natural log scale,
`_logit` on the log odds scale, `_share` a probability.
"""

from dataclasses import dataclass, field

HISTORY_LEAD_WEEKS = 52  # partners signed up to a year earlier: mature partners at the start
HORIZON_WEEKS = 13  # partners already drawn for the weeks after `end`: what next_day can continue
WEEK_SECONDS = 7 * 86_400
DAY_SECONDS = 86_400

TRACKS = ("reseller", "referral", "services", "technology")
TIERS = ("registered", "silver", "gold", "platinum")
REGIONS = ("EMEA", "AMER", "APAC", "LATAM")
CURRENCIES = ("EUR", "USD", "GBP")


@dataclass(frozen=True)
class Track:
    """How partners of one track differ. Trait means are in standard deviations."""

    share: float  # of all partners
    fit: float
    capability: float
    engagement: float
    drive: float
    lead_factor: float  # leads, relative to a reseller
    deal_factor: float  # registrations of their own, relative to a reseller
    amount_median: float  # of a won deal, in the partner's currency
    cycle_days: float  # registration to close, median
    ramp_weeks: float  # until 63% of the mature commercial rate
    people: float  # mean number of people who learn and log in
    sourced_share: float  # of bookings behind a deal; the others were only influenced


RESELLER = Track(0.45, 0.0, 0.0, 0.0, 0.2, 1.0, 1.0, 18_000, 70, 10, 6, 0.90)
REFERRAL = Track(0.20, 0.1, -0.3, -0.1, 0.0, 2.2, 0.35, 9_000, 50, 6, 3, 0.95)
SERVICES = Track(0.20, 0.1, 0.3, 0.1, -0.1, 0.7, 0.8, 30_000, 85, 14, 9, 0.80)
TECHNOLOGY = Track(0.15, 0.2, 0.2, 0.1, -0.2, 0.6, 0.6, 42_000, 95, 18, 5, 0.65)


@dataclass(frozen=True)
class Parameters:
    """One programme. Rates are per week and partner at activity level 1 and volume 1."""

    # who they are
    tracks: tuple[Track, ...] = (RESELLER, REFERRAL, SERVICES, TECHNOLOGY)
    region_shares: tuple[float, ...] = (0.45, 0.30, 0.15, 0.10)
    tier_shares: tuple[float, ...] = (0.58, 0.28, 0.11, 0.03)  # at signing
    tier_trait_weight: float = 0.8  # how much capability and drive decide the first tier
    trait_correlation: float = 0.35  # good partners tend to be good at several things
    branch_share: float = 0.06  # partners that are a branch of another one
    never_active_logit: float = -2.9  # about one in eighteen signs and is never heard of again
    never_active_engagement_logit: float = -0.7

    # how activity moves
    engagement_log: float = 0.55  # effect of the trait on the level of activity
    mood_sd: float = 0.65  # spread of the slow swings around the trait
    mood_persistence: float = 0.94  # weekly autocorrelation: half of a swing is gone in 11 weeks
    silence_start: float = 0.014  # weekly chance that a spell of silence begins
    silence_end: float = 0.17  # weekly chance that it ends: six weeks on average
    silence_engagement_log: float = -0.5
    silent_level: float = 0.02  # what is left of the level during a spell
    churn_weekly: float = 0.0045  # hazard; about a quarter a year with the factors below
    churn_engagement_log: float = -0.6
    churn_mood_log: float = -0.6
    churn_early_factor: float = 1.6  # between tenure weeks 8 and 40 most partners are lost
    churn_early_weeks: tuple[int, int] = (8, 40)
    terminated_share: float = 0.25  # churned partners whose contract anybody ends
    termination_lag_weeks: tuple[int, int] = (8, 40)
    termination_notice_days: int = 30  # the CRM knows this long before the end
    onboarding_burst: float = 0.5  # extra activity in the first weeks, fading with the half-life
    onboarding_half_life_weeks: float = 6.0
    summer_weeks: tuple[int, int] = (29, 34)  # ISO weeks
    summer_factor: float = 0.75
    year_end_factor: float = 0.45  # ISO weeks 52, 53 and 1
    quarter_end_weeks: int = 3
    quarter_end_factor: float = 1.35  # commercial records only

    # touchpoints and requests
    activity_rate: float = 2.4
    joint_logit: float = -0.2  # share of touchpoints that are meetings rather than mails
    joint_engagement_logit: float = 0.35
    joint_kinds: tuple[float, ...] = (0.56, 0.26, 0.0, 0.07, 0.07, 0.04)  # as KINDS
    mutual_share: float = 0.88  # of meetings; the others are one-sided notes
    chaser_rate: float = 0.35  # our own mails, sent whether the partner reacts or not
    chaser_weeks: int = 26  # after the partner has left without a word
    request_rate: float = 0.55  # asked by us, whatever the partner does
    answer_logit: float = 1.4
    answer_engagement_logit: float = 0.9
    answer_hours_median: float = 22.0
    answer_hours_sd: float = 1.0
    answer_engagement_log: float = -0.45
    portal_rate: float = 2.9
    portal_access_days: float = 6.0  # median from contract
    portal_access_sd: float = 0.8

    # commerce
    lead_rate: float = 0.20
    lead_drive_log: float = 0.45
    lead_fit_log: float = 0.25
    lead_level_power: float = 0.7  # quiet partners still pass on a lead now and then
    lead_accept_logit: float = 0.3
    lead_accept_fit_logit: float = 0.6
    lead_accept_capability_logit: float = 0.3
    lead_decision_days: float = 4.0
    lead_to_deal_share: float = 0.35
    lead_to_deal_days: float = 9.0
    deal_rate: float = 0.075
    deal_drive_log: float = 0.5
    deal_capability_log: float = 0.3
    approve_logit: float = 1.4
    approve_fit_logit: float = 0.5
    approval_days: float = 3.0
    qualify_logit: float = 0.6
    qualify_capability_logit: float = 0.4
    qualify_days: float = 14.0
    stale_share: float = 0.3  # approved, never qualified, never closed
    win_logit: float = -0.5
    win_capability_logit: float = 0.45
    win_fit_logit: float = 0.4
    win_drive_logit: float = 0.25
    cycle_sd: float = 0.45
    cycle_capability_log: float = -0.12
    delay_sd: float = 0.8  # of every other delay in days
    amount_sd: float = 0.8
    amount_fit_log: float = 0.12
    tier_amount_factors: tuple[float, ...] = (1.0, 1.2, 1.6, 2.2)
    booking_days: float = 5.0
    repeat_rate: float = 0.022  # per won deal so far, up to the cap
    repeat_cap: int = 4
    repeat_drive_log: float = 0.4
    repeat_level_power: float = 0.4
    repeat_amount_factor: float = 0.4
    influenced_rate: float = 0.008  # business of our own that a partner helped with

    # learning
    courses_each: tuple[int, int] = (1, 3)  # assigned to each person at the start
    later_course_rate: float = 0.07
    complete_logit: float = 0.7
    complete_capability_logit: float = 0.8
    complete_engagement_logit: float = 0.3
    complete_days: float = 24.0
    complete_capability_log: float = -0.3
    pass_logit: float = 2.0
    pass_capability_logit: float = 0.5
    exam_days: float = 24.0  # from the passed course to the certification, median
    certification_share: float = 0.38  # of passed courses, those that end in a certification
    certification_days: int = 365
    renewal_logit: float = 0.3
    renewal_capability_logit: float = 0.7

    # marketing
    touch_rate: float = 0.40
    commitment_rate: float = 0.07
    commitment_due_days: tuple[int, int] = (30, 90)
    keep_logit: float = 0.5
    keep_engagement_logit: float = 0.8
    late_share: float = 0.5  # of what is not kept in time, delivered late after all
    fund_tier_shares: tuple[float, ...] = (0.25, 0.7, 0.9, 1.0)  # who gets funds, each quarter
    fund_tier_amounts: tuple[float, ...] = (1_500, 4_000, 10_000, 25_000)
    claim_logit: float = 0.2
    claim_engagement_logit: float = 0.8

    # opinions and profiles
    rating_sd: float = 0.7  # of a rater around the partner's true fit
    rating_fit: float = 0.75  # points per standard deviation of fit
    rater_bias_sd: float = 0.3
    staff: int = 40
    survey_rate: float = 0.05
    survey_capability: float = 0.45
    survey_sd: float = 0.8
    matched_accounts_median: float = 120.0
    icp_logit: float = -0.7
    icp_fit_logit: float = 0.6
    profile_noise: float = 0.3

    # what the programme does
    experiment_id: str = "coaching_pilot"
    experiment_weeks_before_end: int = 40  # leaves time for outcomes of 26 weeks
    experiment_tenure_weeks: tuple[int, int] = (4, 78)
    experiment_effect_log: float = 0.35  # the true effect: on the level of activity, from then on
    intervention_low_rate: float = 0.02  # weekly, for partners whose level is low
    intervention_rate: float = 0.003
    intervention_low_level: float = 0.35
    intervention_taken_share: float = 0.6
    intervention_effect: float = 0.25  # added to the mood, fades with its persistence
    dispute_rate: float = 0.002
    promotion_wins: tuple[int, ...] = (2, 5, 9)  # won deals before the next tier
    promotion_share: float = 0.6
    record_touch_rate: float = 0.002  # CRM edits without meaning for scores: another manager

    # how much of it: set by `activities`, 1 for the default programme
    volume: float = field(default=1.0)

    @property
    def commercial_volume(self) -> float:
        """Deals and courses grow more slowly than chatter, or a thin programme never sells."""
        return float(self.volume**0.5)
