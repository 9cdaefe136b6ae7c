"""Faults I13, I22 to I25 and L2, and what landing promises of files: once, whole, or nothing."""

import datetime
import gzip
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.landing import dismiss, unresolved_quarantines
from orchestration.landing.writer import Writer
from orchestration.settings import PROJECT_DIR
from tests.python.landing.landing_fixtures import ACTIVITIES, Landing, activities, activity

PATH = "crm/activities/a.csv"
NOON = datetime.datetime(2025, 3, 1, 12, 0, 0, 123456, datetime.UTC)


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz"])
@pytest.mark.parametrize("fault", ["truncated", "bit", "crc", "tail"])
def test_I13_a_damaged_gzip_file_lands_nothing(landing: Landing, name: str, fault: str) -> None:
    data = bytearray(gzip.compress(activities(range(3000)).encode(), mtime=0))
    if name == "a.jsonl.gz":
        line = (
            b'{"activity_id":"a","partner_id":"p","occurred_at":"t","kind":"k","direction":"d"}\n'
        )
        data = bytearray(gzip.compress(line * 3000, mtime=0))
    if fault == "truncated":
        del data[len(data) * 2 // 3 :]
    elif fault == "tail":
        data += b"junk"
    else:
        data[-6 if fault == "crc" else len(data) // 2] ^= 4
    outcome = landing.land_one(f"crm/activities/{name}", bytes(data))
    assert (outcome.status, outcome.rows_landed) == ("quarantined", 0)
    assert outcome.reason is not None and "gzip" in outcome.reason
    assert landing.rows("crm.activities") == []


def test_I13_several_gzip_members_and_padding_are_one_file(landing: Landing) -> None:
    text = activities(range(100))
    data = gzip.compress(text[:2000].encode()) + gzip.compress(text[2000:].encode()) + b"\0" * 512
    assert landing.land_one("crm/activities/a.csv.gz", data).rows_landed == 100


def test_I13_a_large_damaged_file_is_rolled_back(landing: Landing) -> None:
    data = bytearray(gzip.compress(activities(range(150_000)).encode(), 1, mtime=0))
    data[-6] ^= 1
    landing.write("crm/activities/b.csv", activities(range(5)))
    landing.write("crm/activities/c.csv.gz", bytes(data))
    landing.write("crm/activities/d.csv", activities(range(6)))
    report = landing.land()
    assert [each.status for each in report.files] == ["landed", "quarantined", "landed"]
    assert len(landing.rows("crm.activities", "1")) == 11


def bookings(rows: int = 100, **replaced: Any) -> pa.Table:
    columns = {
        "booking_id": pa.array([f"b{n}" for n in range(rows)]),
        "partner_id": pa.array(["p1"] * rows),
        "deal_id": pa.array([None] * rows, pa.string()),
        "booked_at": pa.array([NOON] * rows, pa.timestamp("us", "America/Sao_Paulo")),
        "amount": pa.array([Decimal("12.50")] * rows, pa.decimal128(18, 2)),
        "currency": pa.array(["EUR"] * rows).dictionary_encode(),
        "product_line": pa.array([""] * rows),
        "sourcing": pa.array(["sourced"] * rows),
    }
    return pa.table({k: v for k, v in (columns | replaced).items() if v is not None})


def parquet(table: pa.Table, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, write_page_checksum=True, **options)
    return buffer.getvalue()


def test_I22_parquet_lands_as_canonical_text(landing: Landing) -> None:
    outcome = landing.land_one("finance/bookings/b.parquet", parquet(bookings(), row_group_size=40))
    assert (outcome.rows_landed, outcome.physical_lines) == (100, 100)
    row = landing.rows("finance.bookings")[41]
    assert row[:9] == (
        "b41", "p1", None, "2025-03-01T12:00:00.123456+00:00", "12.50", "EUR", None, "sourced",
        None,
    )  # fmt: skip
    assert row[10] == 42


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("booked_at", pa.array([NOON.replace(tzinfo=None)] * 100), "timestamp[us]"),
        ("booked_at", pa.array([1] * 100), "int64"),
        ("amount", pa.array(["12.50"] * 100), "string"),
        ("booking_id", pa.array([1] * 100), "int64"),
        ("partner_id", pa.array([b"p"] * 100), "binary"),
        ("currency", None, "required column missing: currency"),
    ],
)
def test_I22_another_type_or_a_missing_column_quarantines(
    landing: Landing, column: str, values: pa.Array | None, words: str
) -> None:
    outcome = landing.land_one("finance/bookings/b.parquet", parquet(bookings(**{column: values})))
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and column in outcome.reason and words in outcome.reason


