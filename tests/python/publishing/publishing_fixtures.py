"""A tiny working database with schema `marts`, and facts of a run that may be published.

Its own module, because the scripts that the tests kill use it too.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from orchestration.publishing import RunFacts
from orchestration.settings import Settings

BUILD = """
create schema marts;
create schema quality;
create table marts.partner_score_history as
    select
        'P' || lpad((i % {partners})::varchar, 5, '0') as partner_id,
        date '2024-01-01' + 7 * cast(i // {partners} as integer) as week_start,
        case when i % 3 = 0 then 'high' else 'low' end as revenue_band,
        'low' as engagement_band,
        case when i % 11 = 0 then 'provisional' else 'published' end as status,
        ((i * 37 + {seed}) % 1000) / 9.0 as revenue_score,
        cast(((i * 53) % 1000) / 10.0 as decimal(9, 4)) as engagement_score,
        i % 2 = 0 as is_restated,
        timestamptz '2026-06-01 08:00:00+00' + to_seconds(i) as calculated_at
    from range({partners} * {weeks}) as r (i);
comment on table marts.partner_score_history is 'Every score that was published''s own words.';
comment on column marts.partner_score_history.revenue_score is 'Expected revenue, 0 to 100.';
create table marts.partner_scorecards as
    select partner_id, week_start, 'baseline' as segment, status, revenue_score, engagement_score,
        revenue_band, engagement_band, 0.8 as coverage, ['a', null] as reasons,
        170141183460469231731687303715884105727 % 7 as headcount, cast('nan' as double) as odd,
        {seed} as seed
    from marts.partner_score_history
    qualify row_number() over (partition by partner_id order by week_start desc) = 1;
create table quality.check_results (check_name varchar, status varchar);
insert into quality.check_results values ('scores between 0 and 100', 'passed');
create view marts.quality_checks as select check_name, status, {seed} as seed
    from "working"."quality"."check_results";
create view marts.plain_view as select * from quality.check_results;
comment on view marts.quality_checks is 'Checks of the run.';
comment on column marts.quality_checks.status is 'passed, failed or crashed.';
"""


def build_working(settings: Settings, *, seed: int = 0, partners: int = 20, weeks: int = 8) -> None:
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    settings.working_database.unlink(missing_ok=True)
    with duckdb.connect(str(settings.working_database)) as connection:
        connection.execute(BUILD.format(seed=seed, partners=partners, weeks=weeks))


def make_facts(**changes: Any) -> RunFacts:
    facts = RunFacts(
        run_id="run-1",
        started_at=datetime(2026, 6, 28, 10, 0, tzinfo=UTC),
        as_of=date(2026, 6, 28),
        known_at=None,
        code_version="0123abc",
        framework_versions=("2026.1",),
        framework_hash="f" * 64,
        inputs=[
            {"entity": "crm.partners", "path": "crm/partners/a.csv", "sha256": "a" * 64,
             "rows": 20, "status": "landed"},
        ],
        totals={"landed": 20, "staged": 20, "quarantined": 0},
        checks_expected=["scores between 0 and 100"],
        check_results=[
            {"run_id": "run-1", "check_name": "scores between 0 and 100", "status": "passed",
             "severity": "error"},
        ],
        fingerprint="abc",
    )  # fmt: skip
    return replace(facts, **changes)
