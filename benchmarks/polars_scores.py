"""The scores once more in Polars, as fast as we can write it: the yardstick of the models in SQL.

From activities, partners, profiles, ratings and the resolved tables of policy (Parquet files that
`benchmarks.worker export` writes) to a row per partner-week as in `scores.outcome_scores`. Polars
reads, joins, sorts, computes metrics and scores, and writes; NumPy does what has an order in time.

Partners are scored in batches that suit the processor's cache, all of one segment, so that anchors
and priors are plain numbers. Within a batch a figure is an array over its partner-weeks: partner
after partner, week after week without gaps, so that a sum over the last weeks is the difference of
two running totals. Weeks are numbers since Monday 1969-12-29, days since 1970-01-01.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

PARTNERS_OF_A_BATCH = 4_000
LAYERS = ("strategy", "execution", "results")
OUTCOMES = ("engagement", "revenue")
BANDS = ("low", "medium", "high")
STATUSES = ("terminated", "unscored", "stale", "provisional", "published")
SIDES = tuple((cut, side) for cut in ("medium", "high") for side in ("above", "below"))
JOINT = ("joint_planning", "co_sell", "qbr")
# Days of tenure lie well within half of it, so that partners do not mix in a running maximum.
STEP = 1 << 20
NOTHING = -(STEP // 2)
# Over how many weeks each measure is looked back on; 0: since the contract.
LOOKING_BACK = {
    "meaningful_days": (4,),
    "portal_days": (4,),
    "requests_due": (13,),
    "requests_in_time": (13,),
    "commitments_due": (13,),
    "commitments_kept": (13,),
    "campaign_weeks": (13,),
    "active_weeks": (13,),
    "funds_allocated": (26,),
    "funds_claimed": (26,),
    "survey_answers": (26,),
    "survey_points": (26,),
    "leads_accepted": (13, 26),
    "leads_rejected": (26,),
    "deals_approved": (26,),
    "deals_rejected": (26,),
    "revenue": (13, 26),
    "deals_won": (52,),
    "deals_closed": (52,),
    "won_cents": (52,),
    "won_days": (52,),
    "milestones": (0,),
    "trainings_assigned": (0,),
    "trainings_passed": (0,),
    "certified_people": (0,),
    "first_quarter_joint": (0,),
    "pipeline": (0,),
}
WINDOWS = (0, 4, 13, 26, 52)

Figures = np.ndarray


def week_of(column: str) -> pl.Expr:
    """Number of the week of a date."""
    return (pl.col(column).cast(pl.Date).to_physical() + 3) // 7


@dataclass(frozen=True)
class Metric:
    """One entry of the registry, as far as scores need it."""

    name: str
    scale: str
    layer: str
    outcomes: tuple[str, ...]
    evidence: str | None


class Inputs:
    """The exported tables, and policy in the shape in which scoring asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def scan(self, table: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.folder / f"{table}.parquet")

    def read(self, table: str) -> pl.DataFrame:
        return self.scan(table).collect()

    @cached_property
    def metrics(self) -> list[Metric]:
        keys = ("metric", "scale", "layer", "outcomes", "evidence")
        rows = self.read("metric_definitions").sort("metric").select(keys).rows()
        return [
            Metric(name, scale, layer, tuple(outcomes.split(", ")), evidence)
            for name, scale, layer, outcomes, evidence in rows
        ]

    @cached_property
    def parameters(self) -> dict[str, float]:
        rows = self.read("metric_parameters").select("parameter", "value").rows()
        return {name: float(value) for name, value in rows}

    @cached_property
    def money_rate(self) -> float:
        """What a euro of policy is worth in the reporting currency, in the newest year."""
        rates = self.read("reporting_rates").filter(pl.col("currency") == "EUR")
        return float(rates.sort("rate_year")["rate"][-1])

    @cached_property
    def types(self) -> pl.DataFrame:
        """Types of activities; the number of a type is its row."""
        return self.read("activity_types").with_row_index("number")

    @cached_property
    def milestones(self) -> Figures:
        """From which week of tenure each required milestone is expected."""
        return self.read("milestones").filter("is_required")["expected_week"].to_numpy()

    @cached_property
    def anchors(self) -> dict[tuple[str, str], dict[str, float]]:
        """Anchors and priors by framework and segment."""
        rows = self.read("framework_parameters").iter_rows(named=True)
        return {(row["framework"], row["segment"]): row for row in rows}

    @cached_property
    def weights(self) -> dict[tuple[str, str], pl.DataFrame]:
        """Weights by framework and segment: a row per week of tenure, from 0."""
        table = self.read("effective_weights_wide").sort("tenure_week")
        return table.partition_by("framework", "segment", as_dict=True)

    @cached_property
    def frameworks(self) -> pl.DataFrame:
        """Weeks (from 0, the first of the programme), official frameworks and their shares."""
        table = self.scan("framework_weeks").filter("is_official").sort("week_start")
        return table.with_columns(week=week_of("week_start") - self.first_week).collect()

    @cached_property
    def first_week(self) -> int:
        return int(
            self.scan("framework_weeks").select(week_of("week_start").min()).collect().item()
        )

    @cached_property
    def shares(self) -> dict[str, Figures]:
        """By framework: its share in every week of the programme."""
        shares, weeks = {}, 1 + int(self.frameworks.select(pl.col("week").max()).item())
        for (framework,), rows in self.frameworks.group_by("framework"):
            shares[framework] = np.zeros(weeks)
            shares[framework][rows["week"].to_numpy()] = rows["share"].to_numpy()
        return shares

    @cached_property
    def rules(self) -> dict[str, Figures]:
        """The framework that leads, its stability rules and band cuts, by week of the programme."""
        leading = self.frameworks.filter("is_leading")
        rules = leading.join(self.read("stability_parameters"), on="framework_version", how="left")
        return {name: rules[name].to_numpy() for name in rules.columns if name != "week_start"}

    @cached_property
    def fresh_until(self) -> dict[str, int]:
        """By metric whose source is broken: the last week for which it was fresh."""
        broken = self.scan("metric_availability").filter(pl.col("fresh_until").is_not_null())
        return dict(broken.select("metric", week_of("fresh_until")).collect().rows())