def test_I22_a_local_time_lands_where_the_contract_names_the_zone(landing: Landing) -> None:
    landing.change("finance.bookings", timezone="Europe/Berlin")
    times = pa.array([datetime.datetime(2025, 7, 1, 12)] * 100, pa.timestamp("ms"))
    landing.land_one("finance/bookings/b.parquet", parquet(bookings(booked_at=times)))
    found = landing.rows("finance.bookings", "booked_at")[0][0]
    assert found == "2025-07-01T12:00:00.000000+02:00"


def test_I22_doubles_integers_and_null_columns_land_as_plain_digits(landing: Landing) -> None:
    amounts = pa.array([0.1, 1e-7, 1e22, None, float("nan")] * 20)
    data = parquet(bookings(amount=amounts, sourcing=pa.nulls(100)))
    landing.land_one("finance/bookings/b.parquet", data)
    found = [amount for (amount,) in landing.rows("finance.bookings", "amount")][:5]
    assert found == ["0.1", "0.0000001", "10000000000000000000000", None, "nan"]


@pytest.mark.parametrize("compression", ["snappy", "none"])
def test_I22_a_flipped_bit_quarantines(landing: Landing, compression: str) -> None:
    data = bytearray(parquet(bookings(5000), compression=compression, use_dictionary=False))
    data[len(data) // 4] ^= 1
    outcome = landing.land_one("finance/bookings/b.parquet", bytes(data))
    assert (outcome.status, outcome.rows_landed) == ("quarantined", 0)


def test_I22_a_truncated_file_quarantines(landing: Landing) -> None:
    outcome = landing.land_one("finance/bookings/b.parquet", parquet(bookings())[:-100])
    assert outcome.status == "quarantined"
    assert outcome.reason is not None and "cut off" in outcome.reason


def test_I22_a_digest_beside_the_file_is_verified(landing: Landing) -> None:
    table, good = bookings(), "finance/bookings/good.parquet"
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="none")  # without page checksums
    data = bytearray(buffer.getvalue())
    digest = hashlib.sha256(data).hexdigest()
    landing.write(good, bytes(data))
    landing.write(good + ".sha256", f"{digest}  good.parquet\n")
    data[len(data) // 4] ^= 1
    landing.write("finance/bookings/flipped.parquet", bytes(data))
    landing.write("finance/bookings/flipped.parquet.sha256", digest.upper())
    flipped, whole = landing.land().files
    assert (whole.status, flipped.status) == ("landed", "quarantined")
    assert flipped.reason is not None and "promises" in flipped.reason


MILESTONE = (
    '{"milestone_id":"m%d","partner_id":"p1","milestone":%s,"reached_at":"2025-01-01T00:00Z"}'
)


@pytest.mark.parametrize(
    "bad",
    [
        '{"milestone_id":"m1","partner_id":"p1",',
        '{"milestone_id":"m1","milestone_id":"m2","partner_id":"p1"}',
        "[1, 2]",
        '"text"',
        "nonsense",
        '{"milestone_id":"a\\u0000b"}',
        '{"milestone_id":"\\ud800"}',
        "[" * 100_000,
    ],
)
def test_I23_a_bad_json_line_is_rejected_with_its_text(landing: Landing, bad: str) -> None:
    lines = [MILESTONE % (n, '"signed"') for n in range(3)]
    outcome = landing.land_one(
        "portal/milestones/m.jsonl", "\n".join([lines[0], "", bad, *lines[1:]])
    )
    assert (outcome.rows_landed, outcome.lines_rejected, outcome.blank_lines) == (3, 1, 1)
    ((line, reason, text),) = landing.rejects()
    assert (line, text) == (3, bad) and reason
    assert landing.rows("portal.milestones", "_row_number") == [(1,), (4,), (5,)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12345678901234567890", "12345678901234567890"),
        ("1.10", "1.10"),
        ("1e400", "1e400"),
        ("-0.0", "-0.0"),
        ("true", "true"),
        ("null", None),
        ('""', None),
        ('"Ñandú \\u00e9"', "Ñandú é"),
        ('{"a": [1.10, "x", null, {"b": 12345678901234567890}]}', None),
        ("[]", "[]"),
    ],
)
def test_I23_json_values_are_exact(landing: Landing, value: str, text: str | None) -> None:
    outcome = landing.land_one("portal/milestones/m.jsonl.gz", MILESTONE % (1, value))
    assert outcome.rows_landed == 1
    expected = value if value.startswith("{") else text
    assert landing.rows("portal.milestones", "milestone") == [(expected,)]


