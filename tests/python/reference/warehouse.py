"""What a built programme holds: the inputs of the reference, and the results to compare with."""

from datetime import date

from tests.python.pipeline.running import Programme
from tests.python.reference.figures import Activity, Partner, Profile, Rating


def number(value: object) -> float | None:
    return None if value is None else float(str(value))


def as_of(programme: Programme) -> date:
    """The Sunday of the last scored week."""
    ((day,),) = programme.rows("select as_of_on from activities.score_horizon")
    return day


def sources(programme: Programme) -> list[str]:
    """The entities of which the programme has staged records."""
    tables = programme.rows(
        "select table_name from information_schema.tables where starts_with(table_name, 'stg_')"
    )
    union = " union all ".join(
        f"select '{table}' where exists (select 1 from staging.{table})" for (table,) in tables
    )
    return [table.removeprefix("stg_").replace("__", ".") for (table,) in programme.rows(union)]


def partners(programme: Programme) -> dict[str, Partner]:
    """Partners as staged, with their activities, profiles and ratings."""
    newest = "where superseded_at is null"
    found = {
        row[0]: Partner(*row)
        for row in programme.rows(
            f"""select partner_id, track, tier, contract_signed_at, terminated_at
                from staging.stg_crm__partners {newest}"""
        )
    }
    for partner_id, *activity in programme.rows(
        """select partner_id, activity_type, counted_on, quantity, amount
           from activities.activities order by all"""
    ):
        kind, day, quantity, amount = activity
        found[partner_id].activities.append(Activity(kind, day, number(quantity), number(amount)))
    for partner_id, at, *counts in programme.rows(
        f"""select partner_id, profiled_at, matched_accounts, icp_accounts, reachable_accounts,
                compatible_accounts, channel_rubric
            from staging.stg_accounts__profiles {newest} order by profile_id"""
    ):
        if partner_id in found:
            found[partner_id].profiles.append(Profile(at, *map(number, counts)))  # type: ignore
    for partner_id, at, rater, dimension, rating in programme.rows(
        f"""select partner_id, rated_at, coalesce(rater_id, rating_id), dimension, rating
            from staging.stg_feedback__ratings {newest} order by rating_id desc"""
    ):
        if partner_id in found:
            found[partner_id].ratings.append(Rating(at, rater, dimension, float(rating)))
    return found