@dataclass
class Batch:
    """Partners of one segment, the longest tenures first, and what is known of them.

    `activities`, `profiles` and `ratings` name rows, which are partner-weeks counted from 0.
    """

    segment: str
    first_week: int
    partners: pl.DataFrame
    activities: pl.DataFrame
    profiles: pl.DataFrame
    ratings: pl.DataFrame

    def __post_init__(self) -> None:
        self.weeks = self.partners["weeks"].to_numpy()
        self.start = np.cumsum(self.weeks) - self.weeks  # first row of each partner
        self.rows = int(self.weeks.sum())
        self.partner = np.repeat(np.arange(len(self.weeks)), self.weeks)  # of each row
        start, rows = self.start[self.partner], np.arange(self.rows)
        self.tenure = rows - start
        self.week = self.of_partner("contract_week") + self.tenure
        self.since_first = self.week - self.first_week
        self.signed = self.of_partner("signed")
        # The row before a window, where totals begin with a 0: no window reaches behind `start`.
        self.before = {width: np.maximum(rows + 1 - width, start) for width in WINDOWS if width}
        self.before[0] = start

    def of_partner(self, column: str) -> Figures:
        """An attribute of partners as an array over rows."""
        return self.partners[column].to_numpy()[self.partner]

    def looking_back(self, name: str, measure: Figures) -> Iterator[tuple[str, Figures]]:
        """Sums of a measure over the last weeks, for every length that metrics ask for."""
        total = np.zeros(self.rows + 1)
        np.cumsum(measure, out=total[1:])
        for width in LOOKING_BACK[name]:
            yield f"{name}_{width}" if width else name, total[1:] - total[self.before[width]]

    def largest_so_far(self, rows: Figures, values: Figures) -> Figures:
        """The largest value at the rows of a partner up to each row; NOTHING before the first.

        `rows` and `values` have one length and any order; |values| < STEP / 2.
        """
        largest = np.full(self.rows, NOTHING)
        np.maximum.at(largest, rows, values)
        lift = self.partner * STEP
        return np.maximum.accumulate(largest + lift) - lift


