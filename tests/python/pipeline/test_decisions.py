"""What is recommended and given, computed a second time in plain Python and put under pressure.

The cases by hand are in models/decisions; here are whole programmes. What is planted lives in a
copy of the working database, where the compiled SQL of the models that follow runs anew.
"""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import duckdb
import pytest

from orchestration.sample import names
from orchestration.settings import PROJECT_DIR
from tests.python.pipeline.running import Programme

BANDS = {"low": 1, "medium": 2, "high": 3}
ACTIONS = ("action_candidates", "chosen_actions")
AWARDS = ("payment_holds", "incentive_awards", "incentive_entitlements")
ENTITLEMENTS = """
    select period, partner_id, rule, status, amount, earned_on
    from marts.incentive_entitlements order by all"""


def policy(table: str) -> list[dict[str, str]]:
    path = PROJECT_DIR / "seeds" / "policy" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(name: str) -> int:
    (row,) = (each for each in policy("decision_parameters") if each["parameter"] == name)
    return int(row["value"])


@pytest.fixture
def database(released: Programme, tmp_path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the working database."""
    shutil.copy(released.settings().working_database, tmp_path / "working.duckdb")
    with duckdb.connect(str(tmp_path / "working.duckdb")) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture
def rebuild(released: Programme, database: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """Run the compiled SQL of tables anew, in the order in which they are given."""
    # Each run of dbt compiles into a folder of its own.
    newest = max(
        released.settings().dbt_target.rglob("compiled/*/models/decisions/action_candidates.sql"),
        key=lambda path: path.stat().st_mtime,
    )
    compiled = newest.parents[1]

    def run(*models: str) -> None:
        for model in models:
            (path,) = (
                each
                for each in compiled.rglob(f"{model}.sql")
                if not each.parent.name.endswith(".yml")
            )
            schema = path.relative_to(compiled).parts[0]
            sql = path.read_text().rstrip().rstrip(";")
            kind = "view" if schema == "marts" else "table"
            database.execute(f"create or replace {kind} {schema}.{model} as {sql}")

    return run


# --- actions


def recommended_by_hand(database: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """Intervention, rule, driver and day of each partner's actions, as the policy files say."""

    def rows(sql: str) -> list[tuple]:
        return database.execute(sql).fetchall()

    ((today,),) = rows("select as_of_on from activities.score_horizon")
    catalogue = {each["intervention"]: each for each in policy("interventions")}
    rules = sorted(policy("intervention_rules"), key=lambda each: int(each["priority"]))
    trends = {
        (partner, outcome)
        for partner, outcome in rows(
            "select partner_id, outcome from benchmarks.score_trends where verdict = 'declining'"
        )
    }
    gaps = defaultdict(list)
    for partner, metric, layer, group in rows("""
            select partner_id, metric, layer, metric_group from scores.metric_reasons
            where kind = 'gap' order by points desc, metric"""):
        gaps[partner].append({"metric": metric, "layer": layer, "group": group})
    records = defaultdict(list)
    for partner, intervention, asked, taken in rows("""
            select partner_id, intervention, recommended_on, taken_at::date
            from staging.stg_programme__interventions where superseded_at is null"""):
        if asked <= today:
            records[partner, intervention].append(
                (asked, taken if taken and taken <= today else None)
            )

    def driver(rule: dict[str, str], partner: str) -> tuple[bool, str | None]:
        kind = rule["driver_kind"]
        if kind == "none":
            return True, None
        if kind == "any":
            found = [each["metric"] for each in gaps[partner] if each["layer"] != "strategy"]
            return True, found[0] if found else None
        among = gaps[partner][: number("most_drivers")]
        found = [each["metric"] for each in among if each[kind] == rule["driver"]]
        return bool(found), found[0] if found else None

    def within(band: str | None, least: str, most: str) -> bool:
        if least and (band is None or BANDS[band] < BANDS[least]):
            return False
        return not (most and (band is None or BANDS[band] > BANDS[most]))

    answer: dict[str, list[tuple]] = {}
    for partner, segment, ended, status, revenue, engagement, tenure in rows("""
            select known.partner_id, partner_segments.segment, is_terminated, status, revenue_band,
                engagement_band, tenure_week
            from partners.partners as known
            inner join partners.partner_segments using (partner_id)
            left join scores.outcome_scores as scored
                on known.partner_id = scored.partner_id and last_week = week_start"""):
        status = "terminated" if ended else status or "unscored"
        tenure = tenure or 0
        chosen: dict[str, tuple] = {}
        for rule in rules:
            scored = rule["status"] == "scored" and status in ("provisional", "published")
            is_met, metric = driver(rule, partner)
            if (
                (rule["status"] == status or scored)
                and rule["segment"] in ("baseline", segment)
                and within(revenue, rule["least_revenue_band"], rule["most_revenue_band"])
                and within(engagement, rule["least_engagement_band"], rule["most_engagement_band"])
                and tenure >= int(rule["least_tenure_week"] or 0)
                and tenure <= int(rule["most_tenure_week"] or 9999)
                and (not rule["declining"] or (partner, rule["declining"]) in trends)
                and is_met
            ):
                chosen.setdefault(rule["intervention"], (rule["rule"], metric))
        actions = []
        for intervention, (rule_name, metric) in chosen.items():
            of_it = catalogue[intervention]
            history = records[partner, intervention]
            taken = max((done for _, done in history if done), default=date.min)
            rest = timedelta(weeks=int(of_it["repeat_after_weeks"]))
            if taken != date.min and taken + rest > today:
                continue
            lapse = timedelta(weeks=int(of_it["lapses_after_weeks"]))
            still = [at for at, done in history if not done and at > taken and at + lapse >= today]
            due = min(still, default=today) + timedelta(days=int(of_it["due_days"]))
            is_none = of_it["kind"] == "none"
            actions.append((intervention, rule_name, metric, None if is_none else due))
        answer[partner] = actions[: number("most_actions")] or [("no_action", None, None, None)]
    return answer


def test_actions_are_those_that_plain_python_chooses(released: Programme, database):
    built = defaultdict(list)
    for partner, *action in database.execute("""
            select partner_id, intervention, rule, driver_metric, due_on
            from marts.recommended_actions order by partner_id, place""").fetchall():
        built[partner].append(tuple(action))
    assert dict(built) == recommended_by_hand(database)
    # The sample is no trivial case.
    assert {len(actions) for actions in built.values()} == {1, 2, 3}
    assert len({action[1] for actions in built.values() for action in actions}) > 10


def test_ready_but_absent_partners_are_coached_and_trained(database, rebuild):
    database.execute("""
        update decisions.partner_situations
        set revenue_band = 'high', engagement_band = 'low', status = 'published', tenure_week = 30
        where status in ('provisional', 'published')""")
    rebuild(*ACTIONS)
    rows = database.execute("""
        select any_value(done_lately) as done_lately, list(intervention order by place)
        from decisions.chosen_actions inner join decisions.partner_situations using (partner_id)
        where cell is not null and status = 'published' group by partner_id""").fetchall()
    assert len(rows) > 20
    for done_lately, actions in rows:
        for action in ("targeted_coaching", "accelerated_training"):
            assert action in actions or action.replace("_", " ") in (done_lately or "")
    assert (
        sum(actions[:2] == ["targeted_coaching", "accelerated_training"] for _, actions in rows)
        > 20
    )


def test_what_was_taken_is_not_recommended_again_until_its_time(database, rebuild):
    partner, action, key = database.execute("""
        select partner_id, intervention, action_key from decisions.chosen_actions
        where state = 'new' and action_key like '%/1' order by all limit 1""").fetchone()
    (of_it,) = (each for each in policy("interventions") if each["intervention"] == action)
    weeks = int(of_it["repeat_after_weeks"])
    ((today,),) = database.execute("select as_of_on from activities.score_horizon").fetchall()
    for days, is_asked in ((1, False), (7 * weeks - 1, False), (7 * weeks, True)):
        database.execute(
            "delete from experiments.intervention_follow_ups where partner_id = ?", [partner]
        )
        database.execute(
            """insert into experiments.intervention_follow_ups
                (intervention_id, partner_id, intervention, recommended_on, taken_on, is_taken)
                values ('planted', ?, ?, ?, ?, true)""",
            [partner, action, today - timedelta(days=days), today - timedelta(days=days)],
        )
        rebuild("intervention_standings", *ACTIONS)
        keys = database.execute(
            """select action_key from decisions.chosen_actions
                where partner_id = ? and intervention = ?""",
            [partner, action],
        ).fetchall()
        # What comes back is another action.
        assert keys == ([(key.removesuffix("1") + "2",)] if is_asked else [])


def test_the_catalogue_knows_what_the_sample_lands():
    assert set(names.INTERVENTIONS) <= {each["intervention"] for each in policy("interventions")}


def test_every_past_intervention_is_in_the_registry_once(released: Programme):
    past = released.rows("""
        select intervention, count(*), count(taken_on) from experiments.intervention_follow_ups
        group by intervention order by 1""")
    assert len(past) == len(names.INTERVENTIONS)
    assert past == released.rows("""
        select intervention, sum(recommended)::bigint, sum(taken)::bigint
        from marts.intervention_registry where recommended > 0 group by intervention order by 1""")


# --- incentives


def shared_by_hand(claims: list[dict], funds: dict[tuple, dict]) -> dict[tuple, float]:
    """First earned first served, a day in proportion; reserve, improvement and the rest apart."""
    given: dict[tuple, Fraction] = defaultdict(Fraction)

    def serve(queue: list[tuple[dict, Fraction]], pool: Fraction) -> None:
        for day in sorted({claim["earned_on"] for claim, _ in queue}):
            asking = [(claim, asked) for claim, asked in queue if claim["earned_on"] == day]
            total = sum(asked for _, asked in asking)
            share = min(Fraction(1), pool / total) if total else Fraction(0)
            for claim, asked in asking:
                given[claim["key"]] += Fraction(int(100 * asked * share), 100)
            pool = max(Fraction(0), pool - total)

    for key, fund in funds.items():
        mine = [claim for claim in claims if claim["fund"] == key]
        asked = {claim["key"]: Fraction(claim["asked"]) for claim in mine}
        serve([(c, asked[c["key"]]) for c in mine if c["is_high_potential"]], fund["reserved"])
        left = {c["key"]: asked[c["key"]] - given[c["key"]] for c in mine}
        rest = fund["amount"] - fund["reserved"] - fund["improvement"]
        for kind, pool in (("improvement", fund["improvement"]), ("milestone", rest)):
            serve([(c, left[c["key"]]) for c in mine if c["earned_by"] == kind], pool)
    return {key: float(amount) for key, amount in given.items()}


@pytest.mark.parametrize("part", [1, 0.3, 0.05, 0])
def test_funds_are_shared_as_plain_python_does(database, rebuild, part):
    database.execute(f"""
        update decisions.incentive_periods set amount = round(amount * {part}),
            reserved = round(reserved * {part}),
            for_improvement = round(for_improvement * {part})""")
    rebuild(*AWARDS)
    funds = {
        (period, fund): {"amount": Fraction(a), "reserved": Fraction(r), "improvement": Fraction(i)}
        for period, fund, a, r, i in database.execute("""
            select period, fund, amount, reserved, for_improvement
            from decisions.incentive_periods""").fetchall()
    }
    claims = [
        {"key": (period, partner, rule), "fund": (period, fund), "earned_by": by, "asked": asked,
         "is_high_potential": potential, "earned_on": day}
        for period, partner, rule, fund, by, asked, potential, day in database.execute("""
            select period, partner_id, rule, fund, earned_by, amount_asked, is_high_potential,
                earned_on
            from decisions.incentive_claims""").fetchall()
    ]  # fmt: skip
    built = {
        (period, partner, rule): (amount, potential)
        for period, partner, rule, amount, potential in database.execute("""
            select period, partner_id, rule, amount, is_high_potential
            from marts.incentive_entitlements""").fetchall()
    }
    assert {key: amount for key, (amount, _) in built.items()} == pytest.approx(
        {key: shared_by_hand(claims, funds).get(key, 0.0) for key in built}, abs=0.0101
    )
    assert len(claims) > 10
    for key, fund in funds.items():
        mine = [built[claim["key"]] for claim in claims if claim["fund"] == key]
        assert sum(amount for amount, _ in mine) <= float(fund["amount"]) + 1e-6
        others = sum(amount for amount, potential in mine if not potential)
        assert others <= float(fund["amount"] - fund["reserved"]) + 1e-6


def test_signs_of_gaming_hold_payments_and_move_no_amount(database, rebuild):
    before = database.execute(ENTITLEMENTS).fetchall()
    partner = next(row[1] for row in before if row[3] == "entitled")
    others = [row for row in before if row[1] != partner]
    assert not any(row[3] == "held_for_review" for row in before)
    database.execute(
        """insert into drift.gaming_of_records
            (partner_id, signal, about, verdict, records, observed, expected, z)
            values (?, 'identical amounts', 'booking', 'unusual', 40, 9, 1, 15)""",
        [partner],
    )
    rebuild(*AWARDS)
    after = database.execute(ENTITLEMENTS).fetchall()
    assert [row[:3] + row[4:] for row in after] == [row[:3] + row[4:] for row in before]
    assert [row for row in after if row[1] != partner] == others
    held = [row for row in after if row[1] == partner]
    assert {row[3] for row in held} <= {"held_for_review", "budget spent"}
    reason = database.execute(
        "select min(reason) from marts.incentive_entitlements where partner_id = ? and status = ?",
        [partner, "held_for_review"],
    ).fetchone()[0]
    assert reason.endswith("held for a review of its records")
    # What the signs are is for governance.
    assert database.execute("select signs from decisions.payment_holds").fetchall() == [
        ("identical amounts (booking): 9 beside 1 expected",)
    ]


def test_no_score_reads_signs_of_gaming_or_what_follows_from_scores(released: Programme):
    manifest = json.loads((released.settings().dbt_target / "manifest.json").read_text())
    parents = manifest["parent_map"]
    folder = {key: node["fqn"][1] for key, node in manifest["nodes"].items()}

    def ancestors(key: str) -> set[str]:
        found, todo = set(), [key]
        while todo:
            new = set(parents.get(todo.pop(), [])) - found
            found |= new
            todo += new
        return found

    scored = [
        key
        for key, where in folder.items()
        if key.startswith("model.") and where in ("metrics", "scores")
    ]
    assert len(scored) > 20
    for key in scored:
        assert not {folder.get(each) for each in ancestors(key)} & {"drift", "decisions"}, key
    # The test can see what it looks for.
    assert "drift" in {folder.get(e) for e in ancestors("model.partner_scoring.incentive_awards")}


def test_one_milestone_told_many_times_earns_no_more(database, rebuild):
    before = database.execute(ENTITLEMENTS).fetchall()
    columns = [
        row[0] for row in database.execute("describe staging.stg_portal__milestones").fetchall()
    ]
    copied = ", ".join(
        "milestone_id || '-' || copies.range" if name == "milestone_id"
        else "reached_at + to_days((3 * copies.range)::integer)" if name == "reached_at"
        else name
        for name in columns
    )  # fmt: skip
    database.execute(f"""
        insert into staging.stg_portal__milestones
        select {copied} from staging.stg_portal__milestones cross join range(5) as copies
        where superseded_at is null""")
    rebuild("partner_milestones", "incentive_claims", *AWARDS)
    assert len(before) > 10
    assert database.execute(ENTITLEMENTS).fetchall() == before


def test_rank_plays_no_part(database, rebuild):
    """Who stands where among others changes nothing that anybody has earned."""
    before = database.execute(ENTITLEMENTS).fetchall()
    first = before[0][1]
    # The partner that earned first is moved to the end of every order by name.
    for table in ("decisions.incentive_claims", "decisions.payment_holds", "partners.partners"):
        database.execute(f"update {table} set partner_id = 'zzz' where partner_id = ?", [first])
    rebuild(*AWARDS)
    after = database.execute(ENTITLEMENTS).fetchall()
    renamed = sorted(
        (p, "zzz" if partner == first else partner, *rest) for p, partner, *rest in before
    )
    assert sorted(after) == renamed
