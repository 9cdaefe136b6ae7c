"""When the pipeline runs by itself: every day, and when new files have arrived."""

import dagster as dg

from orchestration.landing import pending
from orchestration.settings import Settings

score_partners = dg.define_asset_job(
    "score_partners",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="From the landing folder to a published release.",
)

every_day = dg.ScheduleDefinition(
    name="every_day",
    job=score_partners,
    cron_schedule="30 5 * * *",
    execution_timezone="UTC",
    description="Every morning, after the sources have delivered.",
)


@dg.sensor(job=score_partners, minimum_interval_seconds=300)
def new_files(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Runs once for each set of files that has arrived and is at rest."""
    waiting = pending(settings)
    if not waiting:
        return dg.SkipReason(f"nothing new in {settings.landing}")
    return dg.RunRequest(run_key=waiting.signature, tags={"new_files": str(waiting.files)})