def batches(inputs: Inputs) -> Iterator[Batch]:
    """Every partner-week and what happened in it."""
    partners = (
        inputs.scan("partners")
        .join(inputs.scan("partner_segments"), on="partner_id")
        .with_columns(pl.col("tier").fill_null("none"), contract_week=week_of("contract_week"))
        .join(inputs.scan("tiers").select("tier", "required_certified_people"), "tier", "left")
        .select(
            "partner_id",
            "segment",
            "is_terminated",
            "contract_week",
            certified_people_required=pl.col("required_certified_people").fill_null(1),
            signed=pl.col("contract_signed_at").cast(pl.Date).to_physical(),
            weeks=week_of("last_week") - pl.col("contract_week") + 1,
        )
        .filter(pl.col("weeks") > 0)
        .sort("segment", "weeks", "partner_id", descending=[False, True, False])
        .with_columns(start=pl.col("weeks").cum_sum() - pl.col("weeks"))
        .collect()
    )
    for framework in inputs.shares:
        points_of = {f"{framework} {outcome}": pl.col(f"{outcome}_points") for outcome in OUTCOMES}
        overlay = inputs.read("partner_adjustments").filter(framework=framework)
        partners = partners.join(
            overlay.select("partner_id", **points_of), "partner_id", "left", maintain_order="left"
        ).with_columns(pl.col(*points_of).fill_null(0.0))
    places = partners.lazy().select("partner_id", "start", "contract_week", "weeks")
    # What lasts and is older than the contract is there in the first week.
    age = week_of("counted_on") - pl.col("contract_week")
    stocks = inputs.types.filter("is_stock")["activity_type"]
    counts = (age >= 0) | pl.col("activity_type").is_in(stocks.implode())
    activities = (
        inputs.scan("activities")
        .join(places, on="partner_id")
        .filter(counts & (age < pl.col("weeks")))
        .select(
            "quantity",
            row=pl.col("start") + age.clip(0),
            is_in_tenure=age >= 0,
            type=pl.col("activity_type").cast(pl.Enum(inputs.types["activity_type"])).to_physical(),
            day=pl.col("counted_on").to_physical(),
            cents=(pl.col("amount").cast(pl.Float64) * 100).round(),
        )
        .sort("row")
        .collect()
    )
    first = (week_of("first_week") - pl.col("contract_week")).clip(0)
    until = pl.min_horizontal(week_of("until_week") - pl.col("contract_week"), "weeks")
    profiles, ratings = (
        inputs.scan(table)
        .join(places, on="partner_id")
        .filter(first < until)
        .with_columns(row=pl.col("start") + first, until=pl.col("start") + until)
        .sort("row")
        .collect()
        for table in ("partner_profiles", "partner_ratings")
    )
    for of_segment in partners.partition_by("segment", maintain_order=True):
        for some in of_segment.iter_slices(PARTNERS_OF_A_BATCH):
            start = some["start"][0]
            end = start + some["weeks"].sum()
            found = []
            for table in (activities, profiles, ratings):
                low, high = (int(table["row"].search_sorted(row)) for row in (start, end))
                rows = pl.col("^row|until$").cast(pl.Int64) - start
                found.append(table.slice(low, high - low).with_columns(rows))
            yield Batch(some["segment"][0], inputs.first_week, some, *found)


