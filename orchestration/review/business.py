"""The business-review pack of one partner: an internal page for the meeting of a quarter.

It reads one release and nothing else, and shows no other partner's row.
"""

from pathlib import Path

import duckdb
from markupsafe import Markup

from orchestration.database import literal, quoted, rows_of
from orchestration.pages import Answer, Section, ask, in_words, write_page
from orchestration.pages.answers import marts_of
from orchestration.review.business_sections import NOT_SHOWN, PLANS, SECTIONS
from orchestration.review.pack import quarter_of

TEMPLATE = Path(__file__).with_name("business.html.j2")
ABOUT = "select release_id, as_of, framework from release.about"
PARTNER = "select * from marts.partner_scorecards where partner_id = $partner"
LISTED = (
    "Its partners: `partner-scoring query 'select partner_id, partner_name from partner_directory'`"
)
ALIKE = """
    select partner_id from marts.partner_scorecards
    where partner_id ilike $like or partner_name ilike $like order by partner_id limit 5
"""
TRAJECTORY = """
    select
        tenure_week, {outcome}_score, {outcome}_lower_quartile, {outcome}_median,
        {outcome}_upper_quartile
    from marts.partner_score_trajectories where partner_id = $partner order by tenure_week
"""
FACTS = (
    ("segment", "segment"),
    ("tier", "tier"),
    ("region", "region"),
    ("country", "country"),
    ("industry", "industry"),
    ("contract since", "contract_signed_at"),
    ("weeks of tenure", "tenure_week"),
    ("status", "status"),
    ("coverage", "coverage"),
    ("confidence", "confidence"),
)


class NoSuchPartner(LookupError):
    """The release has no such partner; the message names some that are alike."""


def business_review(release: duckdb.DuckDBPyConnection, partner: str, target: Path) -> list[str]:
    """Write the pack of a partner to `target`; gives a line for each section."""
    found = rows_of(release, PARTNER, {"partner": partner})
    if not found:
        raise NoSuchPartner(_unknown(release, partner))
    card = found[0]
    answers = [
        ask(release, section, {"partner": partner}) for section in (*SECTIONS, *_plans(release))
    ]
    about = rows_of(release, ABOUT)[0]
    write_page(
        TEMPLATE,
        target,
        **about,
        card=card,
        quarter=quarter_of(about["as_of"]),
        facts=[(name, in_words(card[column])) for name, column in FACTS],
        charts=[Markup(each) for each in _charts(release, partner, card["segment"])],
        strengths=_list(card["strengths"]),
        gaps=_list(card["gaps"]),
        answers=answers,
    )
    return [f"{each.section.title}: {each.said or _lines(each)}" for each in answers]


def _plans(release: duckdb.DuckDBPyConnection) -> list[Section]:
    """Sections for the marts of decisions, with whatever columns this release gives them."""
    there = marts_of(release)
    sections = []
    for title, look, mart, preferred in PLANS:
        columns = [
            row[0]
            for row in release.execute(
                "select column_name from duckdb_columns() where schema_name = 'marts' "
                f"and table_name = {literal(mart)} order by column_index"
            ).fetchall()
        ]
        if mart in there and "partner_id" not in columns:
            raise ValueError(f"marts.{mart} does not say which partner a row is about")
        shown = [column for column in preferred if column in columns] or [
            column for column in columns if column not in NOT_SHOWN
        ]
        listed = ", ".join(
            f"{quoted(column)} as {quoted(column.replace('_', ' '))}" for column in shown
        )
        sections.append(
            Section(
                title,
                look,
                (mart,),
                f"select {listed} from marts.{quoted(mart)} "
                "where partner_id = $partner order by all",
                "Nothing for this partner.",
            )
        )
    return sections


def _charts(release: duckdb.DuckDBPyConnection, partner: str, segment: str) -> list[str]:
    # Matplotlib takes a second to load; only a page needs it.
    from orchestration.pages import charts

    drawn = []
    for outcome, colour in (("revenue", charts.COLOURS[0]), ("engagement", charts.COLOURS[1])):
        points = release.execute(
            TRAJECTORY.format(outcome=outcome), {"partner": partner}
        ).fetchall()
        if any(own is not None for _, own, *_ in points):
            labels = ("this partner", f"middle half of {segment}", "week of tenure")
            drawn.append(charts.line_in_band(points, labels, f"{outcome} score", colour))
    return drawn


def _unknown(release: duckdb.DuckDBPyConnection, partner: str) -> str:
    like = release.execute(ALIKE, {"like": f"%{partner}%"}).fetchall()
    alike = f"Do you mean {', '.join(row[0] for row in like)}?" if like else LISTED
    return f"This release has no partner {partner}. {alike}"


def _list(reasons: str | None) -> list[str]:
    return [each.strip() for each in (reasons or "").split(";") if each.strip()]


def _lines(answer: Answer) -> str:
    return f"{len(answer.rows)} line{'' if len(answer.rows) == 1 else 's'}"
