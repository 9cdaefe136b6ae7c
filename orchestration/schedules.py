"""When things run by themselves: the pipeline every day and when new files have arrived, the review
every quarter."""

import time
from datetime import UTC, datetime

import dagster as dg

from orchestration import pipeline
from orchestration.landing import pending
from orchestration.locking import holder, in_words
from orchestration.settings import Settings

FILES = "files_that_started_it"
"""Tag of a run: the very set of files that the sensor started it for."""
REST = 3600
"""Seconds after a run that failed before the sensor starts one for the same files again. Most
faults need a person, and five minutes later nobody has looked."""

score_partners = dg.define_asset_job(
    "score_partners",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("review"),
    executor_def=dg.in_process_executor,
    description="From the landing folder to a published release.",
)


def _busy(settings: Settings) -> dg.SkipReason | None:
    """Why nothing starts now: a run beside the one that writes could only fail, and what there is
    to do is not known before that one ends."""
    found = holder(settings)
    return None if found is None else dg.SkipReason(f"the warehouse is held by {in_words(found)}")


@dg.schedule(job=score_partners, cron_schedule="30 5 * * *", execution_timezone="UTC")
def every_day(settings: dg.ResourceParam[Settings]) -> dg.RunRequest | dg.SkipReason:
    """Every morning, after the sources have delivered, if there is anything new."""
    if busy := _busy(settings):
        return busy
    if made := pipeline.nothing_to_do(settings):
        return dg.SkipReason(f"nothing new: release {made.id} was made from the same")
    return dg.RunRequest()


write_review = dg.define_asset_job(
    "write_review",
    selection=dg.AssetSelection.groups("review"),
    executor_def=dg.in_process_executor,
    description="The pack for the quarterly review, from the served release.",
)

every_quarter = dg.ScheduleDefinition(
    name="every_quarter",
    job=write_review,
    # A week after the quarter: its last records have arrived by then.
    cron_schedule="0 7 8 1,4,7,10 *",
    execution_timezone="UTC",
    description="On the eighth day of each quarter, about the one before.",
)


@dg.sensor(job=score_partners, minimum_interval_seconds=300)
def new_files(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.RunRequest | dg.SkipReason:
    """Runs once for each set of files that has arrived and is at rest, and an hour after a run
    that failed before they had landed once more: Dagster starts no second run of the same key."""
    if busy := _busy(settings):
        return busy
    waiting = pending(settings)
    if not waiting:
        return dg.SkipReason(f"nothing new in {settings.landing}")
    failed = context.instance.get_run_records(
        dg.RunsFilter(
            job_name=score_partners.name,
            tags={FILES: waiting.signature},
            statuses=[dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
        )
    )
    again = REST + max((each.update_timestamp.timestamp() for each in failed), default=-REST)
    if time.time() < again:
        return dg.SkipReason(
            f"the run of these {waiting.files} files failed; the next one starts after "
            f"{datetime.fromtimestamp(again, UTC):%H:%M} UTC, or by hand"
        )
    return dg.RunRequest(
        run_key=f"{waiting.signature}-{len(failed)}" if failed else waiting.signature,
        tags={"new_files": str(waiting.files), FILES: waiting.signature},
    )