def weekly_measures(batch: Batch, inputs: Inputs) -> Iterator[tuple[str, Figures]]:
    """What happened in each week; one array over rows at a time."""
    numbers = dict(inputs.types.select("activity_type", "number").rows())
    frame, rows = batch.activities, batch.rows
    row, kind, day = (frame[name].to_numpy() for name in ("row", "type", "day"))
    quantity, cents = (frame[name].fill_null(0).to_numpy() for name in ("quantity", "cents"))
    in_tenure = frame["is_in_tenure"].to_numpy()
    of_type = {name: np.flatnonzero(kind == number) for name, number in numbers.items()}

    def count(*names: str, by: Figures | None = None, where: Figures | None = None) -> Figures:
        places = np.concatenate([of_type[name] for name in names])
        if where is not None:
            places = places[where[places]]
        return np.bincount(row[places], None if by is None else by[places], rows)

    def days(places: Figures) -> Figures:
        is_there = np.zeros(rows * 7, dtype=np.bool_)
        is_there[row[places] * 7 + (day[places] + 3) % 7] = True
        return is_there.reshape(rows, 7).sum(axis=1)

    is_mutual = quantity > 0
    is_meaningful = inputs.types["is_meaningful"].to_numpy()[kind] & is_mutual
    is_meaningful &= in_tenure
    is_active = inputs.types["counts_as_active"].to_numpy()[kind] & in_tenure
    in_time = inputs.types["due_within_hours"].fill_null(0).to_numpy()[kind] >= quantity
    won, lost = (count(each, where=in_tenure) for each in ("deal_won", "deal_lost"))
    yield "meaningful_days", days(np.flatnonzero(is_meaningful))
    yield "portal_days", days(of_type["portal_action"])
    yield "requests_due", count("request_received")
    yield "requests_in_time", count("request_answered", where=in_time)
    yield "commitments_due", count("commitment_due")
    yield "commitments_kept", count("commitment_kept")
    yield "campaign_weeks", count("campaign_touch") > 0
    yield "active_weeks", np.bincount(row[is_active], minlength=rows) > 0
    yield "funds_allocated", count("fund_allocated", by=cents)
    yield "funds_claimed", count("fund_claimed", by=cents)
    yield "survey_answers", count("survey_answered")
    yield "survey_points", count("survey_answered", by=quantity)
    yield "leads_accepted", count("lead_accepted")
    yield "leads_rejected", count("lead_rejected")
    yield "deals_approved", count("deal_approved")
    yield "deals_rejected", count("deal_rejected")
    yield "revenue", count("booking", by=cents, where=quantity == 1)
    yield "deals_won", won
    yield "deals_closed", won + lost
    yield "won_cents", count("deal_won", by=cents, where=in_tenure)
    yield "won_days", count("deal_won", by=quantity, where=in_tenure)
    yield "milestones", count("milestone_reached", by=quantity)
    yield "trainings_assigned", count("training_assigned")
    yield "trainings_passed", count("training_passed")
    certifications = ("certification_awarded", "certification_lapsed")
    yield "certified_people", count(*certifications, by=quantity)
    joint = count(*JOINT, where=is_meaningful)
    yield "first_quarter_joint", np.where(batch.tenure < 13, joint, 0)
    yield "pipeline", count("deal_qualified") - count("deal_won") - count("deal_lost", by=quantity)


def days_of_tenure(batch: Batch, inputs: Inputs) -> dict[str, Figures]:
    """Days from the contract to what happened last or first; NOTHING while it has not."""
    numbers = dict(inputs.types.select("activity_type", "number").rows())
    row, kind = (batch.activities[name].to_numpy() for name in ("row", "type"))
    quantity = batch.activities["quantity"].to_numpy()
    days = batch.activities["day"].to_numpy() - batch.signed[row]
    active = inputs.types["counts_as_active"].to_numpy()[kind]
    active &= batch.activities["is_in_tenure"].to_numpy()
    required = (kind == numbers["milestone_reached"]) & (quantity == 1)
    approved = kind == numbers["deal_approved"]
    return {
        "sunday": batch.week * 7 + 3 - batch.signed,
        "last_active": batch.largest_so_far(row[active], days[active]),
        "last_milestone": batch.largest_so_far(row[required], days[required]),
        # The first is the largest of negative numbers.
        "first_approval_before": batch.largest_so_far(row[approved], -days[approved]),
    }


def opinions(batch: Batch) -> dict[str, Figures]:
    """The mean of the ratings that count in a week (NaN: none), and how many raters gave them."""

    def in_force(frame: pl.DataFrame, by: Figures | None = None) -> Figures:
        begun, over = (
            np.bincount(frame[each].to_numpy(), by, batch.rows + 1) for each in ("row", "until")
        )
        return np.cumsum(begun - over)[:-1]

    # A rater who is heard on two dimensions at once is one voice.
    whose = ("partner_id", "rater")
    is_new = (pl.col("row") > pl.col("until").cum_max().shift(1).over(whose)).fill_null(True)
    voices = (
        batch.ratings.sort(*whose, "row")
        .with_columns(voice=is_new.cum_sum())
        .group_by("voice")
        .agg(pl.col("row").min(), pl.col("until").max())
    )
    heard = in_force(batch.ratings)
    total = in_force(batch.ratings, batch.ratings["rating"].to_numpy())
    mean = np.divide(total, heard, out=np.full(batch.rows, np.nan), where=heard > 0)
    return {"mean_rating": mean, "raters": in_force(voices)}


