"""Raw tables, pseudonyms, and that both CSV parsers agree and account for every line."""

import dataclasses
import datetime
import hmac
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contracts import Contract, ContractError, load_contracts
from orchestration.landing import land
from orchestration.landing.csv_reader import CsvReader
from orchestration.landing.problems import FileProblem
from orchestration.landing.pseudonyms import Pseudonyms
from orchestration.landing.streams import TextStream
from orchestration.landing.writer import Writer
from orchestration.settings import PROJECT_DIR, Settings
from tests.python.landing.landing_fixtures import ACTIVITIES, Landing, activities, activity

CANARY = "canary.4711@nowhere.example"
REQUEST = load_contracts()["crm.requests"]
OLIST = PROJECT_DIR.parent / "shared" / "data" / "olist_landing"


def test_every_entity_has_its_table_when_nothing_has_arrived(landing: Landing) -> None:
    assert landing.land().batch_id is None
    tables = set(landing.tables())
    assert {contract.table for contract in landing.contracts.values()} <= tables
    assert {"landing.batches", "landing.files", "landing.rejects"} <= tables
    columns = landing.query("select column_name, column_type from (describe raw_crm.requests)")
    assert columns == [
        *((column.name, "VARCHAR") for column in landing.contracts["crm.requests"].columns),
        ("_file_id", "INTEGER"),
        ("_row_number", "BIGINT"),
        ("_loaded_at", "TIMESTAMP"),
        ("_note", "VARCHAR"),
    ]


def test_a_column_added_to_the_contract_takes_its_place(landing: Landing) -> None:
    landing.land_one("crm/activities/a.csv", activities(range(2)))
    columns = landing.contracts["crm.activities"].columns
    mood = dataclasses.replace(columns[-1], name="mood", personal_data=None, required=False)
    landing.change("crm.activities", columns=(columns[0], mood, *columns[1:]))
    landing.write("crm/activities/b.csv", activities(range(1)).replace("kind", "mood,kind", 1))
    landing.write("crm/activities/c.csv", f"{ACTIVITIES},mood\n{activity(7)},fine\n")
    landing.land()
    found = landing.rows("crm.activities", "activity_id, mood, direction")
    assert found == [("a0", None, "inbound"), ("a1", None, "inbound"), ("a7", "fine", "inbound")]
    names = landing.query("select column_name from (describe raw_crm.activities)")
    assert names[1] == ("mood",) and names[-1] == ("_note",)


@pytest.mark.parametrize(
    "changed",
    [
        {"delimiter": "||"},
        {"delimiter": "\u00a7"},
        {"encoding": "utf-9"},
        {"timezone": "Europe/Atlantis"},
        {"decimal_separator": ",", "thousands_separator": ","},
    ],
)
def test_a_contract_that_cannot_be_followed_is_refused(
    landing: Landing, changed: dict[str, str]
) -> None:
    landing.change("crm.requests", **changed)
    with pytest.raises(ContractError, match=r"_crm\.yml, requests"):
        landing.land()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("withdrawn_by: deleted_at", "names 'deleted_at', which is no column"),
        ("withdrawn_by: deal_id", "'deal_id' says when a record was withdrawn"),
        ("withdrawn: withdrawn_at", "unknown key 'withdrawn'"),
    ],
)
def test_what_a_contract_cannot_mean_is_named(tmp_path: Path, said: str, words: str) -> None:
    folder = tmp_path / "staging" / "crm"
    folder.mkdir(parents=True)
    text = (PROJECT_DIR / "models/staging/crm/_crm.yml").read_text()
    of_deals = "{key: [deal_id], event_time: registered_at, withdrawn_by: withdrawn_at,"
    assert of_deals in text
    wrong = of_deals.replace("withdrawn_by: withdrawn_at", said)
    (folder / "_crm.yml").write_text(text.replace(of_deals, wrong))
    with pytest.raises(ContractError, match=rf"_crm\.yml: crm\.deals.*{words}"):
        load_contracts(tmp_path)


def test_one_load_time_and_row_numbers_over_blocks_none_of_which_is_held(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, held = Writer._write_rows, []

    def watch(self: Writer) -> None:
        write(self)
        held.append(pa.total_allocated_bytes())

    monkeypatch.setattr(Writer, "_write_rows", watch)
    rows = 300_000  # several blocks of 8 MB
    lines = activities(range(rows)).splitlines()
    lines[200_000] = activity(199_999, kind='"two\nlines"')
    lines.insert(250_000, "")
    landing.write("crm/activities/a.csv", "\n".join(lines))
    landing.write("crm/activities/b.csv", activities(range(1)))
    moment = datetime.datetime(
        2025, 5, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2))
    )
    report = landing.land(now=moment)
    assert report.loaded_at == datetime.datetime(2025, 5, 1, 10)
    assert len(held) > 3 and max(held) < 1.5 * held[0] + (4 << 20)
    assert landing.query("select distinct _loaded_at from raw_crm.activities") == [
        (report.loaded_at,)
    ]
    wrong = landing.query(
        """
        select count(*) from (
            select _row_number as found, substr(activity_id, 2)::int as number
            from raw_crm.activities where _file_id = 1)
        where found <> number + 2 + (number >= 200000)::int + (number >= 249999)::int
        """
    )
    assert wrong == [(0,)] and report.rows_landed == rows + 1


