"""The pack for the quarterly review, written from the served release."""

import dagster as dg

from orchestration import publishing
from orchestration.assets.landing import owner_tag
from orchestration.review import review_pack
from orchestration.settings import Settings


@dg.asset(
    key=["review_pack"],
    group_name="review",
    deps=[dg.AssetKey(["release"])],
    owners=owner_tag("partner-operations"),
    kinds={"html"},
)
def review(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult:
    """A page for the people who decide about the framework: health, drift, misses, proposals."""
    served = publishing.find(settings)
    target = settings.reviews / f"{served.id}.html"
    with publishing.open_release(settings, served.id) as connection:
        for line in review_pack(connection, target):
            context.log.info(line)
    return dg.MaterializeResult(
        metadata={"release": served.id, "page": dg.MetadataValue.path(str(target))}
    )