def observations(batch: Batch, inputs: Inputs) -> pl.DataFrame:
    """What metrics are made of, by row."""
    profiles = batch.profiles
    place = batch.largest_so_far(profiles["row"].to_numpy(), np.arange(len(profiles)))
    known = pl.Series(np.where(place < 0, len(profiles), place))
    expected = (inputs.milestones[:, None] <= np.arange(batch.weeks.max())).sum(axis=0)
    found = {
        "tenure": batch.tenure,
        "milestones_expected": expected[batch.tenure],
        "certified_people_required": batch.of_partner("certified_people_required"),
        **days_of_tenure(batch, inputs),
        **opinions(batch),
    }
    for name, measure in weekly_measures(batch, inputs):
        found |= batch.looking_back(name, measure)
    for name in ("matched", "icp", "reachable", "compatible"):
        found[name] = profiles[f"{name}_accounts"].extend_constant(None, 1).gather(known)
    found["channel_rubric"] = profiles["channel_rubric"].extend_constant(None, 1).gather(known)
    return pl.DataFrame(found)


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """part / whole, null where there is nothing to divide by."""
    return pl.when(whole != 0).then(part / whole)


def metrics(inputs: Inputs) -> dict[str, pl.Expr]:
    """Every metric of the registry, and its evidence, from observations."""
    col, given = pl.col, inputs.parameters
    pad = given["revenue_momentum_floor"] * inputs.money_rate
    accepted, rejected = col("leads_accepted_26"), col("leads_rejected_26")
    approved, refused = col("deals_approved_26"), col("deals_rejected_26")
    won, closed = col("deals_won_52"), col("deals_closed_52")
    quarter, half = col("revenue_13") / 100, col("revenue_26") / 100
    win_rate, value = ratio(won, closed), ratio(col("won_cents_52") / 100, won)
    cycle = ratio(col("won_days_52"), won)
    is_onboarded = (col("milestones") >= len(inputs.milestones)) & (col("last_milestone") > NOTHING)
    had = (col("tenure") + 1).clip(None, 13)
    until_approval = pl.when(col("first_approval_before") > NOTHING).then(
        -col("first_approval_before")
    )
    return {
        "icp_overlap_rate": ratio(col("icp"), col("matched")).clip(None, 1),
        "icp_overlap_rate_n": col("matched"),
        "product_affinity_rate": ratio(col("compatible"), col("matched")).clip(None, 1),
        "product_affinity_rate_n": col("matched"),
        "channel_reach_accounts": col("reachable"),
        "scalable_channel_access": col("channel_rubric"),
        "strategic_fit_rating": pl.when(col("raters") >= given["least_raters"]).then("mean_rating"),
        "onboarding_pace": ratio(col("milestones"), col("milestones_expected")).clip(None, 1),
        "onboarding_days": pl.when(is_onboarded)
        .then("last_milestone")
        .otherwise("sunday")
        .clip(0)
        .cast(pl.Float64),
        "training_completion_rate": ratio(col("trainings_passed"), col("trainings_assigned")).clip(
            None, 1
        ),
        "training_completion_rate_n": col("trainings_assigned"),
        "certified_headcount": col("certified_people").clip(0) / col("certified_people_required"),
        "collaboration_days": col("meaningful_days_4").clip(None, given["collaboration_days_cap"]),
        "response_within_sla_rate": ratio(col("requests_in_time_13"), col("requests_due_13")),
        "response_within_sla_rate_n": col("requests_due_13"),
        "commitment_kept_rate": ratio(col("commitments_kept_13"), col("commitments_due_13")),
        "commitment_kept_rate_n": col("commitments_due_13"),
        "portal_active_days": col("portal_days_4"),
        "campaign_active_weeks": col("campaign_weeks_13"),
        "fund_utilization_rate": ratio(col("funds_claimed_26"), col("funds_allocated_26")).clip(
            None, 1
        ),
        "first_quarter_joint_activities": col("first_quarter_joint"),
        "accepted_leads": col("leads_accepted_13"),
        "lead_acceptance_rate": ratio(accepted, accepted + rejected),
        "lead_acceptance_rate_n": accepted + rejected,
        "deal_approval_rate": ratio(approved, approved + refused),
        "deal_approval_rate_n": approved + refused,
        "first_deal_days": pl.coalesce(until_approval, "sunday").clip(0).cast(pl.Float64),
        "deal_win_rate": win_rate,
        "deal_win_rate_n": closed,
        "average_deal_value": value,
        "average_deal_value_n": won,
        "deal_cycle_days": cycle,
        "deal_cycle_days_n": won,
        # A cycle of under a day counts as a day.
        "pipeline_velocity": col("pipeline").clip(0) * win_rate * value / cycle.clip(1),
        "sourced_revenue": half,
        "revenue_momentum": (quarter + pad) / (half - quarter + pad),
        "active_weeks_rate": col("active_weeks_13") / had,
        "active_weeks_rate_n": had,
        "days_since_active": (
            col("sunday") - pl.when(col("last_active") > NOTHING).then("last_active").otherwise(0)
        ).cast(pl.Float64),
        "customer_satisfaction": ratio(col("survey_points_26"), col("survey_answers_26")),
        "customer_satisfaction_n": col("survey_answers_26"),
    }


