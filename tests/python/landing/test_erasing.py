"""Erasing a person: found nowhere, and what is left lands as the raw rows say, cell by cell.

The raw rows are corrected where they are; landing the new bytes again, in a warehouse of its own,
is the second opinion on each of them.
"""

import gzip
import hashlib
import io
import json
import random
from contextlib import suppress
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.lake import follow, write
from orchestration.landing import damaged, erasing, recorded
from orchestration.landing.erasing import EraseError, erasure
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.pseudonyms import Pseudonyms, load_key
from orchestration.run_facts import ledger_inputs
from orchestration.settings import Settings
from tests.python.landing.landing_fixtures import ACTIVITIES, Landing, activity
from tests.python.landing.test_landing_replay import again

ANN = "ann.lee@partner.example"
LEARNER = "müller-4711"
VALUES = [ANN, LEARNER]
ENROLLMENT = {
    "enrollment_id": "L1",
    "partner_id": "P1",
    "learner_id": LEARNER,
    "course_id": "C",
    "assigned_at": "2026-06-01T10:00:00Z",
    "completed_at": None,
    "passed": None,
}
EVENTS = "event_id,partner_id,user_id,occurred_at,event"
SURVEYS = "response_id,partner_id,submitted_at,score,comment"


COUNTS = "select path, status, rows_landed, lines_rejected from landing.files order by all"
# Addresses of activities 1, 2, 6 and 7; learners of three enrollments.
PEOPLE = """
    select
        (select count(distinct contact_email) from raw_crm.activities where activity_id != 'a4'),
        (select count(distinct learner_id) from raw_learning.enrollments)
"""


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def everything(settings: Settings) -> dict[str, list[tuple]]:
    """The ledger, the rejected lines and every raw row."""
    with duckdb.connect(str(settings.working_database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name like "
            "'raw_%' or table_name in ('files', 'rejects') order by all"
        ).fetchall()
        return {name: connection.execute(f"from {name} order by all").fetchall()
                for (name,) in tables}  # fmt: skip


def lake_rows(lake: str) -> list[tuple]:
    found = []
    for path in Path(lake).rglob("batch-*.parquet"):
        found += [tuple(map(str, row.values())) for row in pq.read_table(path).to_pylist()]
    return found


def needles() -> list[bytes]:
    found = []
    for value in VALUES:
        for encoding in ("utf-8", "cp1252", "utf-16-le"):
            found += [value.encode(encoding), value.upper().encode(encoding)]
    return [*found, json.dumps(LEARNER)[1:-1].encode()]


def files_with(needles: list[bytes], *folders: Path) -> list[str]:
    """Files with one of the needles in them; gzip and Parquet are opened first."""
    found = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            with suppress(EOFError):
                content = gzip.decompress(content)
        elif content.startswith(b"PAR1"):
            content = str(pq.read_table(path).to_pylist()).encode()
        if any(needle in content for needle in needles):
            found.append(path.name)
    return found


def files_that_hold_them(*folders: Path) -> list[str]:
    return files_with(needles(), *folders)


@pytest.fixture
def landed(landing: Landing) -> Landing:
    """Every format, and every place in which a person may stand."""
    # Quoted, CRLF, over two lines, in upper case, part of a longer address, in a broken line.
    lines = [
        ACTIVITIES,
        activity(1, contact_email=ANN),
        activity(2, contact_email=f'"{ANN.upper()}"'),
        activity(3, contact_email=f"Ann Lee <{ANN}>"),
        activity(4, kind=f'"call\r\nby ""{ANN}"""'),
        activity(5, contact_email=f"{ANN},one,too,many"),
        activity(6),
    ]
    landing.write("crm/activities/a.csv", "\r\n".join(lines))
    landing.write(
        "crm/activities/zipped.csv.gz", f"{ACTIVITIES}\n{activity(7, contact_email=ANN)}\n"
    )
    landing.change("portal.events", encoding="cp1252")
    rows = [f"E{n},P1,{user},2026-06-01T10:00:00Z,login" for n, user in enumerate([LEARNER, "x"])]
    landing.write("portal/events/e.csv", ("\n".join([EVENTS, *rows]) + "\n").encode("cp1252"))
    escaped = json.dumps(ENROLLMENT)
    odd = '{"enrollment_id": "L2",' + escaped[len('{"enrollment_id": "L1",') :].replace(
        "-", "\\u002d"
    )
    nested = json.dumps(
        {**ENROLLMENT, "enrollment_id": "L3", "learner_id": 7, "more": [{"to": ANN}]}
    )
    broken = f'{{"enrollment_id": "L4", "learner_id": "{LEARNER}"'
    landing.write("learning/enrollments/l.jsonl", "\n".join([escaped, odd, "", nested, broken]))
    landing.write(
        "feedback/surveys/s.csv",
        f'{SURVEYS}\nS1,P1,2026-06-01T10:00:00Z,4,"ask {ANN}, or {LEARNER}."\n'
        "S2,P1,2026-06-01T10:00:00Z,4,fine\n",
    )
    ratings = {
        "rating_id": ["R1", "R2"],
        "partner_id": ["P1", "P1"],
        "rated_at": ["2026-06-01T10:00:00Z"] * 2,
        "rater_id": pa.array([LEARNER, None]).dictionary_encode(),
        "dimension": ["fit", "fit"],
        "rating": [4, 5],
        "seen_by": [[ANN], None],
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(ratings), buffer)
    landing.write("feedback/ratings/r.parquet", buffer.getvalue())
    landing.write("nowhere/known/q.csv", f"name\n{ANN}\n{LEARNER}\n")
    landing.write("crm/deals/untouched.csv", "deal_id\n1\n")
    landing.land()
    return landing


def erase(landing: Landing, values: list[str] = VALUES) -> erasing.ErasureReport:
    return erasing.erase(landing.settings, values, "asked to", contracts=landing.contracts)


def test_a_person_is_found_nowhere_and_the_raw_rows_are_those_of_the_new_bytes(
    landed: Landing, tmp_path: Path
):
    settings = landed.settings
    folders = (settings.archive, settings.landing, settings.warehouse)
    before, counts = digests(settings.landing), landed.query(COUNTS)
    assert len(files_that_hold_them(settings.archive, settings.landing)) == 14

    report = erase(landed)

    assert report.is_whole and not report.missing and not report.unknown
    assert files_that_hold_them(*folders) == []
    assert report.open_columns == {"crm.activities.kind"}
    assert landed.query(COUNTS) == counts
    # Whoever is no part of it keeps every byte.
    assert {name for name in before if before[name] == digests(settings.landing)[name]} == {
        "untouched.csv"
    }
    assert (settings.landing / "crm/activities/a.csv").read_bytes().count(b"\r\n") == 7
    assert everything(again(landed, tmp_path / "again")) == everything(settings)


def test_one_person_stays_one_and_two_stay_two(landed: Landing):
    (before,) = landed.query(PEOPLE)
    erase(landed)
    assert landed.query(PEOPLE) == [before]
    assert before == (3, 2)


def test_records_over_many_lines_and_blocks(landing: Landing, tmp_path: Path):
    """A file of more than one block of 8 MB, with quotes, so that blocks end within records."""
    lines = [ACTIVITIES]
    for number in range(90_000):
        note = f'"call\nno. {number}, ""again""' + "\n" * (number % 3) + '"'
        address = ANN if number % 9_000 == 7 else f"person{number}@partner.example"
        lines.append(activity(number, kind=note, contact_email=address))
    landing.write("crm/activities/large.csv", "\n".join(lines))
    landing.land()
    assert (landing.settings.landing / "crm/activities/large.csv").stat().st_size > 8 << 20

    report = erase(landing)

    assert report.cells == 10 and report.missing == [LEARNER]
    assert files_that_hold_them(landing.settings.archive) == []
    assert everything(again(landing, tmp_path / "again")) == everything(landing.settings)


ODD = ["x", "", '"', ",", "\n", "\r\n", '""', "\\", "\\u0040", "é", ANN, ANN.upper(), f'"{ANN}"',
       f"hi {ANN}, ", LEARNER, f" {LEARNER} ", f"{LEARNER}!"]  # fmt: skip


def odd_csv(draw: random.Random) -> str:
    lines = [ACTIVITIES]
    for number in range(draw.randint(1, 12)):
        cells = ["".join(draw.choices(ODD, k=draw.randint(0, 3))) for _ in range(3)]
        cells = [
            f'"{cell.replace(chr(34), chr(34) * 2)}"' if draw.random() < 0.6 else cell
            for cell in (f"a{number}", "p1", "2025-03-01T09:00:00+00:00", *cells)
        ]
        lines.append(",".join(cells))
    return draw.choice(["\n", "\r\n"]).join(lines) + draw.choice(["", "\n", "\n\n"])


def odd_json(draw: random.Random) -> str:
    lines = []
    for number in range(draw.randint(1, 10)):
        learner = draw.choice([LEARNER, f" {LEARNER}", ANN, "x", 7, None, True])
        more = draw.choice([1.10, f"s {ANN}", [ANN, {"a": LEARNER, "b": [1e400]}]])
        row = {**ENROLLMENT, "enrollment_id": f"L{number}", "learner_id": learner, "more": more}
        line = json.dumps(row, ensure_ascii=draw.random() < 0.5)
        line = line.replace("@", "\\u0040") if draw.random() < 0.3 else line
        line += draw.choice(["", "", " ", "\t\r", ANN, LEARNER]).replace("\r", "")
        lines.append(line[:-5] if draw.random() < 0.1 else line)
    return "\n".join(lines) + draw.choice(["", "\n"])


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_broken_breaks_as_before(landing: Landing, tmp_path: Path, seed: int):
    """Quotes, delimiters and line ends anywhere: rows, rejects and counts stay."""
    draw = random.Random(seed)
    for number in range(3):
        landing.write(f"crm/activities/{number}.csv", odd_csv(draw))
        landing.write(f"learning/enrollments/{number}.jsonl", odd_json(draw))
    landing.land()
    erase(landing)
    assert everything(again(landing, tmp_path / "again")) == everything(landing.settings)


def test_the_file_is_known_when_it_comes_again_as_it_was(landed: Landing):
    old = (landed.settings.landing / "crm/activities/zipped.csv.gz").read_bytes()
    erase(landed)
    files = landed.query("from landing.files order by all")
    landed.write("crm/activities/zipped.csv.gz", old, age=30)
    landed.write("crm/activities/another_name.csv.gz", old)

    report = landed.land()

    assert report.files == [] and landed.query("from landing.files order by all") == files
    assert files_that_hold_them(landed.settings.archive) == []


def test_inputs_of_an_older_manifest_are_found(landed: Landing):
    inputs = ledger_inputs(landed.settings)
    erase(landed, [ANN])
    erase(landed, [LEARNER])  # twice in the same file: two steps from digest to digest
    archive = landed.settings.archive
    assert len(damaged(archive, [recorded(each) for each in inputs])) == 7
    present = erasing.with_present_digests(landed.settings, inputs)
    assert damaged(archive, [recorded(each) for each in present]) == []
    assert [each["path"] for each in present] == [each["path"] for each in inputs]


@pytest.mark.parametrize("step", ["correct", "_write_database_anew", "_replace", "keep_only"])
def test_killed_at_any_step_the_same_command_finishes(
    landed: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(erasure.Archive if step == "keep_only" else erasure, step, killed)
        with pytest.raises(KeyboardInterrupt):
            erase(landed)
    assert files_that_hold_them(landed.settings.archive, landed.settings.landing)

    report = erase(landed)

    settings = landed.settings
    assert report.is_whole
    assert files_that_hold_them(settings.archive, settings.landing, settings.warehouse) == []
    assert everything(again(landed, tmp_path / "again")) == everything(settings)
    erasing.complete(settings)
    with pytest.raises(EraseError, match="None of these values is in any file"):
        erase(landed)


def test_the_lake_follows(landed: Landing, tmp_path: Path):
    lake = str(tmp_path / "lake")
    write(landed.settings, lake)
    kept = {path: path.stat().st_mtime_ns for path in Path(lake).rglob("batch-*")}
    old = {cell for row in lake_rows(lake) for cell in row}
    erase(landed)
    report = follow(landed.settings, erasing.to_follow(landed.settings), lake)
    assert report is not None
    ((pseudonym,),) = landed.query(
        "select contact_email from raw_crm.activities where activity_id = 'a1'"
    )
    new = {cell for row in lake_rows(lake) for cell in row}
    assert pseudonym in new and pseudonym not in old
    people = Pseudonyms(load_key(landed.settings.pseudonym_key))
    gone = {people.of(ANN, "email"), people.of(LEARNER, "identifier")}
    assert gone <= old and not gone & new
    assert len(kept) == len(list(Path(lake).rglob("batch-*")))


def test_what_cannot_be_read_is_named_and_the_rest_is_done(landed: Landing):
    landed.write("crm/activities/cut.csv.gz", gzip.compress(ANN.encode() * 99)[:-9])
    landed.land()
    report = erase(landed)
    (problem,) = report.unreadable
    assert problem.startswith("crm/activities/cut.csv.gz: the gzip file is cut off")
    assert not report.is_whole and len(report.files) == 7

    report = erasing.erase(
        landed.settings, VALUES, "asked to", empty_unreadable=True, contracts=landed.contracts
    )
    assert report.is_whole and report.emptied == ["crm/activities/cut.csv.gz"]
    assert (landed.settings.landing / report.emptied[0]).read_bytes() == b""
    assert landed.query("select bytes, status from landing.files where path like '%cut%'") == [
        (0, "quarantined")
    ]
    assert landed.land().files == []  # still known, and still quarantined


def test_a_file_whose_contract_is_gone_is_named(landed: Landing):
    del landed.contracts["portal.events"]
    report = erase(landed)
    assert report.unreadable == [
        "portal/events/e.csv: no contract describes portal.events any more"
    ]
    assert not report.is_whole and len(report.files) == 6


def test_a_contract_that_reads_the_file_otherwise_now_stops_everything(landed: Landing):
    landed.change("crm.activities", delimiter=";")
    before = landed.query("from raw_crm.activities")
    with pytest.raises(EraseError, match=r"crm/activities/.*: the column 'activity_id,partner_id"):
        erase(landed)
    assert landed.query("from raw_crm.activities") == before
    assert landed.query("from landing.erasures") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no value"),
        (" \n\n", "holds no value"),
        ('a@b.example\n"c@d.example"\n', "line 2 holds a quote"),
        ("a@b.example\nc\td\n", "line 2 holds a quote or a character that cannot be seen"),
    ],
)
def test_wrong_values_are_refused_by_their_line(text: str, why: str):
    with pytest.raises(EraseError, match=why):
        erasing.read_values(text, "values.txt")
    assert erasing.read_values("\ufeffa@b.example\n\n12\r\n12\n", "v") == ["a@b.example", "12"]


@pytest.mark.parametrize(
    ("text", "kind", "becomes"),
    [
        ("ann@x.example", "email", "A"),
        (" ANN@x.example ", "email", " A "),
        ("jo.ann@x.example ann@x.example.au ann@x.example-y", None, None),
        ("mailto:ann@x.example.", None, "mailto:A."),
        ("12", "identifier", "I"),
        ("\n12 ", "identifier", "\nI "),
        ("12", None, None),
        ("112", "identifier", None),
        ("ask 12, not 12.5 or 3-12", "free_text", "ask I, not 12.5 or 3-12"),
    ],
)
def test_values_are_whole_ones(text: str, kind: str | None, becomes: str | None):
    values = ErasedValues(["ann@x.example", "12"])
    address, word = values.cell("ann@x.example", "email"), values.cell("12", "identifier")
    expected = text if becomes is None else becomes.replace("A", address).replace("I", word)
    assert values.cell(text, kind) == expected
    assert values.perhaps_in(text)


def test_without_a_warehouse_or_a_reason_it_says_so(landing: Landing):
    with pytest.raises(EraseError, match="Nothing has landed"):
        erase(landing)
    with pytest.raises(EraseError, match="Say why"):
        erasing.erase(landing.settings, VALUES, " ")