def test_personal_data_is_a_stable_pseudonym(landing: Landing) -> None:
    rows = [
        activity(1, contact_email="Ana@Example.com "),
        activity(2, contact_email="ana@example.com"),
        activity(3, contact_email=""),
        activity(4, contact_email="ben@example.com"),
    ]
    landing.write("crm/activities/a.csv", "\n".join([ACTIVITIES, *rows]))
    landing.write(
        "portal/events/e.csv",
        "event_id,partner_id,user_id,occurred_at,event\ne1,p1, U1,2025-01-01T00:00Z,login\n"
        "e2,p1,u1,2025-01-01T00:00Z,login\n",
    )
    landing.land()
    first, second, third, fourth = (v for (v,) in landing.rows("crm.activities", "contact_email"))
    assert first == second != fourth and third is None
    assert len(first) == 32 and int(first, 16)
    upper, lower = (v for (v,) in landing.rows("portal.events", "user_id"))
    assert upper != lower  # identifiers keep their case
    landing.write("crm/activities/b.csv", f"{ACTIVITIES}\n{rows[1]}\n")
    landing.land()
    assert landing.rows("crm.activities", "contact_email")[-1] == (second,)


@given(st.binary(min_size=32, max_size=32), st.text())
def test_a_pseudonym_is_an_hmac(key: bytes, text: str) -> None:
    expected = hmac.digest(key, text.strip().lower().encode(), "sha256").hex()[:32]
    assert Pseudonyms(key).of(text, "email") == expected


def test_S4_the_key_is_private_and_made_once(landing: Landing) -> None:
    landing.land_one("crm/activities/a.csv", activities(range(3)))
    place = landing.settings.pseudonym_key
    key = place.read_bytes()
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    landing.land()
    assert place.read_bytes() == key and len(key) == 32
    database = landing.settings.working_database.read_bytes()
    assert key not in database and key.hex().encode() not in database
    place.write_bytes(b"short")
    with pytest.raises(ValueError, match="Restore it from your backup"):
        landing.land()


def test_S3_a_marked_email_is_in_no_raw_table(landing: Landing) -> None:
    rows = [activity(1, contact_email=CANARY), activity(2, contact_email=f'"{CANARY.upper()}"')]
    landing.write("crm/activities/a.csv", "\n".join([ACTIVITIES, *rows]))
    landing.write(
        "feedback/surveys/s.jsonl",
        f'{{"response_id":"s","partner_id":"p","submitted_at":"t","score":5,"comment":"{CANARY}"}}',
    )
    landing.land()
    assert len(landing.rows("crm.activities")) == 2 and len(landing.rows("feedback.surveys")) == 1
    for table in landing.tables():
        found = landing.query(f"select count(*) from {table} as t where t::text ilike '%canary%'")
        assert found == [(0,)], table
    assert b"canary" not in landing.settings.working_database.read_bytes().lower()


def _read(text: bytes, contract: Contract, *, careful: bool, block: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f"
        path.write_bytes(text)
        stream = TextStream(path, "csv", "utf-8")
        rows, rejects, other = [], [], 0
        try:
            for parsed in CsvReader(stream, contract, careful=careful, block=block).read():
                if parsed.rows:
                    columns = [parsed.columns[c.name].to_pylist() for c in contract.columns]
                    rows += list(zip(parsed.row_numbers.tolist(), *columns, strict=True))
                rejects += parsed.rejects
                other += parsed.header_lines + parsed.blank_lines + parsed.continuation_lines
        except FileProblem as problem:
            return (problem.reason,)
        ends = text.removeprefix(b"\xef\xbb\xbf")
        assert stream.lines == ends.count(b"\n") + (not ends.endswith(b"\n"))
        assert stream.lines == len(rows) + len(rejects) + other
        return rows, rejects, other


pieces = st.sampled_from(
    [",", '"', '""', "\n", "\r\n", "\n\n", "r1", "é", " ", "a,b,c,d\n", 'x,"y,\n",,z\n', "1,2,3\n"]
)


@settings(max_examples=250, deadline=None)
@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from([7, 40, 1 << 20]))
def test_any_csv_text_conserves_lines_and_both_parsers_agree(text: str, block: int) -> None:
    header = ",".join(column.name for column in REQUEST.columns)
    data = f"{header}\n{text}".encode()
    careful = _read(data, REQUEST, careful=True, block=1 << 20)
    assert _read(data, REQUEST, careful=False, block=1 << 20) == careful
    if len(careful) == 3 and not careful[1]:  # after a broken record, recovery knows its block
        assert _read(data, REQUEST, careful=False, block=block) == careful
    else:
        _read(data, REQUEST, careful=False, block=block)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_conserve_lines(data: bytes) -> None:
    header = ",".join(column.name for column in REQUEST.columns).encode()
    assert _read(header + b"\n" + data, REQUEST, careful=False, block=64)


@pytest.mark.skipif(not OLIST.exists(), reason="the real data set lies outside the project")
def test_real_data_lands_whole(tmp_path: Path) -> None:
    report = land(Settings(landing=OLIST, warehouse=tmp_path))
    rows: dict[str, int] = {}
    for each in report.files:
        rows[each.entity] = rows.get(each.entity, 0) + each.rows_landed
    assert (rows["partners"], rows["requests"], rows["surveys"]) == (3095, 99_996, 99_792)
    assert (report.lines_rejected, report.lines_lost) == (0, 0)
