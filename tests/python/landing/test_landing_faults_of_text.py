"""Faults I1 to I12 and I14 to I21 as far as landing alone can show them (see docs).

What staging does with a value that is no number or no time is tested with the pipeline; landing
owes it the text as it arrived.
"""

import tracemalloc

import pytest

from tests.python.landing.landing_fixtures import ACTIVITIES, Landing, activities, activity

PATH = "crm/activities/a.csv"
REQUESTS = "request_id,partner_id,requested_at,responded_at"
FUNDS = (
    "fund_id,partner_id,purpose,allocated_at,period_end,allocated_amount,claimed_at,"
    "claimed_amount,currency"
)


def test_I1_one_value_of_the_wrong_type_in_60000_rows_lands_untouched(landing: Landing) -> None:
    lines = activities(range(60_000)).splitlines()
    lines[41_000] = activity(40_999, occurred_at="yesterday")
    outcome = landing.land_one(PATH, "\n".join(lines) + "\n")
    assert (outcome.rows_landed, outcome.lines_rejected) == (60_000, 0)
    found = landing.rows("crm.activities where occurred_at = 'yesterday'", "_row_number")
    assert found == [(41_001,)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [("a,b,c", "3 values where the header has 6 columns"), (activity(1) + ",x", "7 values")],
    ids=["few", "many"],
)
@pytest.mark.parametrize("rows", [10, 60_000])
def test_I2_a_line_with_other_than_all_fields_is_rejected_with_its_text(
    landing: Landing, bad: str, reason: str, rows: int
) -> None:
    lines = activities(range(rows)).splitlines()
    lines.insert(6, bad)
    outcome = landing.land_one(PATH, "\n".join(lines))
    assert (outcome.rows_landed, outcome.lines_rejected) == (rows, 1)
    ((line, why, text),) = landing.rejects()
    assert (line, text) == (7, bad)
    assert reason in why
    numbers = landing.rows("crm.activities", "_row_number")
    assert [n for (n,) in numbers] == [*range(2, 7), *range(8, rows + 3)]


@pytest.mark.parametrize("rows", [2, 60_000])
@pytest.mark.parametrize("quote", ["", '"'], ids=["plain", "quoted"])
def test_I2_a_header_that_fits_no_line_quarantines_the_file(
    landing: Landing, rows: int, quote: str
) -> None:
    value = f"{quote}x{quote and ','}{quote}"
    lines = [f"{activity(n)},{value}" for n in range(rows)]
    outcome = landing.land_one(PATH, "\n".join([ACTIVITIES, *lines]))
    assert (outcome.status, outcome.lines_rejected) == ("quarantined", 0)
    assert outcome.reason == (
        "every line below the first has 7 values where the header has 6 columns"
    )
    assert landing.rejects() == landing.rows("crm.activities") == []


def test_I2_lines_of_which_one_fits_are_rejected_one_by_one(landing: Landing) -> None:
    lines = [ACTIVITIES, *(activity(n) + ",x" for n in range(9)), activity(9)]
    outcome = landing.land_one(PATH, "\n".join(lines))
    assert (outcome.status, outcome.rows_landed, outcome.lines_rejected) == ("landed", 1, 9)


def test_I3_a_new_column_is_reported_and_not_landed(landing: Landing) -> None:
    lines = [ACTIVITIES + ",mood", *(activity(n) + ",fine" for n in range(5))]
    outcome = landing.land_one(PATH, "\n".join(lines))
    assert (outcome.unknown_columns, outcome.rows_landed) == ("mood", 5)
    assert len(landing.rows("crm.activities")[0]) == 7 + 4


@pytest.mark.parametrize("header", ["occurred", None], ids=["renamed", "missing"])
def test_I4_a_required_column_missing_or_renamed_quarantines_the_file(
    landing: Landing, header: str | None
) -> None:
    names = ACTIVITIES.split(",")
    if header:
        names[2] = header
        rows = [activity(1)]
    else:
        del names[2]
        rows = ["a1,p1,call,inbound,x@y.example"]
    outcome = landing.land_one(PATH, "\n".join([",".join(names), *rows]))
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and "occurred_at" in outcome.reason
    assert outcome.remedy
    assert landing.rows("crm.activities") == []


