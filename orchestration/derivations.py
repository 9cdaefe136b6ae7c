"""What Python works out once the models are built, table by table of the schema `derived`.

The list is here; how each is worked out is in its stage. Called after dbt, by a run and by the
rebuild of a release, in this order.
"""

from orchestration import derived, experiments
from orchestration.database import connect
from orchestration.governance import column_lineage
from orchestration.lineage import ColumnLineage
from orchestration.settings import Settings


def work_out(settings: Settings, lineage: ColumnLineage | None) -> None:
    """Fill every derived table from the working database. Without lineage it stays empty."""
    with connect(settings) as connection:
        derived.ensure_tables(connection)
        rows = column_lineage.rows(lineage.found, lineage.dependencies) if lineage else []
        derived.write(connection, "column_lineage", rows)
    experiments.analyse(settings)