def as_scored(batch: Batch, inputs: Inputs, observed: pl.DataFrame) -> pl.DataFrame:
    """Metrics as the score uses them: of a broken source the last values from before it broke."""
    evidence = {metric.name: metric.evidence for metric in inputs.metrics}
    held = {}
    for metric, until in inputs.fresh_until.items():
        age = until - batch.of_partner("contract_week")
        is_known = (age >= 0) & (age < batch.of_partner("weeks"))
        place = pl.Series(np.where(is_known, batch.start[batch.partner] + age, batch.rows))
        is_broken = pl.lit(pl.Series(batch.week > until))
        for name in filter(None, (metric, evidence[metric])):
            last = observed[name].extend_constant(None, 1).gather(place)
            held[name] = pl.when(is_broken).then(pl.lit(last)).otherwise(pl.col(name))
    return observed.with_columns(**held)


def holds(batch: Batch, inputs: Inputs) -> Figures:
    """In which weeks the last score stays: so much of the framework rests on held values."""
    held = np.zeros(batch.rows)
    for framework in inputs.shares if inputs.fresh_until else ():
        weights = inputs.weights[framework, batch.segment]
        tenure = np.minimum(batch.tenure, len(weights) - 1)
        is_leading = inputs.rules["framework"][batch.since_first] == framework
        for metric in inputs.metrics:
            until = inputs.fresh_until.get(metric.name)
            if until is not None:
                columns = [f"{outcome}__{metric.name}" for outcome in metric.outcomes]
                both = weights.select(pl.sum_horizontal(columns)).to_series().to_numpy()
                weight = both[tenure] / len(OUTCOMES)
                held += np.where(is_leading & (batch.week > until), weight, 0)
    return np.round(held, 9) >= Rules(inputs, batch.since_first)["stale_weight"]


def metric_score(metric: Metric, anchors: dict[str, float]) -> pl.Expr:
    """0 to 100: the metric, believed as far as its evidence goes, on its anchors."""
    floor, target, stretch, prior, strength = (
        float(anchors[f"{metric.name}__{each}"])
        for each in ("floor", "target", "stretch", "prior", "prior_strength")
    )
    value = pl.col(metric.name)
    if metric.evidence and strength > 0:
        evidence = pl.col(metric.evidence)
        value = (evidence * value + strength * prior) / (evidence + strength)
    value = value.fill_null(prior)
    if metric.scale == "log1p":
        value = value.clip(0).log1p()
    below, above = ((value - floor) / (target - floor), (value - target) / (stretch - target))
    return anchors["target_points"] * below.clip(0, 1) + anchors["stretch_points"] * above.clip(
        0, 1
    )


def points(inputs: Inputs, framework: str, segment: str) -> dict[str, pl.Expr]:
    """By one framework: points and weight of each layer of each outcome, coverage, confidence."""
    weights, anchors = inputs.weights[framework, segment], inputs.anchors[framework, segment]
    tenure = pl.col("tenure").clip(None, len(weights) - 1)
    found = {}
    for outcome in OUTCOMES:
        parts: dict[str, list[pl.Expr]] = {f"{layer}_points": [] for layer in LAYERS}
        parts |= {"coverage": [], "confidence": []}
        for metric in inputs.metrics:
            if outcome not in metric.outcomes:
                continue
            weight = pl.lit(weights[f"{outcome}__{metric.name}"]).gather(tenure)
            seen = pl.when(pl.col(metric.name).is_not_null()).then(weight).otherwise(0.0)
            parts[f"{metric.layer}_points"].append(weight * pl.col(f"{metric.name}__score"))
            parts["coverage"].append(seen)
            strength = float(anchors[f"{metric.name}__prior_strength"])
            if metric.evidence and strength > 0:
                evidence = pl.col(metric.evidence).fill_null(0)
                seen = seen * (evidence / (evidence + strength))
            parts["confidence"].append(seen)
        for name, terms in parts.items():
            found[f"{outcome}_{name}"] = sum(terms[1:], terms[0]) if terms else pl.lit(0.0)
        for layer in LAYERS:
            of_week = pl.lit(weights[f"{outcome}__{layer}"])
            found[f"{outcome}_{layer}_weight"] = of_week.gather(tenure)
    return found


