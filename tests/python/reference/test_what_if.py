"""What would be, computed once more by the reference in plain Python, under changed policy.

Scenarios, versions beside the one that they are based on, and what weights are worth.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from orchestration.sample import generate
from tests.python.pipeline.running import SCORES, Programme
from tests.python.reference import warehouse
from tests.python.reference.compared import TOLERANCE, reference_of
from tests.python.reference.figures import Partner, Series, metrics_of
from tests.python.reference.policy import OUTCOMES, SEEDS, Policy, Row, Version
from tests.python.reference.reference import Reference, Scored

pytestmark = pytest.mark.slow

Change = dict[str, str]
IN_FORCE = 2


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("what_if"))
    generate(programme.landing, partners=40, weeks=44, truth=programme.folder / "truth")
    programme.land()
    programme.build("--select", *SCORES, "+path:models/scenarios")
    return programme


@pytest.fixture(scope="module", autouse=True)
def metrics_once() -> Iterator[None]:
    """Metrics do not depend on the framework: each partner's are computed once for all policies."""
    known: dict[str, dict[str, Series]] = {}

    def remembered(partner: Partner, as_of: date, policy: Policy) -> dict[str, Series]:
        if partner.partner_id not in known:
            known[partner.partner_id] = metrics_of(partner, as_of, policy)
        return known[partner.partner_id]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.python.reference.reference.metrics_of", remembered)
        yield


class Only(Policy):
    """Policy with one version in force, as scenario changes have it.

    All changes that ship are for all segments, so that changing the rows of a table is the same as
    changing what is made of them.
    """

    def __init__(self, number: int, changes: list[Change] | None = None) -> None:
        super().__init__()
        self.number, self.changes = number, changes or []

    @property
    def versions(self) -> list[Version]:  # type: ignore[override]
        return [Version(self.number, date(1990, 1, 1), 8)]

    def _read(self, table: str) -> list[Row]:
        rows = super()._read(table)
        for change in self.changes:
            rows = [self._changed(table, row, change) for row in rows]
        return rows

    def own_share(self, version: int, segment: str) -> float:
        share = super().own_share(version, segment)
        for change in self.changes:
            share *= float(change["factor"]) if change["changes"] == "own share" else 1.0
        return share

    def segment_of(self, track: str) -> str:
        moved = {c["segment"]: c["name"] for c in self.changes if c["changes"] == "judged as"}
        segment = super().segment_of(track)
        return moved.get(segment, segment)

    @staticmethod
    def _changed(table: str, row: Row, change: Change) -> Row:
        kind, name = change["changes"], change["name"]
        columns = {
            ("metric_weights", "metric weight"): ["weight"] if row.get("metric") == name else [],
            ("layer_weights", "layer weight"): [name],
            ("metric_anchors", "anchor"): [
                f"{part}_value" for part in ("floor", "target", "stretch")
                if row.get("metric") == name and change.get("part", "") in ("", part)
            ],
        }.get((table, kind), [])  # fmt: skip
        return {**row, **{c: str(float(row[c]) * float(change["factor"])) for c in columns}}


class Shocked(Reference):
    """The reference with metrics as a scenario has them."""

    def held(self, weeks: list[date], metrics: dict[str, Series]) -> dict[str, Series]:
        found = dict(super().held(weeks, metrics))
        assert isinstance(self.policy, Only)
        for change in self.policy.changes:
            if change["changes"] == "metric value":
                found[change["name"]] = found[change["name"]] * float(change["factor"])
        return found


def scored_by(programme: Programme, policy: Only) -> dict[str, Scored]:
    plain = reference_of(programme, policy)
    reference = Shocked(policy, {}, True, plain.as_of)
    reference.applicable, reference.fresh_until = plain.applicable, plain.fresh_until
    scores = {
        partner_id: reference.score(partner)
        for partner_id, partner in warehouse.partners(programme).items()
    }
    return {partner_id: each for partner_id, each in scores.items() if each}


