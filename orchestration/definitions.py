"""What Dagster loads: assets, checks, schedules and the resources that they use. No logic here.

`partner-scoring ui` opens it; `dagster dev -m orchestration.definitions` does the same.
"""

import sys
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from orchestration.assets.landing import raw_tables
from orchestration.assets.release import release
from orchestration.assets.review import review
from orchestration.assets.warehouse import warehouse
from orchestration.assets.writer import writable
from orchestration.checks import arrival_gate, release_gate
from orchestration.progress import progress_logger
from orchestration.schedules import (
    every_day,
    every_quarter,
    new_files,
    score_partners,
    write_review,
)
from orchestration.settings import PROJECT_DIR, Settings


def resources_of(settings: Settings) -> dict[str, object]:
    """What assets ask for: settings to read by and to write by, and dbt bound to their folders."""
    return {
        "settings": settings,
        "writable": writable,
        "dbt": DbtCliResource(
            project_dir=str(PROJECT_DIR),
            profiles_dir=str(PROJECT_DIR),
            dbt_executable=str(Path(sys.executable).with_name("dbt")),
            target_path=settings.dbt_target,
        ),
    }


definitions = dg.Definitions(
    assets=[raw_tables, warehouse, release, review],
    asset_checks=[arrival_gate, release_gate],
    jobs=[score_partners, write_review],
    schedules=[every_day, every_quarter],
    sensors=[new_files],
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "progress": progress_logger},
    resources=resources_of(Settings()),
)