def blended(batch: Batch, inputs: Inputs, scored: pl.DataFrame) -> pl.DataFrame:
    """Raw and layer scores, overlay, coverage and confidence: frameworks by their shares."""
    total: dict[str, Figures] = {}
    overlay = {outcome: np.zeros(batch.rows) for outcome in OUTCOMES}
    for framework, share_of_week in inputs.shares.items():
        share = share_of_week[batch.since_first]
        rows = np.flatnonzero(share > 0)
        if not len(rows):
            continue
        anchors = inputs.anchors[framework, batch.segment]
        scores = {f"{each.name}__score": metric_score(each, anchors) for each in inputs.metrics}
        frame = (
            (scored if len(rows) == batch.rows else scored[rows])
            .lazy()
            .with_columns(**scores)
            .select(**points(inputs, framework, batch.segment))
            .collect()
        )
        for name in frame.columns:
            of_name = total.setdefault(name, np.zeros(batch.rows))
            of_name[rows] += share[rows] * frame[name].to_numpy()
        for outcome in OUTCOMES:
            overlay[outcome] += share * batch.of_partner(f"{framework} {outcome}")
    found: dict[str, Figures | pl.Series] = {}
    for outcome in OUTCOMES:
        for layer in LAYERS:
            weight = total[f"{outcome}_{layer}_weight"]
            of_layer = np.full(batch.rows, np.nan)
            np.divide(total[f"{outcome}_{layer}_points"], weight, out=of_layer, where=weight > 0)
            of_layer = np.minimum(of_layer, 100)
            found[f"{outcome}_{layer}_score"] = pl.Series(of_layer).fill_nan(None)
        of_layers = sum(total[f"{outcome}_{layer}_points"] for layer in LAYERS)
        raw = np.clip(of_layers + overlay[outcome], 0, 100)
        found[f"{outcome}_raw_score"] = raw
        found[f"{outcome}_overlay"] = raw - of_layers
        for name in ("coverage", "confidence"):
            share = np.round(total[f"{outcome}_{name}"], 9)
            found[f"{outcome}_{name}"] = np.minimum(share, 1)
    return pl.DataFrame(found)


def stabilised(
    batch: Batch, inputs: Inputs, outcome: str, raw: Figures, is_held: Figures
) -> tuple[Figures, Figures, Figures]:
    """Smoothed and guarded scores and bands (0 to 2): week by week, all partners at once."""
    smoothed, guarded = np.empty(batch.rows), np.empty(batch.rows)
    bands = np.empty(batch.rows, dtype=np.int8)
    # Of each partner: sum and weight of the smoothing, score, band, weeks past each side of a cut.
    state: list[Figures] = []
    for age in range(batch.weeks[0]):
        # Partners are sorted by tenure: those that are still there come first.
        there = int(np.searchsorted(-batch.weeks, -age))
        rows = batch.start[:there] + age
        rules = Rules(inputs, batch.since_first[rows])
        before = [each[:there] for each in state]
        now = next_week(outcome, rules, age, raw[rows], before)
        held = is_held[rows]
        if age and held.any():
            now = [np.where(held, old, new) for old, new in zip(before, now, strict=True)]
        state = now
        total, weight, guarded[rows], bands[rows], *_ = state
        smoothed[rows] = total / weight
    return smoothed, guarded, bands


