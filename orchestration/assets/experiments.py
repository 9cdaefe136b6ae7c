"""Results of experiments: tested between the counts of dbt and the release, which shows them."""

import dagster as dg

from orchestration import experiments
from orchestration.assets.landing import WRITER, owner_tag
from orchestration.settings import Settings

# Not the key of dbt's source of the same tables: its marts would then have to be built after this,
# and dbt would start twice.
EXPERIMENT_ANALYSIS = dg.AssetKey(["experiments", "experiment_analysis"])
MADE_FROM = (
    ("experiments", "experiment_balance"),
    ("experiments", "experiment_outcomes"),
    ("experiments", "experiment_statistics"),
    ("marts", "experiment_plans"),
)


@dg.asset(
    key=EXPERIMENT_ANALYSIS,
    group_name="experiments",
    deps=[dg.AssetKey(list(key)) for key in MADE_FROM],
    owners=owner_tag("partner-operations"),
    kinds={"python", "duckdb"},
    pool=WRITER,
)
def experiment_analysis(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """Estimates, intervals and recommendations by the plan; shown by two marts."""
    report = experiments.analyse(settings)
    for each in report.verdicts:
        context.log.info(f"experiment {each['experiment']}: {each['recommendation']}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(report.results),
            **{
                f"{each['experiment']} {each['arm']}": f"{each['recommendation']}: {each['reason']}"
                for each in report.verdicts
            },
        }
    )
