"""What is unusual is found, in its own kind and no other, and every number is numpy's or scipy's.

History is made up where a small programme is too young for it: tables that drift reads are replaced
in a copy, and only drift is built anew. What partners do is planted into staged records.
"""

import shutil
from collections import Counter, defaultdict
from datetime import date, timedelta

import duckdb
import numpy as np
import pytest
from scipy import stats

from tests.python.pipeline.running import Programme

LAST = date(2026, 6, 22)
WEEKS = 150
DEVIATIONS, LEAST_CHANGE, LEAST_SPREAD, LEAST_REFERENCE = 4, 0.25, 0.05, 13
DRIFT = ("path:models/drift", "path:models/marts/drift")


def monday(weeks_ago: int) -> date:
    return LAST - timedelta(weeks=weeks_ago)


def copied(released: Programme, folder) -> Programme:
    shutil.copytree(released.folder, folder / "programme", symlinks=True)
    return Programme(folder / "programme")


# --- sources and medians, on made-up history


def seasonal(week: date) -> float:
    """Half as much around the turn of the year, less in August."""
    number = week.isocalendar().week
    return 0.5 if number in (52, 53, 1) else 0.75 if 31 <= number <= 34 else 1.0


@pytest.fixture(scope="module")
def weekly() -> dict[str, list[int]]:
    """Records a week by source, the oldest first."""
    rng = np.random.default_rng(11)
    level = {"crm.leads": 120, "crm.deals": 90, "portal.events": 400, "feedback.surveys": 8}
    made = {
        source: [int(rng.poisson(mean * seasonal(monday(ago)))) for ago in range(WEEKS - 1, -1, -1)]
        for source, mean in level.items()
    }
    made["portal.events"][-4:] = [count // 2 for count in made["portal.events"][-4:]]
    made["marketing.touches"] = [int(rng.poisson(60)) for _ in range(40)]  # began 40 weeks ago
    made["marketing.funds"] = [int(rng.poisson(60)) for _ in range(20)]
    return made


@pytest.fixture(scope="module")
def silences(weekly: dict[str, list[int]]) -> dict[str, list[int]]:
    """Days since the newest record by source and week: a source that has stopped, and one that is
    as silent every year at this time."""
    rng = np.random.default_rng(5)
    made = {
        source: [int(days) for days in rng.integers(0, 3, len(counts))]
        for source, counts in weekly.items()
    }
    made["crm.leads"][-1] = 12
    made["crm.deals"][-1] = made["crm.deals"][-1 - 51] = 12
    return made


@pytest.fixture(scope="module")
def medians() -> dict[str, np.ndarray]:
    """Medians of metrics by week: slow swings, and a drop in the last quarter of one."""
    rng = np.random.default_rng(3)
    made = {}
    for name in ("accepted_leads", "deal_win_rate", "training_completion_rate"):
        made[name] = 0.5 + 0.02 * np.cumsum(rng.normal(0, 0.3, WEEKS))
    made["response_within_sla_rate"] = 0.8 + 0.005 * rng.normal(size=WEEKS)
    made["response_within_sla_rate"][-8:] -= 0.2
    made["portal_active_days"] = 3 + 0.05 * rng.normal(size=WEEKS)
    made["portal_active_days"][-4:] -= 1.5  # because its source is halved
    return made


@pytest.fixture(scope="module")
def made_up(released: Programme, weekly, silences, medians, tmp_path_factory) -> Programme:
    programme = copied(released, tmp_path_factory.mktemp("made_up"))
    volumes, levels = [], []
    for source, counts in weekly.items():
        for at, count in enumerate(counts):
            window = counts[max(at - 3, 0) : at + 1]
            figures = (count, sum(window), len(window), silences[source][at])
            volumes.append((source, monday(len(counts) - 1 - at), *figures))
    for name, series in medians.items():
        for at, level in enumerate(series):
            levels.append((name, monday(WEEKS - 1 - at), 200, float(level), 0.01))
    with duckdb.connect(str(programme.settings().working_database)) as connection:
        for table in ("source_volumes", "metric_levels"):
            connection.execute(f"delete from drift.{table}")
        connection.executemany(
            "insert into drift.source_volumes values (?, ?, ?, ?, ?, ?)", volumes
        )
        connection.executemany("insert into drift.metric_levels values (?, ?, ?, ?, ?)", levels)
    programme.build(
        "--select", "source_drift", "source_silence", "behaviour_drift", "anomalies", *DRIFT[1:]
    )
    return programme


def robust_z(change: float, reference: list[float], least: float) -> float:
    spread = 1.4826 * float(stats.median_abs_deviation(reference))
    return (change - float(np.median(reference))) / max(spread, least)


def test_volumes_are_tested_as_numpy_does(made_up: Programme, weekly: dict[str, list[int]]):
    built = {
        (source, week): (verdict, compared, z)
        for source, week, verdict, compared, z in made_up.rows(
            "select source, week_start, verdict, compared_with, z from marts.drift_of_sources"
        )
    }
    compared_weeks = 0
    for source, counts in weekly.items():
        total = {
            ago: sum(counts[len(counts) - 1 - ago - 3 : len(counts) - ago])
            for ago in range(len(counts) - 3)
        }
        change, variance, by_year = {}, {}, {}
        for ago, records in total.items():
            before = total.get(ago + 52)
            by_year[ago] = before is not None
            if before is None:
                quarter = [total[a] for a in range(ago + 4, ago + 17) if a in total]
                if len(quarter) < 8:
                    continue
                before = np.exp(np.median(np.log(np.array(quarter) + 1))) - 1
            change[ago] = np.log(records + 1) - np.log(before + 1)
            variance[ago] = 1 / (records + 1) + 1 / (before + 1)
        for ago in [a for a in change if a < 52]:
            reference = [
                change[a]
                for a in range(ago + 4, ago + 30)
                if a in change and by_year[a] == by_year[ago]
            ]
            verdict, compared, z = built[source, monday(ago)]
            assert compared == ("a year ago" if by_year[ago] else "the quarter before")
            assert (verdict == "insufficient") == (len(reference) < LEAST_REFERENCE)
            if reference:
                expected = robust_z(change[ago], reference, max(variance[ago] ** 0.5, LEAST_SPREAD))
                assert z == pytest.approx(expected, abs=1e-5)
                compared_weeks += 1
    assert compared_weeks > 200


def test_a_halved_source_is_found_and_clean_ones_are_quiet(made_up: Programme):
    verdicts = made_up.rows("select source, week_start, verdict from marts.drift_of_sources")
    fired = {(source, week) for source, week, verdict in verdicts
             if verdict not in ("as usual", "insufficient")}  # fmt: skip
    assert ("portal.events", LAST) in fired
    # Turns of the year, a summer, 52 weeks of five sources: nothing else but the halved weeks.
    assert {source for source, _ in fired} == {"portal.events"}
    assert {week for _, week in fired} <= {monday(ago) for ago in range(4)}
    young = [verdict for source, _, verdict in verdicts if source == "marketing.funds"]
    assert set(young) == {"insufficient"}


def test_silence_is_tested_as_numpy_does_and_the_season_is_forgiven(
    made_up: Programme, silences: dict[str, list[int]]
):
    rows = made_up.rows("select source, week_start, verdict, z from marts.drift_of_freshness")
    compared = 0
    for source, week, verdict, z in rows:
        days = silences[source]
        at = len(days) - 1 - (LAST - week).days // 7
        reference = days[max(at - 29, 0) : max(at - 3, 0)]
        assert (verdict == "insufficient") == (len(reference) < LEAST_REFERENCE)
        if reference:
            assert z == pytest.approx(robust_z(days[at], reference, 1.0), abs=1e-5)
            compared += 1
    assert compared > 200
    fired = {(source, week) for source, week, verdict, _ in rows if verdict.startswith("silent")}
    # A year ago the silence of deals had no year before it.
    assert fired == {("crm.leads", LAST), ("crm.deals", monday(51))}
    found = made_up.rows("select kind, subject from marts.anomalies_now where signal = 'freshness'")
    assert found == [("source", "crm.leads")]


def test_medians_are_tested_as_numpy_does(made_up: Programme, medians: dict[str, np.ndarray]):
    built = {
        (metric, week): (verdict, z)
        for metric, week, verdict, z in made_up.rows(
            "select metric, week_start, verdict, z from marts.drift_of_metrics"
        )
    }
    for metric, series in medians.items():
        level = {ago: float(series[WEEKS - 1 - ago]) for ago in range(WEEKS)}
        change = {ago: level[ago] - level[ago + 13] for ago in level if ago + 13 in level}
        for ago in range(52):
            reference = [change[a] for a in range(ago + 13, ago + 65) if a in change]
            expected = robust_z(change[ago], reference, (2 * 0.01**2) ** 0.5)
            assert built[metric, monday(ago)][1] == pytest.approx(expected, abs=1e-5)


def test_a_shifted_metric_is_behaviour_and_one_of_a_broken_source_is_not(made_up: Programme):
    now = made_up.rows("select kind, signal, subject, about, verdict from marts.anomalies_now "
                       "where signal in ('volume', 'median') order by all")  # fmt: skip
    assert now == [
        ("behaviour", "median", "response_within_sla_rate", "change in a quarter",
         "lower than usual"),
        ("source", "median", "portal_active_days", "follows portal.events", "follows its source"),
        ("source", "volume", "portal.events", "records of four weeks", "fewer records than usual"),
    ]  # fmt: skip
    counts = Counter(verdict for (verdict,) in made_up.rows(
        "select verdict from marts.drift_of_metrics "
        "where metric not in ('response_within_sla_rate', 'portal_active_days')"))  # fmt: skip
    assert counts["as usual"] >= 0.98 * counts.total()


# --- partners, on planted records


@pytest.fixture(scope="module")
def planted(released: Programme, tmp_path_factory) -> tuple[Programme, dict[str, str]]:
    """Four partners that play, each in its way, and a metric that has shifted for all."""
    programme = copied(released, tmp_path_factory.mktemp("planted"))

    def most(types: str, since: str) -> str:
        ((partner,),) = programme.rows(
            f"select partner_id from activities.activities where activity_type in ({types}) "
            f"and counted_on >= '{since}' group by 1 order by count(*) desc, 1 limit 1"
        )
        return partner

    who = {
        "many on one day": most("'portal_action'", "2026-03-30"),
        "quarter-end burst": most("'lead_submitted', 'deal_registered'", "2025-07-01"),
        "identical amounts": most("'booking'", "2025-07-01"),
    }
    metrics = [name for (name,) in programme.rows("select metric from marts.metric_registry")]
    targets = dict(programme.rows("""
        select metric, any_value(target_value + 0.02 * (target_value - floor_value))
        from frameworks.resolved_anchors inner join frameworks.framework_weeks using (framework)
        where week_start = '2026-06-22' and is_official and is_leading and segment = 'reseller'
        group by metric"""))  # fmt: skip
    ((who["just past targets"],),) = programme.rows("""
        select partner_id from scores.outcome_scores
        where week_start = '2026-06-22' and segment = 'reseller' and status = 'published'
        order by partner_id limit 1""")
    with duckdb.connect(str(programme.settings().working_database)) as connection:
        change = connection.execute
        # A small programme: fewer partners have to do.
        change("update policy.metric_parameters set value = 12 "
               "where parameter in ('drift_least_partners', 'gaming_least_records')")  # fmt: skip
        for signal, types, what in (
            ("many on one day", "'portal_action'", "counted_on = '2026-05-05'"),
            (
                "quarter-end burst",
                "'lead_submitted', 'deal_registered'",
                "counted_on = '2026-03-30'",
            ),
            ("identical amounts", "'booking'", "amount = 4321"),
        ):
            since = "2026-03-30" if signal == "many on one day" else "2025-07-01"
            change(f"update activities.activity_records set {what} where partner_id = ? "
                   f"and activity_type in ({types}) and counted_on between '{since}' "
                   "and '2026-06-28'", [who[signal]])  # fmt: skip
        for metric in metrics:
            change(f"update metrics.partner_metrics set {metric} = ? "
                   "where week_start = '2026-06-22' and partner_id = ?",
                   [targets[metric], who["just past targets"]])  # fmt: skip
        change("update metrics.partner_metrics set days_since_active = days_since_active + 40 "
               "where week_start = '2026-06-22'")  # fmt: skip
    programme.build("--select", *DRIFT)
    return programme, who


def test_each_way_to_play_is_found_and_only_its_partner(planted: tuple[Programme, dict[str, str]]):
    programme, who = planted
    fired = programme.rows("select signal, subject from marts.anomalies_now where kind = 'gaming'")
    assert set(fired) == set(who.items())
    looked_at = dict(programme.rows(
        "select signal, count(*) from marts.gaming_signals where verdict != 'insufficient' "
        "group by signal"))  # fmt: skip
    assert set(looked_at) == set(who) and min(looked_at.values()) >= 5


def test_a_programme_in_which_nobody_plays_is_quiet(released: Programme):
    assert released.rows("select * from marts.gaming_signals where verdict = 'unusual'") == []


def test_populations_are_compared_as_numpy_and_scipy_do(planted: tuple[Programme, dict[str, str]]):
    programme, _ = planted
    values = defaultdict(dict)
    for week, measure, partner, value in programme.rows("from drift.watched_values"):
        values[week, measure][partner] = value
    built = programme.rows("""
        select framework_version, measure, week_start, reference_week, stability_index,
            chance_limit, bins, verdict
        from marts.drift_of_populations""")
    assert len(built) > 50
    for _, measure, week, reference, index, limit, bins, verdict in built:
        before = np.sort(list(values[reference, measure].values()))
        now = np.array(list(values[week, measure].values()))
        deciles = np.quantile(before, np.arange(1, 10) / 10, method="inverted_cdf")
        edges = np.unique(deciles)
        counts = [
            np.bincount(np.searchsorted(edges, each, side="left"), minlength=len(edges) + 1)
            for each in (before, now)
        ]
        p, q = ((each + 0.5) / (each.sum() + 0.5 * len(each)) for each in counts)
        assert bins == len(edges) + 1
        assert index == pytest.approx(float(np.sum((q - p) * np.log(q / p))), abs=1e-6)
        exact = stats.chi2.isf(0.001, bins - 1) * (1 / len(before) + 1 / len(now))
        # Wilson and Hilferty's cube: within 1% from six degrees of freedom on, 3% before.
        assert limit == pytest.approx(exact, rel=0.01 if bins > 6 else 0.031)
        if min(len(before), len(now)) < 12:
            assert verdict == "insufficient"
        elif index < 0.1:
            assert verdict == "stable"
        else:
            size = "moved" if index < 0.25 else "shifted"
            assert verdict == (size if index >= limit else "moved, perhaps by chance")
    assert {"stable", "shifted", "moved, perhaps by chance"} <= {row[-1] for row in built}


def test_a_metric_that_shifts_for_all_is_behaviour(planted: tuple[Programme, dict[str, str]]):
    programme, _ = planted
    moved = programme.rows(
        "select kind, subject, verdict from marts.anomalies_now where signal = 'population'"
    )
    assert ("behaviour", "days_since_active", "shifted") in moved
    assert len(moved) <= 3


def test_whoever_has_no_score_yet_moves_no_level_and_no_population(released: Programme):
    """Partners begin with values of some metrics and without a score: more of them are no drift."""
    levels = released.rows("""
        select week_start, partners, level from drift.metric_levels
        where measure = 'collaboration_days'""")
    values: dict[tuple, list[float]] = defaultdict(list)
    for week, is_scored, days in released.rows("""
        select week_start, status in ('provisional', 'published', 'stale'), collaboration_days
        from metrics.partner_metrics inner join scores.outcome_scores using (partner_id, week_start)
        where collaboration_days is not null"""):
        values[week, is_scored].append(days)
    assert {week for week, *_ in levels} == {week for week, is_scored in values if is_scored}
    for week, partners, level in levels:
        scored = values[week, True]
        assert (partners, level) == (len(scored), np.median(scored))
    watched = released.rows("select distinct week_start, partner_id from drift.watched_values")
    without_score = released.rows("""
        select week_start, partner_id from scores.outcome_scores
        where status in ('unscored', 'terminated')""")
    assert watched and not set(watched) & set(without_score)
    # It would say something else of all.
    assert any(values[week, False] for week, *_ in levels)
