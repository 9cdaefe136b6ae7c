"""What a built programme holds: the inputs of the reference, and the results to compare with."""

from datetime import date, timedelta

from orchestration.contracts import load_contracts
from tests.python.pipeline.running import Programme
from tests.python.reference.figures import Activity, Certification, Partner, Profile, Rating
from tests.python.reference.policy import Policy


def number(value: object) -> float | None:
    return None if value is None else float(str(value))


def as_of(programme: Programme) -> date:
    """The Sunday of the last scored week."""
    ((day,),) = programme.rows("select as_of_on from activities.score_horizon")
    return day


def sources(programme: Programme) -> dict[str, date]:
    """The entities of which the programme has staged records, and until when each is fresh."""
    found = {}
    for contract in load_contracts().values():
        table = f"staging.stg_{contract.source}__{contract.entity}"
        event_time = contract.event_time
        ((rows, newest),) = programme.rows(
            f"""select count(*),
                    max(cast({event_time} as date)) filter (where {event_time} <= loaded_at)
                from {table}"""
        )
        if rows:
            fresh = timedelta(days=contract.warn_after_days)
            found[contract.name] = newest + fresh if newest else date.max
    return found


def is_active(programme: Programme, policy: Policy) -> bool:
    """Whether any activity that counts as active was reported."""
    kinds = [
        kind for kind, row in policy.activity_types.items() if row["counts_as_active"] == "true"
    ]
    ((count,),) = programme.rows(
        f"select count(*) from activities.activity_records where activity_type in {tuple(kinds)}"
    )
    return bool(count)


def partners(programme: Programme) -> dict[str, Partner]:
    """Partners as staged, with their activities, profiles and ratings."""
    newest = "where superseded_at is null"
    found = {
        row[0]: Partner(*row)
        for row in programme.rows(
            f"""select partner_id, track, tier, contract_signed_at, terminated_at, region, country,
                    industry
                from staging.stg_crm__partners {newest}"""
        )
    }
    for partner_id, *activity in programme.rows(
        """select partner_id, activity_type, counted_on, quantity, amount
           from activities.activities order by all"""
    ):
        kind, day, quantity, amount = activity
        found[partner_id].activities.append(Activity(kind, day, number(quantity), number(amount)))
    for partner_id, *certification in programme.rows(
        f"""select partner_id, coalesce(learner_id, certification_id), awarded_at, expires_at
            from staging.stg_learning__certifications {newest} order by certification_id"""
    ):
        if partner_id in found:
            found[partner_id].certifications.append(Certification(*certification))
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
