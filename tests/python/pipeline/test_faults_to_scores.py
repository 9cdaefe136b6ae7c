"""Faults of arriving files, followed from the file to the score (what landing alone shows is tested
in tests/python/landing)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import publishing
from orchestration.database import connect
from tests.python.pipeline.running import Programme

BOOKINGS = "booking_id,partner_id,booked_at,amount,currency,product_line,sourcing\n"
WithPartner = Callable[..., Programme]


def hash_of(programme: Programme) -> str:
    with connect(programme.settings(), read_only=True) as connection:
        return publishing.score_hash(connection)


def booking(
    number: int, *, day: str = "2024-03-04", amount: object = "100.00", **given: str
) -> str:
    at = given.get("at", f"{day}T10:00:00Z")
    sourcing = given.get("sourcing", "sourced")
    partner, currency = given.get("partner", "P1"), given.get("currency", "EUR")
    return f"B{number},{partner},{at},{amount},{currency},core,{sourcing}\n"


@pytest.fixture
def reasons(with_partner: WithPartner) -> dict[str, str]:
    """A file with one fault a line, built; what became of each booking."""
    programme = with_partner(1)
    faults = [
        booking(1),
        booking(2, amount="1,234.50").replace("1,234.50", '"1,234.50"'),
        booking(3, amount='"1.234,50"'),
        booking(4, at="1709546400"),
        booking(5, at="04/03/2024 10:00:00"),
        booking(6, at="2024-03-04T10:00:00 PM"),
        booking(7, at="2024-03-04T10:00:00+25:00"),
        booking(8, at="2024-03-04T10:00:00"),
        booking(9, at="2099-01-01T00:00:00Z"),
        booking(10, amount="-5"),
        booking(11, amount="NaN"),
        booking(12, amount="Infinity"),
        booking(13, amount="0x10"),
        booking(14, amount="12.7e1"),
        booking(15, currency="euro"),
        booking(16, sourcing="guessed"),
        booking(17, at="2024-02-30T10:00:00Z"),
        booking(18, currency="XYZ"),
        booking(19, amount=""),
        booking(20, partner="nobody"),
    ]
    programme.write("finance/bookings/all.csv", BOOKINGS + "".join(faults))
    report = programme.land()
    assert (report.rows_landed, report.lines_lost) == (len(faults) + 1, 0)
    programme.build()
    staged = programme.rows("select booking_id, 'staged' from staging.stg_finance__bookings")
    aside = programme.rows(
        "select record_id, reason from marts.set_aside_records where state = 'quarantined'"
    )
    held = programme.rows(
        "select record_id, reason from marts.set_aside_records where state = 'held'"
    )
    # What waits can be found: its row in the file, and whom it names.
    lines = [line.split(",")[0] for line in (BOOKINGS + "".join(faults)).splitlines()]
    waiting = programme.rows(
        "select record_id, named_partner_id, path, row_number from marts.set_aside_records "
        "where state = 'held' order by record_id"
    )
    assert [(key, partner) for key, partner, _, _ in waiting] == [("B18", "P1"), ("B20", "nobody")]
    for key, _, path, row in waiting:
        assert (path, lines[row - 1]) == ("finance/bookings/all.csv", key)
    assert len(staged) + len(aside) == len(faults)
    counted = programme.rows("select sum(amount), count(*) from activities.activities")
    return {**dict(staged), **dict(aside), **dict(held), "counted": str(counted[0])}


def test_i1_i16_i17_i19_i21_each_row_is_staged_quarantined_or_held(reasons: dict[str, str]):
    assert reasons["B1"] == "staged"
    not_decimal, not_time = "amount: not a plain decimal", "booked_at: not a timestamp"
    for number in (2, 3, 11, 12, 13, 14):
        assert reasons[f"B{number}"].startswith(not_decimal), number
    for number in (4, 5, 6, 7, 8, 17):
        assert reasons[f"B{number}"].startswith(not_time), number
    assert reasons["B9"] == "booked_at: in the future"
    assert reasons["B10"] == "amount: below 0"
    assert reasons["B15"].startswith("currency: not like")
    assert reasons["B16"].startswith("sourcing: not one of")
    assert reasons["B18"] == "no exchange rate for XYZ"
    assert reasons["B19"] == "amount: missing"
    assert reasons["B20"] == "unknown partner"
    # Only the sound booking is counted.
    assert reasons["counted"] == "(Decimal('100.00'), 1)"


def many_bookings() -> list[str]:
    return [
        booking(number, day=f"2024-0{2 + number % 5}-{1 + number % 28:02d}", amount=100 + number)
        for number in range(120)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", ["I5 columns in another order", "I7 mark, CRLF, no last newline", "I3 a new column"]
)
def test_the_look_of_a_file_changes_no_score(with_partner: WithPartner, tmp_path: Path, fault: str):
    programme = with_partner(2)
    lines = many_bookings()
    programme.write("finance/bookings/all.csv", BOOKINGS + "".join(lines))
    programme.land()
    programme.build()
    expected = hash_of(programme)

    rows = [line.rstrip("\n").split(",") for line in [BOOKINGS, *lines]]
    if fault.startswith("I5"):
        changed = "\n".join(",".join(reversed(row)) for row in rows).encode()
    elif fault.startswith("I7"):
        changed = b"\xef\xbb\xbf" + "\r\n".join(",".join(row) for row in rows).encode()
    else:
        changed = "\n".join(",".join([*row, "mood"]) for row in rows).encode()
    other = Programme(tmp_path / "other")
    other.write(
        "crm/partners/partners.csv", (programme.landing / "crm/partners/partners.csv").read_bytes()
    )
    other.write("finance/bookings/all.csv", changed)
    other.land()
    other.build()
    assert hash_of(other) == expected
    unknown = other.rows("select unknown_columns from landing.files where entity = 'bookings'")
    assert unknown == [("mood",)] if fault.startswith("I3") else unknown == [(None,)]


def test_i20_a_record_that_comes_twice_counts_once_whatever_the_order_of_files(
    with_partner: WithPartner, tmp_path: Path
):
    """The same id in one file and in several, with other content: one of them counts, and it is the
    same one when the files are named the other way round."""
    one, two = booking(1, amount="100.00"), booking(1, amount="250.00")
    amounts = set()
    for folder, (first, second) in {"ab": (one, two), "ba": (two, one)}.items():
        programme = Programme(tmp_path / folder)
        source = with_partner(1).landing / "crm/partners/partners.csv"
        programme.write("crm/partners/partners.csv", source.read_bytes())
        programme.write("finance/bookings/a.csv", BOOKINGS + first + first)
        programme.write("finance/bookings/b.csv", BOOKINGS + second)
        programme.land()
        programme.build()
        assert programme.rows("select count(*) from staging.stg_finance__bookings") == [(3,)]
        ((amount, count),) = programme.rows(
            "select sum(amount), count(*) from activities.activities"
        )
        assert count == 1
        amounts.add(amount)
    assert len(amounts) == 1


def test_i21_an_activity_of_an_unknown_partner_waits_until_the_partner_arrives(
    with_partner: WithPartner,
):
    programme = with_partner(1)
    programme.write("finance/bookings/all.csv", BOOKINGS + booking(1) + booking(2, partner="P2"))
    programme.write(
        "feedback/ratings/all.csv",
        "rating_id,partner_id,rater_id,rated_at,dimension,rating,note\n"
        "R1,P2,manager,2024-03-05T10:00:00Z,relationship,4,\n",
    )
    programme.land()
    programme.build(as_of="2024-03-31")
    assert programme.rows("select partner_id from activities.held_activities") == [("P2",)]
    # What is no activity waits too, and is told.
    held = "select record_id from marts.set_aside_records where state = 'held' order by all"
    assert programme.rows(held) == [("B2",), ("R1",)]
    assert programme.rows("select count(*) from activities.activities") == [(1,)]

    late = (programme.landing / "crm/partners/partners.csv").read_text().replace("P1", "P2")
    programme.write("crm/partners/late.csv", late)
    programme.land()
    programme.build(as_of="2024-03-31")
    assert programme.rows("select count(*) from activities.held_activities") == [(0,)]
    assert programme.rows(held) == []
    weeks = "select sum(sourced_revenue_cents) from partners.partner_weeks where partner_id = 'P2'"
    assert programme.rows(weeks) == [(10000,)]


def test_a_record_that_is_withdrawn_counts_no_more_until_it_is_sent_again(
    with_partner: WithPartner,
):
    programme = with_partner(1)
    weeks = "select sum(sourced_revenue_cents), sum(active_activities) from partners.partner_weeks"
    header = BOOKINGS.replace("\n", ",withdrawn_at\n")
    stands, gone = (booking(2).replace("\n", f",{at}\n") for at in ("", "2024-03-20T08:00:00Z"))
    programme.write("finance/bookings/all.csv", BOOKINGS + booking(1) + booking(2))
    found = []
    for name, record in (("withdrawn", gone), ("again", stands)):
        programme.land()
        programme.build(as_of="2024-03-31")
        found += programme.rows(weeks)
        programme.write(f"finance/bookings/{name}.csv", header + record)
    programme.land()
    programme.build(as_of="2024-03-31")
    assert [*found, *programme.rows(weeks)] == [(20000, 2), (10000, 1), (20000, 2)]


def test_only_the_partners_are_required(with_partner: WithPartner):
    """One source gives an honest score: breadth says how little of the framework it can measure."""
    programme = with_partner(3)
    programme.write("finance/bookings/all.csv", BOOKINGS + "".join(many_bookings()))
    programme.land()
    programme.build()
    ((breadth,),) = programme.rows(
        """select breadth from marts.framework_breadth
           where segment = 'reseller' and outcome = 'revenue' and is_in_force"""
    )
    assert 0 < breadth < 0.5
    applicable = programme.rows(
        "select metric from metrics.metric_availability where is_applicable"
    )
    assert {metric for (metric,) in applicable} == {
        "active_weeks_rate", "days_since_active", "revenue_momentum", "sourced_revenue",
    }  # fmt: skip
    ((weights,),) = programme.rows(
        """select count(*) from (
            select sum(weight) as total from frameworks.effective_weights
            group by framework, segment, outcome, tenure_week)
           where abs(total - 1) > 1e-9"""
    )
    assert weights == 0
