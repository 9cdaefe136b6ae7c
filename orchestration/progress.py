"""Progress for people: what the stages say, without Dagster's own events.

The command line runs the job with this logger; the web server has its own view of the same lines.
"""

import logging

import dagster as dg

# What dagster-dbt says about how it calls dbt.
NOISE = (
    "A dbt subsetted execution",
    "Copying `",
    "Running dbt command",
    "Finished dbt command",
    "Logging an `AssetObs",
    "Dependencies for step",
)
LISTENER = logging.getLogger("partner_scoring.progress")


class _StageMessages(logging.Handler):
    """Passes on what an asset said, and drops what Dagster reports about itself."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None) or {}
        # Messages about skipped steps belong to no step.
        said = meta.get("orig_message")
        by_a_step = meta.get("dagster_event") is None and meta.get("step_key")
        if said and by_a_step and not said.startswith(NOISE):
            LISTENER.log(record.levelno, said)


@dg.logger({}, description="Lines that stages write, for the console.")
def progress_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    made = logging.Logger("partner_scoring", level=logging.INFO)
    made.addHandler(_StageMessages())
    return made
