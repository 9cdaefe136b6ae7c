"""The dbt unit tests: each formula against a case computed by hand (`_unit_tests_*.yml`)."""

import re
import subprocess
import sys
from pathlib import Path

from orchestration.settings import PROJECT_DIR, Settings


def test_every_formula_gives_what_was_computed_by_hand(built: Settings) -> None:
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "test"),
            *("--select", "test_type:unit", "--project-dir", str(PROJECT_DIR)),
        ],
        cwd=PROJECT_DIR,
        env=built.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    (passed,) = re.findall(r"Finished running .*?(\d+) unit tests", done.stdout)
    stated = [
        line
        for path in (PROJECT_DIR / "models").rglob("_unit_tests_*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("  - name: ")
    ]
    assert int(passed) == len(stated) > 50
