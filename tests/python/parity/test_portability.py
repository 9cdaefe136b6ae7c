"""The check of portability refuses each construct, says where, and lets a marked one pass."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import PROJECT_DIR
from parity import portability

REFUSED = {
    "asof join": "select * from a asof left join b on a.at >= b.at",
    "list functions": "select list_sum(list(x)) from a",
    "range": "select 1 from range(10)",
    "arg_max": "select arg_max(x, y) from a",
    "star exclude": "select * exclude (x) from a",
    "union by name": "select 1 union all by name select 2",
    "distinct on": "select distinct on (x) x from a",
    "integer division": "select 7 // 2",
    "power sign": "select 2 ^ 3",
    "date texts": "select strftime(at, '%Y') from a",
    "date arithmetic": "select at + interval 1 day from a",
    "epoch": "select epoch_ms(at) from a",
    "dates of dbt": "select {{ dbt.dateadd('day', 1, 'at') }}",
    "joined texts": "select string_agg(x, ',') from a",
    "regular expressions": "select regexp_replace(x, 'a', 'b') from a",
    "logarithm": "select log(x) from a",
    "hash": "select hash(x) from a",
    "bits": "select 1 << 2",
    "sum of a condition": "select sum(x = 1) from a",
    "minus after a window": "select sum(x) over w - x from a",
    "window upon a window": "select rank() over (w order by x) from a window w as (partition by y)",
    "division by zero": "select x / 0 from a",
    "types": "select cast(x as text) from a",
    "quoted names": 'select "Name" from a',
    "trailing comma": "select x,\nfrom a",
}
FINE = """
-- A comment may say list(x) or "this"; {# and so may #} this: 1 // 2
select
    {%- for metric in metrics() %},
    {{ metric.name }}
    {%- endfor %}
from {{ ref('metric_scores') }}
where x / 0.5 > 1 and sum(n) in (1, 2) and log1p is not null and name like 'http://%'
    and {{ full_match("x", "^a$") }}
    and max(a) over (order by b) > max(a) over w and interval_expected = 'daily'
    and squares_within is null
"""


@pytest.mark.parametrize("name", REFUSED)
def test_each_construct_is_refused_by_its_own_rule(name: str):
    sql = f"-- One row per x.\n{REFUSED[name]}\n"
    found = list(portability.findings(sql, Path("m.sql")))
    assert name in {each.rule.name for each in found}
    assert all(each.line >= 2 for each in found)


def test_every_rule_has_been_seen_to_refuse():
    assert {rule.name for rule in portability.RULES} == set(REFUSED)


def test_what_both_engines_know_is_fine():
    assert [str(each) for each in portability.findings(FINE, Path("m.sql"))] == []


@pytest.mark.parametrize("mark", ["-- portable: seeds only", "{# portable: seeds only #}"])
def test_a_marked_exception_passes_with_a_reason(mark: str):
    assert list(portability.findings(f"{mark}\nselect list(x) from a", Path("m.sql"))) == []
    assert list(portability.findings(f"select list(x) from a {mark}", Path("m.sql"))) == []
    without_reason = mark.split(":")[0] + ":"
    assert list(portability.findings(f"{without_reason}\nselect list(x)", Path("m.sql")))


def test_the_command_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "model.sql"
    path.write_text("select 1\nfrom range(10)\n")
    assert portability.main([str(path)]) == 1
    assert f"{path}:2: range is not portable" in capsys.readouterr().out
    path.write_text("select 1\n")
    assert portability.main([str(path)]) == 0


def test_the_project_is_portable():
    files = portability.project_files()
    assert len(files) > 100
    assert not any("portable" in path.parts for path in files)
    found = [str(each) for path in files for each in portability.findings(path.read_text(), path)]
    assert found == []


def test_types_of_policy_are_known_to_both_engines():
    # Spark's VARCHAR needs a length; DuckDB takes string for it.
    types = (PROJECT_DIR / "seeds" / "policy" / "_policy.yml").read_text()
    assert not re.findall(r"column_types:.*varchar", types)


def test_whole_numbers_of_seeds_state_their_type():
    # Unstated, they are INTEGER on DuckDB and BIGINT on Spark, where no contract takes them.
    seeds = {
        seed["name"]: (path.parent / f"{seed['name']}.csv", seed["config"].get("column_types", {}))
        for path in sorted((PROJECT_DIR / "seeds").rglob("*.yml"))
        for seed in yaml.safe_load(path.read_text())["seeds"]
    }
    whole = {
        (name, column)
        for name, (path, _) in seeds.items()
        for column, values in columns_of(path).items()
        if any(values) and all(re.fullmatch(r"-?[0-9]*", value) for value in values)
    }
    assert ("metric_anchors", "framework_version") in whole
    assert [each for each in sorted(whole) if each[1] not in seeds[each[0]][1]] == []


def columns_of(path: Path) -> dict[str, list[str]]:
    rows = list(csv.DictReader(path.read_text().splitlines()))
    return {column: [row[column] for row in rows] for column in rows[0]}