def test_I4_a_file_without_a_header_does_not_show_its_values(landing: Landing) -> None:
    outcome = landing.land_one(PATH, activity(1) + "\n")
    assert outcome.status == "quarantined"
    assert "person1@" not in f"{outcome}"


def test_I5_columns_in_another_order_land_the_same(landing: Landing) -> None:
    landing.write("crm/requests/a.csv", f"{REQUESTS}\nr1,p1,2025-01-01,2025-01-02\n")
    landing.write(
        "crm/requests/b.csv",
        "responded_at,requested_at,partner_id,request_id\n2025-01-02,2025-01-01,p1,r1\n",
    )
    landing.land()
    first, second = landing.rows("crm.requests", REQUESTS)
    assert first == second == ("r1", "p1", "2025-01-01", "2025-01-02")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (activities(range(3)).replace(",", ";"), "semicolon"),
        (activities(range(3)).replace(",", "\t"), "a tab"),
        ("Activities of March\n\n" + activities(range(3)), "2 line(s) stand before it"),
        (activities(range(3), ACTIVITIES + ",kind"), "'kind' occurs twice"),
        (
            activities(range(3), ACTIVITIES.replace("kind,", "")).replace(",", ";"),
            "a semicolon, not by a comma; it lacks kind as well",
        ),
        (activities(range(3), ACTIVITIES.title()), "instead"),
        (activities(range(3), ACTIVITIES.replace(",", ", ")), "the file has ' partner_id'"),
    ],
    ids=["semicolon", "tab", "preamble", "duplicate", "semicolon-few", "case", "blanks"],
)
def test_I6_a_wrong_header_quarantines_the_file(landing: Landing, content: str, words: str) -> None:
    outcome = landing.land_one(PATH, content)
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and words in outcome.reason