def next_week(
    outcome: str, rules: "Rules", age: int, raw: Figures, before: list[Figures]
) -> list[Figures]:
    """The state after a week from that before it (empty in the first), without holds."""
    if before:
        total, weight, last, band, *weeks_past = before
        decay = 0.5 ** (1 / rules[f"{outcome}_half_life"])
        total, weight = raw + decay * total, 1 + decay * weight
        most = np.where(age < rules["ramp_weeks"], rules["most_move_ramp"], rules["most_move"])
        score = np.minimum(np.maximum(total / weight, last - most), last + most)
    else:
        total, weight, score, band = raw, np.ones(len(raw)), raw, np.zeros(len(raw), np.int8)
        weeks_past = [np.zeros(len(raw), np.int16) for _ in SIDES]
    margin, past = rules["band_change_margin"], []
    for (cut, side), weeks in zip(SIDES, weeks_past, strict=True):
        at = rules[f"{outcome}_{cut}_cut"]
        is_past = score >= at + margin if side == "above" else score < at - margin
        past.append(np.where(is_past, weeks + 1, 0).astype(np.int16))
    plain = sum((score >= rules[f"{outcome}_{cut}_cut"]).astype(np.int8) for cut in BANDS[1:])
    enough = np.minimum(rules["band_change_weeks"], age + 1)
    medium_above, medium_below, high_above, high_below = (weeks >= enough for weeks in past)
    changed = np.where(high_below & (band == 2), 1, band)
    changed = np.where(medium_below, 0, changed)
    changed = np.where(medium_above & (band == 0), 1, changed)
    changed = np.where(high_above, 2, changed)
    band = np.where(age < rules["unscored_weeks"], plain, changed).astype(np.int8)
    return [total, weight, score, band, *past]


class Rules:
    """Stability rules in some weeks of the programme; a number where all have the same."""

    def __init__(self, inputs: Inputs, weeks: Figures) -> None:
        self._inputs, self._weeks = inputs, weeks

    def __getitem__(self, name: str) -> Figures:
        rule = self._inputs.rules[name]
        return rule[0] if (rule == rule[0]).all() else rule[self._weeks]


def judged(batch: Batch, inputs: Inputs, scores: pl.DataFrame) -> pl.DataFrame:
    """Status, and what of scores and bands is shown: the rows of `outcome_scores`."""
    rules, is_held = Rules(inputs, batch.since_first), holds(batch, inputs)
    coverage, confidence = (
        ((scores[f"revenue_{name}"] + scores[f"engagement_{name}"]) / 2).to_numpy()
        for name in ("coverage", "confidence")
    )
    is_last = batch.tenure == batch.of_partner("weeks") - 1
    unscored = (batch.tenure < rules["unscored_weeks"]) | (coverage < rules["unscored_coverage"])
    provisional = batch.tenure < rules["provisional_weeks"]
    provisional |= coverage < rules["provisional_coverage"]
    is_terminated = batch.of_partner("is_terminated") & is_last
    status = np.select([is_terminated, unscored, is_held, provisional], [0, 1, 2, 3], 4)
    shown: dict[str, Figures | pl.Series] = {}
    for outcome in OUTCOMES:
        raw = scores[f"{outcome}_raw_score"].to_numpy()
        smoothed, guarded, bands = stabilised(batch, inputs, outcome, raw, is_held)
        words = pl.Series([*BANDS, None], dtype=pl.Enum(BANDS))
        shown[f"{outcome}_band"] = words.gather(
            np.select([status == 0, status == 1], [0, 3], bands)
        )
        shown[f"{outcome}_smoothed_score"] = smoothed
        score = np.select([status == 0, status == 1], [0.0, np.nan], guarded)
        shown[f"{outcome}_score"] = pl.Series(score).fill_nan(None)
        shown[f"{outcome}_held_back"] = smoothed - guarded
    version = np.broadcast_to(rules["framework_version"], batch.rows)
    return scores.select(
        batch.partners["partner_id"].gather(batch.partner),
        pl.Series("week_start", (batch.week * 7 - 3).astype(np.int32)).cast(pl.Date),
        pl.lit(batch.segment).alias("segment"),
        pl.Series("status", STATUSES, dtype=pl.Enum(STATUSES)).gather(status),
        pl.Series("framework_version", version),
        pl.Series("tenure_week", batch.tenure.astype(np.int32)),
        pl.Series("coverage", coverage),
        pl.Series("confidence", confidence),
        pl.all(),
        **{name: pl.Series(values) for name, values in shown.items()},
    )


def score(folder: Path, target: Path) -> int:
    """Score what `folder` holds into Parquet files in `target`; returns the number of rows."""
    target.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(folder)
    of_metrics = metrics(inputs)
    rows = 0
    for number, batch in enumerate(batches(inputs)):
        observed = observations(batch, inputs).select("tenure", **of_metrics)
        scored = as_scored(batch, inputs, observed)
        scores = judged(batch, inputs, blended(batch, inputs, scored))
        scores.write_parquet(target / f"scores-{number:03d}.parquet", compression="lz4")
        rows += len(scores)
    return rows