def test_I23_a_json_document_or_missing_keys_quarantine_the_file(landing: Landing) -> None:
    line = MILESTONE % (1, '"signed"')
    landing.write("portal/milestones/a.jsonl", f"[\n{line}\n]\n")
    landing.write("portal/milestones/b.jsonl", '{"milestone_id": "m1", "extra": 1}\n')
    landing.write("portal/milestones/c.jsonl", line.replace("}", ', "extra": 1}'))
    array, missing, landed = landing.land().files
    assert array.reason is not None and "JSON document" in array.reason
    assert missing.reason is not None and "reached_at" in missing.reason
    assert landed.unknown_columns == "extra"


def test_I24_the_same_bytes_land_once_under_any_name(landing: Landing) -> None:
    landing.write(PATH, activities(range(9)))
    first = landing.land()
    assert (first.batch_id, first.rows_landed) == (1, 9)
    landing.write(PATH, activities(range(9)))  # touched, same bytes
    landing.write("crm/activities/copy.csv", activities(range(9)))
    for _ in range(2):
        again = landing.land()
        assert (again.batch_id, again.loaded_at, again.files_skipped) == (None, None, 2)
    assert len(landing.rows("crm.activities")) == 9


def test_I24_new_bytes_under_the_same_name_are_a_new_version(landing: Landing) -> None:
    landing.write(PATH, activities(range(3)))
    first = landing.land(now=NOON)
    landing.write(PATH, activities(range(2, 5)))
    second = landing.land(now=NOON)  # the clock stands still, load times do not
    assert (first.batch_id, second.batch_id, second.rows_landed) == (1, 2, 3)
    assert first.loaded_at is not None and second.loaded_at is not None
    assert second.loaded_at - first.loaded_at == datetime.timedelta(microseconds=1)
    assert len(landing.rows("crm.activities")) == 6
    assert landing.query("from landing.batches order by 1") == [
        (1, first.loaded_at),
        (2, second.loaded_at),
    ]


def test_I24_a_file_that_is_being_written_waits(landing: Landing) -> None:
    place = landing.write(PATH, activities(range(3)), age=0)
    landing.write("crm/activities/b.csv.part", "half")
    landing.write("crm/activities/.hidden.csv", "half")
    done = threading.Event()

    def keep_writing() -> None:
        while not done.is_set():
            with place.open("a") as file:
                file.write(activity(9) + "\n")
            time.sleep(0.02)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        report = landing.land(settle_seconds=0.4)
    finally:
        done.set()
        writer.join()
    assert (report.batch_id, report.files) == (None, [])
    assert report.waiting == [PATH, "crm/activities/b.csv.part"]
    assert landing.land(settle_seconds=0.1).files_landed == 1