def test_I6_another_delimiter_lands_where_the_contract_names_it(landing: Landing) -> None:
    landing.change("crm.activities", delimiter=";")
    outcome = landing.land_one(PATH, activities(range(3)).replace(",", ";"))
    assert (outcome.status, outcome.rows_landed) == ("landed", 3)


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("last", [True, False], ids=["newline", "no-newline"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_I7_marks_and_line_ends_change_nothing(
    landing: Landing, ending: str, mark: bytes, last: bool, name: str
) -> None:
    text = activities(range(4)).replace("\n", ending)
    data = mark + (text if last else text.removesuffix(ending)).encode()
    outcome = landing.land_one(
        f"crm/activities/{name}", data.decode() if name.endswith("gz") else data
    )
    assert (outcome.rows_landed, outcome.physical_lines) == (4, 5)
    assert [row[:2] for row in landing.rows("crm.activities")] == [
        (f"a{n}", f"p{n}") for n in range(4)
    ]
    assert {row[4] for row in landing.rows("crm.activities")} == {"inbound"}


PARTNERS = (
    "partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,updated_at"
)
PARTNER = "p1,Café Ñandú,reseller,gold,south,BR,food,2025-01-01T00:00Z,2025-01-01T00:00Z"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252", "utf-16-le"])
def test_I8_another_encoding_is_quarantined_or_exact_if_named(
    landing: Landing, encoding: str
) -> None:
    path, data = "crm/partners/p.csv", f"{PARTNERS}\n{PARTNER}\n".encode(encoding)
    outcome = landing.land_one(path, data)
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and ("UTF" in outcome.reason or "NUL" in outcome.reason)
    landing.change("crm.partners", encoding=encoding)
    (again,) = landing.land().files  # the same bytes, but another contract judges them
    assert (again.status, again.file_id) == ("landed", outcome.file_id)
    assert landing.rows("crm.partners", "partner_name") == [("Café Ñandú",)]


def test_I8_bytes_that_the_named_encoding_does_not_know_are_quarantined(landing: Landing) -> None:
    landing.change("crm.partners", encoding="cp1252")
    data = f"{PARTNERS}\n{PARTNER}\n".encode("cp1252").replace(b"food", b"fo\x81d")
    outcome = landing.land_one("crm/partners/p.csv", data)
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and "cp1252" in outcome.reason


def test_I9_quoted_values_are_exact(landing: Landing) -> None:
    names = ["plain", 'say "hi"', "a, b", "two\nlines", "dos\r\nlines\n\nend", '"', ",\n,", " x "]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    rows = [PARTNER.replace("Café Ñandú", name) for name in quoted]
    outcome = landing.land_one("crm/partners/p.csv", "\n".join([PARTNERS, *rows]) + "\n")
    assert (outcome.rows_landed, outcome.continuation_lines) == (8, 5)
    found = landing.rows("crm.partners", "partner_name, _row_number")
    assert found == list(zip(names, [2, 3, 4, 5, 7, 11, 12, 14], strict=True))


@pytest.mark.parametrize("blank", ["", "\n"], ids=["fast", "careful"])
def test_I9_inches_and_empty_values(landing: Landing, blank: str) -> None:
    rows = [PARTNER.replace("Café Ñandú", name) for name in ('5" pipe', '""', "", '3" x 4"')]
    landing.land_one("crm/partners/p.csv", "\n".join([PARTNERS, *rows]) + "\n" + blank)
    names = [name for (name,) in landing.rows("crm.partners", "partner_name")]
    assert names == ['5" pipe', None, None, '3" x 4"']


@pytest.mark.parametrize("rows", [10, 120_000])
@pytest.mark.parametrize("at", [0, 5, -1], ids=["first", "middle", "last"])
def test_I10_an_unclosed_quote_costs_its_line_and_no_other(
    landing: Landing, rows: int, at: int
) -> None:
    lines = [activity(n) for n in range(rows)]
    lines[at] = activity(0, activity_id='"broken')
    outcome = landing.land_one(PATH, "\n".join([ACTIVITIES, *lines]) + "\n")
    assert (outcome.rows_landed, outcome.lines_rejected) == (rows - 1, 1)
    ((_, reason, text),) = landing.rejects()
    assert text == lines[at] and "never closed" in reason


def test_I10_an_unclosed_quote_before_a_quoted_value(landing: Landing) -> None:
    lines = [
        activity(1, kind='"call'),
        activity(2),
        activity(3, kind='"meeting"'),
        activity(4, kind='"say ""x"""'),
    ]
    outcome = landing.land_one(PATH, "\n".join([ACTIVITIES, *lines]) + "\n")
    assert (outcome.rows_landed, outcome.lines_rejected) == (3, 1)
    kinds = [kind for (kind,) in landing.rows("crm.activities", "kind")]
    assert kinds == ["call", "meeting", 'say "x"']


def test_I10_no_row_is_made_up_from_the_middle_of_a_value(landing: Landing) -> None:
    broken = activity(1, kind='"he said "hi"\n' + activity(666, direction='there" ok'))
    outcome = landing.land_one(PATH, f"{ACTIVITIES}\n{broken}\n{activity(2)}\n")
    assert (outcome.rows_landed, outcome.lines_rejected) == (1, 2)
    assert landing.rows("crm.activities", "activity_id") == [("a2",)]


@pytest.mark.parametrize("byte", ["\0", "\r"], ids=["NUL", "CR"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_I11_nul_and_lone_carriage_returns_quarantine_the_file(
    landing: Landing, byte: str, name: str
) -> None:
    text = activities(range(1000))
    content = text[:20_000] + byte + text[20_000:]
    outcome = landing.land_one(f"crm/activities/{name}", content)
    line = text.count("\n", 0, 20_000) + 1
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and f"line {line} holds" in outcome.reason


@pytest.mark.parametrize("content", ["", ACTIVITIES, ACTIVITIES + "\n", "\n\n", "\ufeff"])
def test_I12_an_empty_file_or_only_a_header_is_recorded(landing: Landing, content: str) -> None:
    outcome = landing.land_one(PATH, content)
    assert (outcome.status, outcome.rows_landed) == ("landed", 0)
    assert outcome.header_lines == (1 if ACTIVITIES in content else 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        ("a.csv", b"\xef\xbb\xbf\n <HTML><body>Log in", "web page"),
        ("a.csv.gz", "<html><body>Log in", "web page"),
        ("a.jsonl", b"<?xml version='1.0'?><error/>", "XML"),
        ("a.csv", b"PK\x03\x04" + b"x" * 100, "Excel"),
        ("a.csv", b"PAR1" + b"x" * 100 + b"PAR1", "Parquet"),
        ("a.csv", b"\x1f\x8b\x08" + b"x" * 100, "gzip"),
        ("a.csv.gz", ACTIVITIES.encode(), "something else"),
        ("a.csv.gz", b"", "empty"),
        ("a.csv", b'{"activity_id": "a1"}\n', "JSON"),
        ("a.parquet", ACTIVITIES.encode(), "something else"),
        ("a.xlsx", b"PK\x03\x04", "ending of its name"),
    ],
)
def test_I14_another_type_is_quarantined(
    landing: Landing, name: str, content: str | bytes, words: str
) -> None:
    outcome = landing.land_one(f"crm/activities/{name}", content)
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and words in outcome.reason


def test_I15_a_field_of_5_MB_lands_exactly(landing: Landing) -> None:
    big = "x, y\n" * 1_000_000
    row = PARTNER.replace("Café Ñandú", f'"{big}"')
    outcome = landing.land_one("crm/partners/p.csv", f"{PARTNERS}\n{PARTNER}\n{row}\n{PARTNER}\n")
    assert outcome.rows_landed == 3
    assert [name for (name,) in landing.rows("crm.partners", "partner_name")][1] == big


def test_I15_100000_columns_are_refused(landing: Landing) -> None:
    header = ACTIVITIES + "".join(f",c{n}" for n in range(100_000))
    outcome = landing.land_one(PATH, header + "\n")
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and "100,006 columns" in outcome.reason


def test_I15_a_value_that_swallows_the_file_is_bounded(landing: Landing) -> None:
    landing.write(PATH, ACTIVITIES + "\n" + "x" * (60 << 20))
    tracemalloc.start()
    (outcome,) = landing.land().files
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and "longer than 32 MB" in outcome.reason
    assert peak < 300 << 20


def fund(allocated: str, claimed: str = "") -> str:
    return f"f1;p1;marketing;2025-01-01T00:00Z;2025-12-31T00:00Z;{allocated};;{claimed};EUR"


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "plain"),
    [
        (".", None, "1,234.50", "1,234.50"),  # no locale named: untouched, staging quarantines
        (".", None, "1.234,50", "1.234,50"),
        (",", ".", "1.234,50", "1234.50"),
        (",", ".", "-1.234.567,5", "-1234567.5"),
        (",", ".", "1234,50", "1234.50"),
        (",", ".", "12", "12"),
        (",", ".", "12.34.567,5", "12.34.567,5"),
        (".", ",", "1,234.50", "1234.50"),
        (",", "'", "1'234,50", "1234.50"),
        (",", None, "12,5", "12.5"),
    ],
)
def test_I16_numbers_are_exact_only_where_the_contract_names_the_locale(
    landing: Landing, decimal: str, thousands: str | None, text: str, plain: str
) -> None:
    landing.change(
        "marketing.funds",
        delimiter=";",
        decimal_separator=decimal,
        thousands_separator=thousands,
    )
    header = FUNDS.replace(",", ";")
    outcome = landing.land_one("marketing/funds/f.csv", f"{header}\n{fund(text)}\n")
    assert outcome.rows_landed == 1
    assert landing.rows("marketing.funds", "allocated_amount") == [(plain,)]


def test_I16_a_number_that_would_be_read_as_another_is_rejected(landing: Landing) -> None:
    landing.change("marketing.funds", delimiter=";", decimal_separator=",")
    header = FUNDS.replace(",", ";")
    lines = [fund("1,50"), fund("1.234"), fund("2")]
    outcome = landing.land_one("marketing/funds/f.csv", "\n".join([header, *lines]))
    assert (outcome.rows_landed, outcome.lines_rejected) == (2, 1)
    ((line, reason, text),) = landing.rejects()
    assert (line, text) == (3, fund("1.234")) and "allocated_amount" in reason


@pytest.mark.parametrize(
    "text",
    ["1735689600", "31/12/2025", "12/31/25 11:59 PM", "2025-01-01T00:00:00+25:00", "NaN", "soon"],
)
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_I17_no_time_is_guessed(landing: Landing, text: str, zone: str | None) -> None:
    landing.change("crm.requests", timezone=zone)
    landing.land_one("crm/requests/r.csv", f"{REQUESTS}\nr1,p1,{text},\n")
    assert landing.rows("crm.requests", "requested_at, _note") == [(text, None)]


@pytest.mark.parametrize(
    ("text", "exact", "flag"),
    [
        ("2025-01-15T10:00:00", "2025-01-15T10:00:00+01:00", None),
        ("2025-07-15 10:00:00.123456", "2025-07-15 10:00:00.123456+02:00", None),
        ("2025-07-15 10:00", "2025-07-15 10:00+02:00", None),
        ("2025-03-30T02:30:05.25", "2025-03-30T03:30:05.25+02:00", "does not exist"),
        ("2025-10-26T02:30:00", "2025-10-26T02:30:00+02:00", "occurs twice"),
        ("2025-10-26T02:30:00+01:00", "2025-10-26T02:30:00+01:00", None),
        ("2025-02-30T10:00:00", "2025-02-30T10:00:00", None),
    ],
)
def test_I18_local_times_get_the_offset_of_the_contracts_zone(
    landing: Landing, text: str, exact: str, flag: str | None
) -> None:
    landing.change("crm.requests", timezone="Europe/Berlin")
    landing.land_one("crm/requests/r.csv", f"{REQUESTS}\nr1,p1,{text},\nr2,p1,,{text}\nr3,p1,,\n")
    (first, note), (_, second_note), (_, none) = landing.rows("crm.requests", "requested_at, _note")
    assert first == exact
    assert none is None
    for column, found in (("requested_at", note), ("responded_at", second_note)):
        assert found is None if flag is None else found.startswith(column) and flag in found


def test_I18_without_a_zone_a_local_time_lands_as_it_is(landing: Landing) -> None:
    landing.land_one("crm/requests/r.csv", f"{REQUESTS}\nr1,p1,2025-03-30T02:30:00,\n")
    assert landing.rows("crm.requests", "requested_at") == [("2025-03-30T02:30:00",)]


@pytest.mark.parametrize("text", ["-5", "NaN", "Infinity", "1e3", "0x10"])
def test_I19_numbers_out_of_bounds_land_untouched(landing: Landing, text: str) -> None:
    landing.land_one("marketing/funds/f.csv", f"{FUNDS}\n{fund(text).replace(';', ',')}\n")
    assert landing.rows("marketing.funds", "allocated_amount") == [(text,)]


def test_I19_a_future_date_lands_untouched(landing: Landing) -> None:
    landing.land_one("crm/requests/r.csv", f"{REQUESTS}\nr1,p1,2999-01-01T00:00Z,\n")
    assert landing.rows("crm.requests", "requested_at") == [("2999-01-01T00:00Z",)]


def test_I20_the_same_id_twice_lands_with_file_and_row_of_each(landing: Landing) -> None:
    landing.write("crm/activities/a.csv", activities(range(1, 2)) + activity(1) + "\n")
    landing.write("crm/activities/b.csv", activities(range(1, 3)))
    landing.land()
    found = landing.rows("crm.activities where activity_id = 'a1'", "_file_id, _row_number")
    assert found == [(1, 2), (1, 3), (2, 2)]


def test_I21_an_activity_of_an_unknown_partner_lands(landing: Landing) -> None:
    row = activity(1, partner_id="nobody-knows")
    outcome = landing.land_one(PATH, f"{ACTIVITIES}\n{row}\n")
    assert outcome.rows_landed == 1