def changes_by_scenario() -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    with (SEEDS / "scenario_changes.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert not row["addition"]
            assert row["changes"] == "judged as" or not row["segment"]
            found.setdefault(row["scenario"], []).append(row)
    return found


@pytest.mark.parametrize("scenario", changes_by_scenario())
def test_a_scenario_is_what_the_reference_gives_under_changed_policy(
    programme: Programme, scenario: str
):
    rows = programme.rows(
        f"""select partner_id, week_start, outcome, scenario_score from scenarios.scenario_scores
            where framework = 'scenario {scenario}'"""
    )
    assert len(rows) > 40
    expected = scored_by(programme, Only(IN_FORCE, changes_by_scenario()[scenario]))
    for partner_id, week, outcome, score in rows:
        each = expected[partner_id]
        at = each.weeks.index(week)
        assert score == pytest.approx(each.figures[f"{outcome}_raw_score"][at], abs=TOLERANCE)
    # It is not the official score that was compared with itself.
    ((moved,),) = programme.rows(
        f"""select count(*) from scenarios.scenario_scores
            where framework = 'scenario {scenario}' and abs(score_difference) > 0.01"""
    )
    assert moved > 0


def test_each_version_is_scored_as_if_it_alone_had_been_in_force(programme: Programme):
    """G2: the same inputs under two versions, the difference per partner, adding up."""
    rows = programme.rows(
        """select framework_version, base_version, partner_id, week_start, outcome, score_before,
                  score_after, layer_weight_points, metric_weight_points, rating_points,
                  overlay_points, limit_points
           from scenarios.version_impact"""
    )
    assert {row[:2] for row in rows} == {(2, 1), (3, 2)}
    as_of = warehouse.as_of(programme)
    assert {row[3] for row in rows} == {
        as_of - timedelta(days=6) - timedelta(weeks=back) for back in range(13)
    }
    scored = {number: scored_by(programme, Only(number)) for number in (1, 2, 3)}
    for version, base, partner_id, week, outcome, before, after, *causes in rows:
        for number, score in ((base, before), (version, after)):
            each = scored[number][partner_id]
            expected = each.figures[f"{outcome}_raw_score"][each.weeks.index(week)]
            assert score == pytest.approx(expected, abs=TOLERANCE)
        assert sum(causes) == pytest.approx(after - before, abs=TOLERANCE)
    # Every cause is there, so that a sum that adds up says something.
    for cause in range(7, 11):
        assert any(abs(row[cause]) > 0.01 for row in rows)


def test_causes_are_told_apart(programme: Programme):
    """What the third version changes (two weights of metrics) is never called anything else, and
    what a metric gives is the change of its part of the score."""
    ((others, weights),) = programme.rows(
        """select
               max(abs(layer_weight_points) + abs(rating_points) + abs(overlay_points)),
               max(abs(metric_weight_points))
           from scenarios.version_impact where framework_version = 3"""
    )
    assert others < TOLERANCE < weights
    for points, before, after in programme.rows(
        """select points, weight_before * metric_score_before, weight_after * metric_score_after
           from scenarios.version_impact_drivers"""
    ):
        assert points == pytest.approx(after - before, abs=TOLERANCE)


def test_one_weight_more_or_less_is_the_scenario_of_that_weight(programme: Programme):
    """The closed form in SQL beside all scores computed anew with that one weight changed."""
    rows = programme.rows(
        """select outcome, metric, direction, mean_move, most_move, bands_changed, partners
           from scenarios.weight_sensitivity"""
    )
    assert len(rows) == len({row[:3] for row in rows}) > 60
    plain = scored_by(programme, Only(IN_FORCE))
    last = warehouse.as_of(programme) - timedelta(days=6)
    chosen = [row for row in rows if row[1] in ("sourced_revenue", "onboarding_pace")]
    assert len(chosen) == 6
    compared = with_a_score(programme)
    for outcome, metric, direction, mean_move, most_move, bands, partners in chosen:
        factor = "1.2" if direction == "more" else "0.8"
        change = {"changes": "metric weight", "name": metric, "factor": factor}
        moved = scored_by(programme, Only(IN_FORCE, [change]))
        here = [key for key, each in plain.items() if each.weeks[-1] == last and key in compared]
        raw = f"{outcome}_raw_score"
        before = np.array([plain[key].figures[raw][-1] for key in here])
        after = np.array([moved[key].figures[raw][-1] for key in here])
        cuts = Policy().cuts(IN_FORCE, outcome)
        assert partners == len(here)
        assert mean_move == pytest.approx(np.abs(after - before).mean(), abs=TOLERANCE)
        assert most_move == pytest.approx(np.abs(after - before).max(), abs=TOLERANCE)
        assert bands == np.sum(np.digitize(before, cuts) != np.digitize(after, cuts))


def test_ranks_under_drawn_weights_are_those_of_numpy(programme: Programme):
    policy = Only(IN_FORCE)
    reference, plain = reference_of(programme, policy), scored_by(programme, policy)
    last = warehouse.as_of(programme) - timedelta(days=6)
    compared = with_a_score(programme)
    here = sorted(key for key, each in plain.items() if each.weeks[-1] == last and key in compared)
    draws = warehouse_draws(programme)
    assert len(draws) == 200
    for outcome in OUTCOMES:
        factors = {
            name: np.array([draw[f"{outcome}__{name}"] for draw in draws])
            for name, metric in policy.metrics.items() if outcome in metric.outcomes
        }  # fmt: skip
        # Evenly from .8 to 1.2, each by itself.
        everything = np.array(list(factors.values()))
        assert everything.min() >= 0.8
        assert everything.max() < 1.2
        assert everything.mean() == pytest.approx(1, abs=0.01)
        assert everything.std() == pytest.approx(0.4 / np.sqrt(12), rel=0.03)
        assert np.abs(np.corrcoef(everything) - np.eye(len(everything))).max() < 0.35
        scores = []
        for key in here:
            each = plain[key]
            weights = reference.weights(IN_FORCE, each.segment, outcome, len(each.weeks) - 1)
            total = np.full(len(draws), each.figures[f"{outcome}_overlay"][-1])
            for layer in {policy.metrics[name].layer for name in weights}:
                names = [name for name in weights if policy.metrics[name].layer == layer]
                drawn = np.array([weights[name] * factors[name] for name in names])
                points = [each.metric_scores[IN_FORCE][name][-1] for name in names]
                total += sum(weights[n] for n in names) * (drawn.T @ points) / drawn.sum(axis=0)
            scores.append(np.clip(total, 0, 100))
        table = np.round(np.array(scores), 9)
        ranks = np.array([(table > table[at]).sum(axis=0) + 1 for at in range(len(here))])
        rows = {
            row[0]: row[1:]
            for row in programme.rows(
                f"""select partner_id, rank_tenth, rank_median, rank_ninetieth, score_tenth
                    from scenarios.rank_ranges where outcome = '{outcome}'"""
            )
        }
        assert set(rows) == set(here)
        for at, key in enumerate(here):
            expected = [*np.quantile(ranks[at], [0.1, 0.5, 0.9]), np.quantile(scores[at], 0.1)]
            assert rows[key] == pytest.approx(expected, abs=TOLERANCE), key


def with_a_score(programme: Programme) -> set[str]:
    """Partners whose last score may be compared; some are there that have none yet."""
    rows = programme.rows(
        """select partner_id, status in ('provisional', 'published', 'stale')
           from scores.outcome_scores
           where week_start = (select as_of_week from activities.score_horizon)"""
    )
    assert {is_scored for _, is_scored in rows} == {True, False}
    return {partner for partner, is_scored in rows if is_scored}


def warehouse_draws(programme: Programme) -> list[dict[str, float]]:
    names = [
        row[0]
        for row in programme.rows(
            """select column_name from duckdb_columns()
               where table_name = 'weight_draws' and column_name != 'draw'"""
        )
    ]
    return [
        dict(zip(names, row, strict=True))
        for row in programme.rows(f"select {', '.join(names)} from scenarios.weight_draws")
    ]
