"""What a programme of millions of activities costs, step by step, beside a scan and beside Polars.

Every step runs in a process of its own (`benchmarks.worker`). Figures are CPU seconds of all
threads (user and system, without the start of Python and dbt, which is shown apart), the peak of
memory of the process, and ratios. Run it with

    python -m benchmarks.scale --activities 1000000 10000000

It prints a table for each size and writes the figures beside it as JSON. It fails if Polars and the
models disagree in any cell.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from orchestration.settings import PROJECT_DIR, Settings

MODELS = PROJECT_DIR / "models"
# In the order in which data flows. `policy` and the seeds go with the first.
LAYERS = (
    "staging",
    "activities",
    "partners",
    "metrics",
    "frameworks",
    "scores",
    "predictions",
    "benchmarks",
    "scenarios",
    "forecasts",
    "experiments",
    "fairness",
    "drift",
    "decisions",
    "marts",
)
# Where the models lie that lead from activities to `outcome_scores`: what Polars does too.
SCORING = {"partners", "metrics", "frameworks", "scores"}
SHOWN_PARTS = 0.05  # of a step's CPU: smaller models are not listed
DAYS = ("a day that ends a week", "a day within a week")


@dataclass
class Step:
    """What a step cost: CPU seconds without and of its start, peak megabytes, CPU by part."""

    name: str
    rows: int
    cpu: float
    start: float
    peak: float
    parts: dict[str, float] = field(default_factory=dict)


class Bench:
    """One size: a landing folder and a warehouse of their own, and what each step cost there."""

    def __init__(self, folder: Path, activities: int, given: argparse.Namespace) -> None:
        self.activities, self.given = activities, given
        self.folder = folder
        self.settings = Settings(
            landing=folder / "landing",
            warehouse=folder / "warehouse",
            memory_limit=given.memory_limit,
        )
        self.steps: list[Step] = []

    def run(self, name: str, *words: object) -> Step:
        """A step in a process of its own; `name` is what the table calls it."""
        command = [sys.executable, "-m", "benchmarks.worker", *map(str, words)]
        with subprocess.Popen(
            command, cwd=PROJECT_DIR, env=self.environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            said = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name} failed\n{said}")
        work = json.loads(said.splitlines()[-1])
        total = usage.ru_utime + usage.ru_stime
        peak = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        step = Step(name, work["rows"], work["cpu"], total - work["cpu"], peak, work["parts"])
        self.steps.append(step)
        print(f"  {name:24}{step.cpu:9.1f} CPU s{step.peak:8.0f} MB", file=sys.stderr)
        return step

    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(PROJECT_DIR), os.environ.get("PYTHONPATH", "")])
        return self.settings.environment() | {"PYTHONPATH": path.strip(os.pathsep)}

    def build(self) -> list[Step]:
        """Every folder of models by itself, in the order of the layers."""
        steps = []
        for folder in layers():
            before = ["seeds", "models/policy"] if folder == LAYERS[0] else []
            steps.append(self.run(folder, "build", *before, f"models/{folder}"))
        return steps

    def compare(self, label: str = "") -> Step:
        """Scores by Polars from what the models made of the files, and the cells beside theirs."""
        exported, target = self.folder / "exported", self.folder / "polars"
        shutil.rmtree(target, ignore_errors=True)
        self.run(f"{label}export", "export", exported)
        polars = self.run(f"{label}polars", "polars", exported, target)
        self.run(f"{label}compare", "compare", target)
        return polars

    def all(self) -> dict[str, object]:
        """Every step; returns the figures."""
        size = (self.activities, self.given.partners, self.given.weeks)
        self.run("generate", "generate", *size)
        scan = self.run("scan", "scan")
        land = self.run("land", "land")
        built = self.build()
        polars = self.compare()
        spent = {name: cpu for step in built for name, cpu in step.parts.items()}
        models = self.scoring_models()
        scored = sum(spent[name] for name in models)
        kept = self.run("keep", "keep", *(name for name in models.values() if name))
        full = land.cpu + sum(spent.values())
        ratios = {
            "full run / scan": full / scan.cpu,
            "full run / land": full / land.cpu,
            "activities to outcome scores: models / Polars": scored / polars.cpu,
            "of that, writing the tables that stay / Polars": kept.cpu / polars.cpu,
        }
        for day in range(self.given.days):
            label = f"day {day}: "
            self.run(f"{label}generate", "generate", *size, day)
            steps = [self.run(f"{label}land", "land")]
            steps.append(self.run(f"{label}build", "build", "seeds", "models"))
            ratios[f"{DAYS[day]} / full run"] = sum(step.cpu for step in steps) / full
        if self.given.days:
            # What was added day by day must equal what is computed from everything.
            self.compare("days: ")
        return {
            "activities": self.activities,
            "partners": self.given.partners,
            "weeks": self.given.weeks,
            "memory_limit": self.given.memory_limit,
            "threads": self.settings.threads,
            "steps": [asdict(step) for step in self.steps],
            "ratios": ratios,
        }

    def scoring_models(self) -> dict[str, str | None]:
        """The models that `outcome_scores` is made of, from activities on, and the tables of those
        that are stored (None: a view)."""
        manifest = json.loads((self.settings.dbt_target / "manifest.json").read_text())
        found, asked = dict[str, str | None](), ["model.partner_scoring.outcome_scores"]
        while asked:
            node = manifest["nodes"].get(asked.pop(), {})
            if node.get("schema") in SCORING and node["name"] not in found:
                is_view = node["config"]["materialized"] == "view"
                found[node["name"]] = None if is_view else f"{node['schema']}.{node['name']}"
                asked += node["depends_on"]["nodes"]
        return found


def layers() -> list[str]:
    """The folders of models that there are, in the order of the layers."""
    there = {path.relative_to(MODELS).parts[0] for path in MODELS.rglob("*.sql")} - {"policy"}
    if unknown := there - set(LAYERS):
        raise SystemExit(f"say where these folders of models come in LAYERS: {unknown}")
    return [layer for layer in LAYERS if layer in there]


def table(figures: dict[str, object]) -> str:
    """The figures of one size as text."""
    steps = [Step(**each) for each in figures["steps"]]  # type: ignore[attr-defined]
    scan = next(step.cpu for step in steps if step.name == "scan")
    lines = [
        "{activities:,} activities, {partners:,} partners, {weeks} weeks, "
        "{threads} threads, {memory_limit}".format(**figures),
        f"{'step':34}{'rows':>13}{'CPU s':>9}{'/ scan':>9}{'peak MB':>9}{'start s':>9}",
    ]
    for step in steps:
        lines.append(
            f"{step.name:34}{step.rows:>13,}{step.cpu:9.1f}{step.cpu / scan:9.1f}"
            f"{step.peak:9.0f}{step.start:9.1f}"
        )
        for part, spent in sorted(step.parts.items(), key=lambda item: -item[1]):
            if spent > SHOWN_PARTS * step.cpu:
                lines.append(f"    {part:43}{spent:9.1f}")
    for name, ratio in figures["ratios"].items():  # type: ignore[attr-defined]
        lines.append(f"{name:47}{ratio:9.3f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--activities", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--partners", type=int, default=100_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--days", type=int, choices=(0, 1, 2), default=2, help="days to add")
    parser.add_argument("--memory-limit", default="4GB", help="of DuckDB (default: 4GB)")
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="where the figures go as JSON")
    given = parser.parse_args()
    results = []
    for activities in given.activities:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            results.append(Bench(Path(folder), activities, given).all())
        print(table(results[-1]) + "\n", flush=True)
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
