"""What stability costs and brings, as the table of docs/stability.md.

`python -m tests.python.reference.stability_table [WAREHOUSE]` reads the scores of a built warehouse
and the rules of its newest version, and prints two tables: how often a band changed, by each step
of stability, and how many weeks a jump that stays takes to be recognised.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from tests.python.reference.policy import OUTCOMES, Policy
from tests.python.reference.reference import Reference, Scored

STEPS = (
    "cuts alone, raw score",
    "smoothed",
    "smoothed and guarded",
    "with margin and weeks (published)",
)
WEEKS_A_YEAR = 365.25 / 7


def changes(database: Path, outcome: str) -> list[float]:
    """Band changes per partner and year, by each step, over the weeks that have a shown band."""
    plain = "case when {0} >= {1}_high_cut then 2 when {0} >= {1}_medium_cut then 1 else 0 end"
    bands = [
        plain.format(f"{outcome}_raw_score", outcome),
        plain.format(f"{outcome}_smoothed_score", outcome),
        plain.format(f"{outcome}_smoothed_score - {outcome}_held_back", outcome),
        f"{outcome}_band",
    ]
    steps = ", ".join(f"count(*) filter (where band{i} != last{i})" for i in range(len(bands)))
    columns = ", ".join(
        f"{band} as band{i}, lag({band}) over w as last{i}" for i, band in enumerate(bands)
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        *counts, weeks = connection.execute(
            f"""select {steps}, count(last0) from (
                    select {columns} from scores.outcome_scores
                    join frameworks.stability_parameters using (framework_version)
                    where status in ('provisional', 'published')
                    window w as (partition by partner_id order by week_start)
                )"""
        ).fetchone() or (0,)
    return [count / weeks * WEEKS_A_YEAR for count in counts]


def noise(database: Path, outcome: str) -> float:
    """Standard deviation of a raw score from week to week, in points, of mature partners."""
    with duckdb.connect(str(database), read_only=True) as connection:
        ((spread,),) = connection.execute(
            f"""select stddev(step) / sqrt(2) from (
                    select {outcome}_raw_score - lag({outcome}_raw_score) over w as step,
                        tenure_week
                    from scores.outcome_scores
                    window w as (partition by partner_id order by week_start)
                ) where tenure_week >= 39"""
        ).fetchall()
    return float(spread)


def weeks_to_recognise(
    outcome: str, jump: float, at_week: int, spread: float, times: int = 200
) -> list[float]:
    """Weeks from a jump across a cut, begun half of `jump` below it, until the band of each step
    says so: the mean over `times` noisy series."""
    policy = Policy()
    reference = Reference(policy, {}, True, date(2026, 12, 27))
    first = max(version.first_week for version in policy.versions) + timedelta(weeks=52)
    cut = policy.cuts(policy.leading(first), outcome)[1]
    rng, found = np.random.default_rng(0), []
    for _ in range(times):
        level = np.where(np.arange(at_week + 60) < at_week, cut - jump / 2, cut + jump / 2)
        raw = np.clip(level + rng.normal(0, spread, len(level)), 0, 100)
        weeks = [first + timedelta(weeks=step) for step in range(len(raw))]
        scored = Scored(
            "p",
            "baseline",
            weeks,
            {},
            {},
            {},
            [False] * len(raw),
            {},
            {f"{outcome}_raw_score": raw},
            {},
        )
        reference.stabilise(scored, outcome)
        figures, words = scored.figures, scored.words
        bands = [
            raw >= cut,
            figures[f"{outcome}_smoothed_score"] >= cut,
            figures[f"{outcome}_guarded_score"] >= cut,
            np.array(words[f"{outcome}_guarded_band"]) == "high",
        ]
        found.append(
            [int(np.argmax(band[at_week:])) + 1 if band[at_week:].any() else 61 for band in bands]
        )
    return [float(mean) for mean in np.mean(found, axis=0)]


def main() -> None:
    warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse")
    database = warehouse / "working.duckdb"
    by_outcome = {outcome: changes(database, outcome) for outcome in OUTCOMES}
    print(
        "| band by | " + " | ".join(f"{o}: changes per partner and year" for o in OUTCOMES) + " |"
    )
    print("|---|" + "---:|" * len(OUTCOMES))
    for step, name in enumerate(STEPS):
        print(f"| {name} | " + " | ".join(f"{by_outcome[o][step]:.2f}" for o in OUTCOMES) + " |")
    print()
    print("| a jump that stays | " + " | ".join(STEPS) + " |")
    print("|---|" + "---:|" * len(STEPS))
    for outcome in OUTCOMES:
        spread = noise(database, outcome)
        for jump, at_week in ((20, 52), (40, 52), (40, 6)):
            weeks = weeks_to_recognise(outcome, jump, at_week, spread)
            name = f"{outcome}, {jump} points in week {at_week} (noise {spread:.1f})"
            print(f"| {name} | " + " | ".join(f"{each:.1f}" for each in weeks) + " |")


if __name__ == "__main__":
    main()