NAMES = [
    "a[1].csv", "a*.csv", "a?.csv", "it's.csv", '"; drop table landing.files; --.csv',
    "a;b -- c.csv", "$(touch x).csv", "ünï.csv", "new\nline.csv", "%s{0}.csv", "-rf.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_I25_hostile_names_read_the_right_file_and_execute_nothing(
    landing: Landing, name: str
) -> None:
    landing.write("crm/activities/a1.csv", activities(range(100, 104)))
    landing.write(f"crm/activities/{name}", activities(range(2)))
    report = landing.land()
    (hostile,) = [each for each in report.files if each.path == f"crm/activities/{name}"]
    assert (report.files_landed, hostile.rows_landed) == (2, 2)
    where = f"crm.activities where _file_id = {hostile.file_id}"
    assert landing.rows(where, "activity_id") == [("a0",), ("a1",)]
    assert [each.path for each in unresolved_quarantines(landing.settings)] == []


def test_I25_a_name_that_is_no_text_is_recorded(landing: Landing) -> None:
    landing.write(PATH, activities(range(2)))
    place = landing.settings.landing / "crm/activities"
    os.rename(os.fsencode(place / "a.csv"), os.fsencode(place) + b"/\xff.csv")
    (outcome,) = landing.land().files
    assert (outcome.status, outcome.path) == ("landed", "crm/activities/\\xff.csv")


@pytest.mark.parametrize(
    "path", ["crm/stranger/a.csv", "stranger/activities/a.csv", "a.csv", "crm/activities/x/a.csv"]
)
def test_a_file_in_no_folder_of_the_contract_is_quarantined(landing: Landing, path: str) -> None:
    outcome = landing.land_one(path, activities(range(2)))
    assert outcome.status == "quarantined" and outcome.reason and outcome.remedy
    assert outcome.path == path


def test_L2_2000_files_one_bad(landing: Landing) -> None:
    for number in range(2000):
        text = activities(range(number * 10, number * 10 + 10))
        landing.write(f"crm/activities/{number:04d}.csv", "junk" if number == 777 else text)
    told: list[str] = []
    report = landing.land(progress=told.append)
    assert (report.files_landed, report.files_quarantined) == (1999, 1)
    assert report.rows_landed == 19_990 == len(landing.rows("crm.activities", "1"))
    assert told[0] == "crm/activities: 50 of 2000 files" and len(told) == 40
    started = time.process_time()
    assert landing.land().files_skipped == 2000
    assert time.process_time() - started < 1


