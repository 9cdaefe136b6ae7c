"""The warehouse for as long as a run of Dagster writes to it: no run without the lock.

Steps that write take their settings from here, so a run has the warehouse to itself from before its
first step until after its last, whoever started it and whichever of the assets were chosen. That
rests on the executor: within one process a resource is made once for a whole run.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.locking import single_writer
from orchestration.settings import Settings


@dg.resource(
    required_resource_keys={"settings"},
    description="The settings, for steps that write: the run holds the lock of the warehouse.",
)
def writable(context: dg.InitResourceContext) -> Iterator[Settings]:
    """Raises Busy, which ends the run before its first step, when another holds the warehouse."""
    settings: Settings = context.resources.settings
    run = context.run
    purpose = f"Dagster run {run.run_id[:8]} of {run.job_name}" if run else "a step of Dagster"
    with single_writer(settings, purpose):
        yield settings
