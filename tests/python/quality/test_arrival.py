"""Every kind of check of the arrival gate passes on good data and fails on a planted fault."""

import re
import resource
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from quality_fixtures import AS_OF, Warehouse

from orchestration.contracts import load_contracts
from orchestration.quality import acceptance, blocking_failures, expected_checks, missing_checks
from orchestration.settings import PROJECT_DIR

DEALS = "raw_crm.deals"
UNTRUSTED = """
insert into landing.files by name select
    1000 as file_id, {batch} as batch_id, {source} as source, {entity} as entity,
    '{path}' as path, 'quarantined' as status, 'gzip is truncated' as reason,
    'send it again' as remedy, timestamp '2026-11-06 03:00:00' as loaded_at
"""
NEWEST_DEALS = (
    "where source = 'crm' and entity = 'deals' and batch_id = (select max(batch_id) from "
    "landing.files)"
)


def test_good_data_passes_every_check_within_ten_seconds(landed: Warehouse) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    results = landed.run("arrival")
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert [one for one in results.values() if one.status != "passed"] == []
    assert missing_checks(expected_checks("arrival"), results.values()) == []
    assert len(results) == len(expected_checks("arrival")) > 200
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used < 10, f"{used:.1f} CPU s, the import of Great Expectations included"


REFUSED = {
    "raw_crm.deals.registered_at": [
        "1760000000",
        "11/05/2026 10:00 PM",
        "2026-11-05T10:00:00",
        "2026-11-05T10:00Z",
        "2026-11-05T10:00:00+25:00",
        "2026-13-05T10:00:00Z",
        "2026-11-08T00:00:00Z",
        "0001-01-01T00:00:00Z",
    ],
    "raw_crm.deals.amount": ["NaN", "Infinity", "-5", "1.234,50", "1e5", "1.005", "0x10", " 1"],
    "raw_crm.deals.outcome": ["lost?", "WON"],
    "raw_crm.deals.currency": ["Euro", "EUR "],
    "raw_feedback.ratings.rating": ["0x3", "3.7", "6", "0", "99999999999999999999"],
    "raw_learning.enrollments.passed": ["yes", "2"],
    "raw_programme.interventions.recommended_on": ["05.11.2026", "2026-02-30", "2030-01-01"],
}