@pytest.mark.parametrize("rows", [10, 150_000])
def test_an_exception_in_the_middle_leaves_whole_files_and_the_next_run_lands_the_rest(
    landing: Landing, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    landing.write("crm/activities/a.csv", activities(range(4)))
    landing.land()
    landing.write("crm/activities/b.csv", activities(range(rows)))
    original: Callable[..., None] = Writer._write_rows
    calls = []

    def fail_after_rows(self: Writer) -> None:
        original(self)
        calls.append(1)
        if len(calls) == (2 if rows > 10 else 1):
            raise KeyboardInterrupt

    monkeypatch.setattr(Writer, "_write_rows", fail_after_rows)
    with pytest.raises(KeyboardInterrupt):
        landing.land()
    monkeypatch.undo()
    assert len(landing.rows("crm.activities", "1")) == 4
    assert landing.query("select count(*) from landing.files") == [(1,)]
    assert landing.query("select count(*) from landing.batches") == [(1,)]
    report = landing.land()
    assert (report.batch_id, report.rows_landed) == (2, rows)


KILLED = """
import os, sys
from pathlib import Path
from orchestration.landing import land, writer
from orchestration.settings import Settings

original, calls = writer.Writer._write_rows, []

def die(self):
    original(self)
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), 9)

writer.Writer._write_rows = die
land(Settings(landing=Path(sys.argv[1]), warehouse=Path(sys.argv[2])), settle_seconds=0)
"""


def test_a_kill_in_the_middle_of_a_large_file_leaves_nothing_of_it(landing: Landing) -> None:
    landing.write("crm/activities/a.csv", activities(range(150_000)))
    folders = [str(landing.settings.landing), str(landing.settings.warehouse)]
    ended = subprocess.run([sys.executable, "-c", KILLED, *folders], cwd=PROJECT_DIR, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert landing.rows("crm.activities", "1") == []
    (landing.settings.archive / ".4711.tmp").write_text("left behind")
    assert landing.land().rows_landed == 150_000
    assert not list(landing.settings.archive.glob(".*"))


def test_a_quarantined_file_is_resolved_by_dismissing_or_by_landing_its_path(
    landing: Landing,
) -> None:
    assert unresolved_quarantines(landing.settings) == []
    for name in ("a", "b", "c"):
        landing.write(f"crm/activities/{name}.csv", f"junk {name}")
    landing.land()
    assert [q.path[-5] for q in unresolved_quarantines(landing.settings)] == ["a", "b", "c"]
    assert landing.land().batch_id is None
    landing.write("crm/activities/a.csv", activities(range(2)))
    landing.land()
    (gone,) = dismiss(landing.settings, "crm/activities/b.csv", "not ours")
    assert gone.status == "dismissed" and gone.reason is not None and "not ours" in gone.reason
    (left,) = unresolved_quarantines(landing.settings)
    assert left.path == "crm/activities/c.csv"
    dismiss(landing.settings, left.file_id, "not ours either")
    assert unresolved_quarantines(landing.settings) == []
    assert landing.land().batch_id is None
    with pytest.raises(LookupError, match="no quarantined file"):
        dismiss(landing.settings, "crm/activities/b.csv", "again")


def test_a_workbook_says_that_it_is_dismissed_once_it_was_exported(landing: Landing) -> None:
    workbook = landing.land_one("crm/activities/a.xlsx", b"PK")
    assert workbook.remedy is not None and "dismiss this one" in workbook.remedy


@pytest.mark.parametrize("wrong", ["CRM/Activities/a.csv", "a.csv", "crm/deals/a.csv"])
def test_a_file_is_resolved_by_moving_it_to_where_it_belongs(landing: Landing, wrong: str) -> None:
    lost = landing.write(wrong, activities(range(2)))
    landing.land()
    assert [each.path for each in unresolved_quarantines(landing.settings)] == [wrong]
    lost.unlink()
    assert landing.land_one("crm/activities/b.csv", activities(range(2))).rows_landed == 2
    assert unresolved_quarantines(landing.settings) == []


def test_an_empty_file_is_dismissed_once_and_one_with_rows_never(landing: Landing) -> None:
    header = activities(range(0))
    landing.write(PATH, activities(range(2)))
    landing.write("crm/activities/quiet.csv", header)
    assert landing.land().files_landed == 2
    (gone,) = dismiss(landing.settings, "crm/activities/quiet.csv", "a Sunday")
    assert (gone.status, gone.reason) == ("dismissed", "no rows; dismissed: a Sunday")
    landing.write("crm/activities/next.csv", header)
    assert landing.land().files == []
    with pytest.raises(LookupError, match="none without rows"):
        dismiss(landing.settings, PATH, "not ours")


def test_a_path_whose_good_version_is_restored_is_resolved(landing: Landing) -> None:
    for content in (activities(range(2)), "junk", activities(range(2))):
        landing.write(PATH, content)
        landing.land()
    assert unresolved_quarantines(landing.settings) == []


def test_the_archive_holds_every_byte_read_only(landing: Landing) -> None:
    landing.write(PATH, "junk")
    landing.write("crm/activities/b.csv", f"{ACTIVITIES}\n")
    for each in landing.land().files:
        place: Path = landing.settings.archive / each.sha256[:2] / each.sha256
        assert hashlib.sha256(place.read_bytes()).hexdigest() == each.sha256
        assert place.stat().st_mode & 0o777 == 0o400
