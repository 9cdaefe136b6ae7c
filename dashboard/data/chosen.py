"""The partners that the four filters leave, and what can be chosen in them."""

import pandas as pd

from dashboard.reader import Reader

ALL = "all"
NONE = "none"
FILTERS = ("segment", "tier", "region", "cohort")
COHORT = (
    "year(contract_signed_at) || '-H' || case when month(contract_signed_at) <= 6 then 1 else 2 end"
)
# `with` that every question about many partners begins with: one row per partner that is left.
CHOSEN = f"""
    with labelled as (
        select
            *,
            {COHORT} as cohort
        from marts.partner_scorecards
    ),

    chosen as (
        select *
        from labelled
        where
            ($segment = 'all' or segment = $segment)
            and ($tier = 'all' or coalesce(tier, 'none') = $tier)
            and ($region = 'all' or coalesce(region, 'none') = $region)
            and ($cohort = 'all' or cohort = $cohort)
    )
"""


def options(reader: Reader, column: str) -> list[dict[str, str]]:
    """What a filter offers, from the current release."""
    if column not in FILTERS:
        raise ValueError(f"There is no filter {column!r}.")
    expression = COHORT if column == "cohort" else f"coalesce({column}, '{NONE}')"
    found = reader.frame(
        f"select distinct {expression} as value from marts.partner_scorecards order by value"
    )
    plural = {"tier": "All tiers", "region": "All regions", "cohort": "All intakes"}
    return [
        {"label": plural.get(column, "All segments"), "value": ALL},
        *({"label": value, "value": value} for value in found["value"]),
    ]


def partners(reader: Reader) -> list[dict[str, str]]:
    """Every partner by name; the identifier tells namesakes apart."""
    found = reader.frame(
        "select partner_id, partner_name from marts.partner_scorecards "
        "order by partner_name, partner_id"
    )
    return [
        {"label": f"{row.partner_name} ({row.partner_id})", "value": row.partner_id}
        for row in found.itertuples()
    ]


def metrics(reader: Reader) -> list[dict[str, str]]:
    found = reader.frame("select metric from marts.metric_registry order by metric")
    return [{"label": name.replace("_", " "), "value": name} for name in found["metric"]]


def stamp(reader: Reader, **filters: str) -> pd.DataFrame:
    """One row: which release this is, and how many of its partners the filters leave."""
    return reader.frame(
        CHOSEN
        + """
        select
            about.release_id, about.as_of, about.published_at, about.framework, about.partners,
            (select count(*) from chosen) as chosen
        from release.about as about""",
        **filters,
    )