@pytest.mark.parametrize("column", REFUSED)
def test_values_that_staging_refuses_fail(landed: Warehouse, column: str) -> None:
    table, name = column.rsplit(".", 1)
    values = REFUSED[column]
    for rows in range(len(values) * 5, 0, -5):
        landed.spoil(table, name, values[rows // 5 - 1], rows=rows)
    result = landed.run("arrival", table)[f"{column}.accepted"]
    assert (result.status, result.severity) == ("failed", "error")
    assert (result.unexpected_rows, result.evaluated_rows) == (len(values) * 5, 40)


@pytest.mark.parametrize("value", ["2030-01-01T00:00:00Z", None])
def test_values_that_staging_accepts_pass(landed: Warehouse, value: str | None) -> None:
    landed.spoil("raw_crm.partners", "terminated_at", value, rows=10)
    result = landed.run("arrival", "raw_crm.partners")["raw_crm.partners.terminated_at.accepted"]
    assert result.status == "passed"


def test_three_bad_rows_are_no_broken_source(landed: Warehouse) -> None:
    landed.spoil(DEALS, "amount", "a lot", rows=3)
    result = landed.run("arrival", DEALS)[f"{DEALS}.amount.accepted"]
    assert (result.status, result.unexpected_rows) == ("passed", 3)


def test_an_older_bad_delivery_was_judged_when_it_came(landed: Warehouse) -> None:
    landed.plant(f"update {DEALS} set amount = 'a lot' where _file_id < 50")
    assert landed.run("arrival", DEALS)[f"{DEALS}.amount.accepted"].status == "passed"


def test_the_first_bad_row_is_named_by_file_and_line(landed: Warehouse) -> None:
    newest = f"_file_id = (select max(_file_id) from {DEALS})"
    landed.plant(f"update {DEALS} set amount = 'a lot' where {newest} and _row_number >= 7")
    with landed.writing() as connection:
        ((path,),) = connection.execute(
            f"select path from landing.files where file_id = (select max(_file_id) from {DEALS})"
        ).fetchall()
    results = landed.run("arrival", DEALS)
    assert results[f"{DEALS}.amount.accepted"].observed.endswith(f"; the first is line 7 of {path}")
    assert "the first" not in results[f"{DEALS}.outcome.accepted"].observed


@pytest.mark.parametrize("column", ["deal_id", "partner_id"])
def test_missing_keys_fail(landed: Warehouse, column: str) -> None:
    landed.spoil(DEALS, column, None)
    result = landed.run("arrival", DEALS)[f"{DEALS}.{column}.present"]
    assert (result.status, result.unexpected_rows) == ("failed", 10)


@pytest.mark.parametrize(
    "change",
    [
        "alter table raw_crm.deals drop column currency",
        "alter table raw_crm.deals rename column currency to money",
        "alter table raw_crm.deals add column note varchar",
        "drop table raw_crm.deals",
    ],
)
def test_other_columns_than_the_contract_fail(landed: Warehouse, change: str) -> None:
    landed.plant(change)
    assert landed.run("arrival", DEALS)[f"{DEALS}.columns"].status == "failed"


def test_columns_in_another_order_fail(landed: Warehouse) -> None:
    landed.plant(f"create or replace table {DEALS} as select partner_id, * from {DEALS}")
    assert landed.run("arrival", DEALS)[f"{DEALS}.columns"].status == "failed"


def test_a_required_entity_has_rows(landed: Warehouse) -> None:
    landed.plant("delete from raw_crm.partners")
    result = landed.run("arrival", "raw_crm.partners")["raw_crm.partners.rows"]
    assert result.status == "failed"


def test_a_required_entity_has_rows_that_can_be_used(landed: Warehouse) -> None:
    """Three bad rows are forgiven, but not when a small programme has no others."""
    spoiled = "contract_signed_at = '2026-01-06', track = null"
    landed.plant(
        "delete from raw_crm.partners where _row_number > 1 or _file_id not in "
        "(select max(_file_id) from raw_crm.partners)",
        f"update raw_crm.partners set {spoiled}",
    )
    results = landed.run("arrival", "raw_crm.partners")
    assert results["raw_crm.partners.contract_signed_at.accepted"].status == "passed"
    result = results["raw_crm.partners.rows"]
    assert (result.status, result.evaluated_rows) == ("failed", 1)
    assert "track is empty in 1 of them; contract_signed_at is other than an ISO" in result.observed
    assert "2026-01-06" not in result.observed, "a value of a row"
    landed.plant("insert into raw_crm.partners select * replace ('reseller' as track, "
                 "updated_at as contract_signed_at) from raw_crm.partners")  # fmt: skip
    assert landed.run("arrival", "raw_crm.partners")["raw_crm.partners.rows"].status == "passed"


def test_an_entity_that_never_landed_does_not_apply(landed: Warehouse) -> None:
    landed.plant(f"delete from {DEALS}", "delete from landing.files where entity = 'deals'")
    results = landed.run("arrival", DEALS)
    assert {one.status for one in results.values()} == {"passed"}
    for about in ("amount.accepted", "deal_id.present", "freshness", "volume", "rejected_lines"):
        assert results[f"{DEALS}.{about}"].observed.startswith("not applicable")


@pytest.mark.parametrize(
    ("day", "statuses"),
    [
        (date(2026, 11, 25), ("passed", "passed")),
        (date(2026, 11, 26), ("failed", "passed")),
        (date(2027, 1, 4), ("failed", "failed")),
        (date(2026, 10, 1), ("passed", "passed")),  # nothing had happened by then
    ],
)
def test_old_events_warn_and_then_fail(
    landed: Warehouse, day: date, statuses: tuple[str, str]
) -> None:
    results = landed.run("arrival", "raw_crm.leads", as_of=day)
    warning, error = (
        results[f"raw_crm.leads.{about}"] for about in ("freshness_warning", "freshness")
    )
    assert (warning.status, error.status) == statuses
    assert (warning.severity, error.severity) == ("warn", "error")
    assert blocking_failures([warning]) == []


def test_without_a_day_age_counts_from_the_newest_event_of_any_source(landed: Warehouse) -> None:
    landed.plant("update raw_crm.leads set submitted_at = '2026-01-01T00:00:00Z'")
    results = landed.run("arrival", "raw_crm.leads", as_of=None)
    assert results["raw_crm.leads.freshness"].status == "failed"
    assert str(AS_OF) in results["raw_crm.leads.freshness"].observed


def test_an_event_after_the_scored_day_makes_nothing_fresh(landed: Warehouse) -> None:
    landed.plant(
        "update raw_crm.leads set submitted_at = '2026-01-01T00:00:00Z' where _row_number > 1"
    )
    results = landed.run("arrival", "raw_crm.leads", as_of=date(2026, 10, 30))
    assert results["raw_crm.leads.freshness"].status == "failed"


WEEKLY = "update landing.files set loaded_at = loaded_at + to_days(6 * batch_id)"


@pytest.mark.parametrize("rows", [0, 5, 400])
def test_an_unusual_volume_for_the_day_of_the_week_fails(landed: Warehouse, rows: int) -> None:
    landed.plant(WEEKLY, f"update landing.files set rows_landed = {rows} {NEWEST_DEALS}")
    assert landed.run("arrival", DEALS)[f"{DEALS}.volume"].status == "failed"


@pytest.mark.parametrize(
    ("rows", "status"), [(0, "failed"), (5, "passed"), (400, "passed"), (1000, "failed")]
)
def test_a_day_of_the_week_that_was_hardly_seen_has_wider_bounds(
    landed: Warehouse, rows: int, status: str
) -> None:
    landed.plant(f"update landing.files set rows_landed = {rows} {NEWEST_DEALS}")
    assert landed.run("arrival", DEALS)[f"{DEALS}.volume"].status == status


@pytest.mark.parametrize(("usual", "newest"), [(4, 0), (4, 9), (100, 30), (100, 480)])
def test_what_chance_explains_is_no_unusual_volume(
    landed: Warehouse, usual: int, newest: int
) -> None:
    landed.plant(
        WEEKLY,
        f"update landing.files set rows_landed = {usual}",
        f"update landing.files set rows_landed = {newest} {NEWEST_DEALS}",
    )
    assert landed.run("arrival", DEALS)[f"{DEALS}.volume"].status == "passed"


def test_volume_needs_a_history(landed: Warehouse) -> None:
    landed.plant(
        "delete from landing.files where batch_id = 1",
        f"update landing.files set rows_landed = 1 {NEWEST_DEALS}",
    )
    result = landed.run("arrival", DEALS)[f"{DEALS}.volume"]
    assert (result.status, result.observed) == ("passed", "not enough history")


def test_an_empty_delivery_fails(landed: Warehouse) -> None:
    landed.plant(
        UNTRUSTED.format(batch=5, source="'crm'", entity="'deals'", path="crm/deals/b.csv"),
        "update landing.files set status = 'landed', rows_landed = 0, lines_rejected = 0 "
        "where file_id = 1000",
    )
    result = landed.run("arrival", DEALS)[f"{DEALS}.empty_files"]
    assert (result.status, result.unexpected_rows, result.evaluated_rows) == ("failed", 1, 2)
    assert result.observed == "1 of 2 files without a row: crm/deals/b.csv"
    landed.plant("update landing.files set status = 'dismissed' where file_id = 1000")
    assert landed.run("arrival", DEALS)[f"{DEALS}.empty_files"].status == "passed"


@pytest.mark.parametrize(("rejected", "status"), [(3, "passed"), (10, "failed")])
def test_many_rejected_lines_fail(landed: Warehouse, rejected: int, status: str) -> None:
    landed.plant(f"update landing.files set lines_rejected = {rejected} {NEWEST_DEALS}")
    assert landed.run("arrival", DEALS)[f"{DEALS}.rejected_lines"].status == status


def test_the_first_rejected_line_is_named_with_its_file_and_not_with_its_text(
    landed: Warehouse,
) -> None:
    landed.plant(
        f"update landing.files set lines_rejected = 10 {NEWEST_DEALS}",
        "insert into landing.rejects by name select file_id, line as line_number, "
        "'7 values where the header has 6 columns' as reason, 'anna@partner.example' as text "
        f"from landing.files, (values (9), (4)) as lines (line) {NEWEST_DEALS}",
    )
    with landed.writing() as connection:
        found = connection.execute(f"select path from landing.files {NEWEST_DEALS}").fetchone()
    assert found is not None
    (path,) = found
    assert landed.run("arrival", DEALS)[f"{DEALS}.rejected_lines"].observed == (
        "10 of 50 lines of the newest delivery rejected; the first is line 4 of "
        f"{path}: 7 values where the header has 6 columns"
    )


def test_a_quarantined_file_fails_until_it_is_answered(landed: Warehouse) -> None:
    path = "crm/deals/new.csv"
    landed.plant(UNTRUSTED.format(batch=6, source="'crm'", entity="'deals'", path=path))
    result = landed.run("arrival", DEALS)[f"{DEALS}.quarantined_files"]
    assert result.status == "failed"
    assert result.observed == f"{path}: gzip is truncated. send it again"
    assert "partner-scoring dismiss FILE" in result.remedy
    assert landed.run("arrival", "raw_crm.leads")["raw_crm.leads.quarantined_files"].status == (
        "passed"
    )
    landed.plant(
        "insert into landing.files by name select 1001 as file_id, 7 as batch_id, "
        "'crm' as source, 'deals' as entity, 'crm/deals/new.csv' as path, 'landed' as status, "
        "40 as rows_landed, 0 as lines_rejected"
    )
    assert landed.run("arrival", DEALS)[f"{DEALS}.quarantined_files"].status == "passed"


def test_a_file_replaced_by_content_that_had_landed_is_answered(landed: Warehouse) -> None:
    landed.plant(
        UNTRUSTED.format(batch=6, source="'crm'", entity="'deals'", path="crm/deals/new.csv"),
        "update landing.files set sha256 = 'known' where entity = 'deals' and batch_id = 5",
        "create table landing.seen as select 'crm/deals/new.csv' as path, 'crm' as source, "
        "'deals' as entity, 'known' as sha256",
    )
    assert landed.run("arrival", DEALS)[f"{DEALS}.quarantined_files"].status == "passed"


@pytest.mark.parametrize(("folder", "waits_in"), [("crm", "raw_crm.leads"), ("CRM", None)])
def test_a_file_moved_to_where_it_belongs_is_answered(
    landed: Warehouse, folder: str, waits_in: str | None
) -> None:
    path = f"{folder}/leads/new.csv"
    landed.plant(
        UNTRUSTED.format(batch=6, source=f"'{folder}'", entity="'leads'", path=path),
        "update landing.files set sha256 = 'moved' where file_id = 1000",
    )
    relation = waits_in or "landing.files"
    check = f"{relation}.{'quarantined_files' if waits_in else 'unknown_folders'}"
    assert landed.run("arrival", relation)[check].status == "failed"
    landed.plant(
        "insert into landing.files by name select 1001 as file_id, 7 as batch_id, "
        "'crm' as source, 'deals' as entity, 'crm/deals/new.csv' as path, 'landed' as status, "
        "'moved' as sha256, 40 as rows_landed, 0 as lines_rejected, "
        "timestamp '2026-11-06 03:30:00' as loaded_at"
    )
    assert landed.run("arrival", relation)[check].status == "passed"


def test_a_dismissed_file_is_answered(landed: Warehouse) -> None:
    landed.plant(
        UNTRUSTED.format(batch=6, source="'crm'", entity="'deals'", path="crm/deals/new.csv"),
        "update landing.files set status = 'dismissed' where file_id = 1000",
    )
    assert landed.run("arrival", DEALS)[f"{DEALS}.quarantined_files"].status == "passed"


@pytest.mark.parametrize("source", ["null", "'crmm'"])
def test_a_file_of_no_known_entity_fails(landed: Warehouse, source: str) -> None:
    landed.plant(
        UNTRUSTED.format(batch=6, source=source, entity="'deals'", path="crmm/deals/a.csv")
    )
    result = landed.run("arrival", "landing.files")["landing.files.unknown_folders"]
    assert result.status == "failed"
    assert result.remedy.startswith("Move each as is said of it")


def test_a_day_before_the_first_record_fails_and_the_first_is_named(landed: Warehouse) -> None:
    check = "landing.files.something_to_score"
    assert landed.run("arrival", "landing.files")[check].status == "passed"
    too_early = landed.run("arrival", "landing.files", as_of=date(2020, 1, 1))[check]
    assert (too_early.status, too_early.severity) == ("failed", "error")
    (first,) = re.findall(r"--as-of (\S+) at the earliest", too_early.remedy)
    assert "not over by 2020-01-01" in too_early.observed
    day = date.fromisoformat(first)
    assert day.isoweekday() == 7
    assert landed.run("arrival", "landing.files", as_of=day)[check].status == "passed"
    before = landed.run("arrival", "landing.files", as_of=day - timedelta(days=1))[check]
    assert before.status == "failed"


def test_partners_alone_are_nothing_to_score(landed: Warehouse) -> None:
    tables = [one.table for one in load_contracts().values() if one.name != "crm.partners"]
    landed.plant(*(f"delete from {table}" for table in tables))
    for as_of in (AS_OF, None):
        results = landed.run("arrival", "landing.files", as_of=as_of)
        result = results["landing.files.something_to_score"]
        assert (result.status, result.observed) == (
            "failed", "no record says what partners did and when",
        )  # fmt: skip
        assert "crm.activities" in result.remedy


def test_a_day_after_the_data_is_told_how_far_they_reach(landed: Warehouse) -> None:
    asked = landed.run("arrival", "raw_crm.leads", as_of=date(2035, 1, 1))
    assert asked["raw_crm.leads.freshness"].status == "failed"
    (day,) = re.findall(r"records reach to (\S+)\.$", asked["raw_crm.leads.freshness"].remedy)
    reached = landed.run("arrival", "raw_crm.leads", as_of=date.fromisoformat(day))
    assert reached["raw_crm.leads.freshness"].status == "passed"
    # A day that nobody asked for cannot be taken back.
    landed.plant("update raw_crm.leads set submitted_at = '2026-01-01T00:00:00Z'")
    left = landed.run("arrival", "raw_crm.leads", as_of=None)["raw_crm.leads.freshness"]
    assert left.status == "failed" and "earlier day" not in left.remedy


def test_only_what_was_known_by_then_counts(landed: Warehouse) -> None:
    landed.spoil(DEALS, "amount", "a lot")
    landed.plant(UNTRUSTED.format(batch=6, source="'crm'", entity="'deals'", path="crm/deals/b"))
    known_at = datetime(2026, 11, 5, 12, tzinfo=UTC)
    landed.settings = landed.settings.model_copy(update={"known_at": known_at})
    assert {one.status for one in landed.run("arrival", DEALS).values()} == {"passed"}


def test_acceptance_is_that_of_staging() -> None:
    macros = "\n".join(
        path.read_text("utf-8") for path in sorted((PROJECT_DIR / "macros/staging").glob("*.sql"))
    )
    for pattern in (
        acceptance.TIMESTAMP,
        acceptance.DATE,
        acceptance.INTEGER,
        acceptance.BOOLEAN,
    ):
        assert re.search(rf"^\s*{re.escape(pattern)}$", macros, re.MULTILINE), pattern
    decimal = (
        "[+-]?[0-9]{1,{{ precision | int - scale | int }}}(?:[.][0-9]{0,{{ scale | int }}}0*)?"
    )
    assert decimal in macros
    assert acceptance.decimal_pattern("decimal(18,2)") == ("[+-]?[0-9]{1,16}(?:[.][0-9]{0,2}0*)?")
    days = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text("utf-8"))["vars"]
    assert days["earliest_plausible_day"] == str(acceptance.EARLIEST_PLAUSIBLE_DAY)
    assert days["clock_tolerance_days"] == acceptance.CLOCK_TOLERANCE_DAYS


def test_every_contract_has_its_checks() -> None:
    relations = {spec.relation for spec in expected_checks("arrival")}
    assert relations == {one.table for one in load_contracts().values()} | {"landing.files"}
    names = [spec.check_name for spec in expected_checks("arrival")]
    assert len(names) == len(set(names))
    assert all(spec.expected and spec.remedy for spec in expected_checks("arrival"))
