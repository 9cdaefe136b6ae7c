"""What Dagster loads: every asset, check and edge, held against a list that is read in review."""

import os
from pathlib import Path

import pytest

from orchestration import quality
from orchestration.contracts import load_contracts
from orchestration.locking import single_writer
from orchestration.settings import Settings

GRAPH = Path(__file__).with_name("asset_graph.txt")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory):
    """The definitions, loaded with a warehouse of their own."""
    os.environ["PARTNER_SCORING_WAREHOUSE"] = str(tmp_path_factory.mktemp("warehouse"))
    from orchestration.definitions import definitions

    return definitions.get_repository_def()


def _described(repository) -> list[str]:
    """One line per asset (group, key, what it is made from) and per check."""
    graph = repository.asset_graph
    lines = []
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        parents = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"{node.group_name}: {key.to_user_string()} <- {parents}".rstrip())
    for check in sorted(graph.asset_check_keys, key=str):
        blocking = " (blocking)" if graph.get_check_spec(check).blocking else ""
        lines.append(f"check: {check.asset_key.to_user_string()} {check.name}{blocking}")
    return lines


def test_every_asset_check_and_edge_is_expected(repository):
    described = _described(repository)
    if os.environ.get("UPDATE_GRAPH"):
        GRAPH.write_text("\n".join(described) + "\n")
    expected = GRAPH.read_text().splitlines()
    missing = sorted(set(expected) - set(described))
    added = sorted(set(described) - set(expected))
    assert not missing and not added, (
        f"no longer there: {missing}\nnew: {added}\n"
        f"If that is meant, UPDATE_GRAPH=1 pytest {Path(__file__).name} writes the list anew."
    )


def test_every_table_that_a_gate_checks_has_a_blocking_check_on_an_asset(repository):
    from orchestration.checks import asset_key

    graph = repository.asset_graph
    known = graph.get_all_asset_keys()
    for gate in ("arrival", "release"):
        for relation in quality.relations(gate):
            key = asset_key(relation)
            assert key in known, f"{relation} is checked, but no asset has the key {key}"
            names = {each.name for each in graph.asset_check_keys if each.asset_key == key}
            assert f"{gate}_gate" in names


def test_every_entity_of_the_contract_is_an_asset_with_owner_and_description(repository):
    graph = repository.asset_graph
    for contract in load_contracts().values():
        from orchestration.assets.landing import raw_key

        node = graph.get(raw_key(contract))
        assert node.owners == [f"team:{contract.owner}"]
        assert node.description


def test_the_release_waits_for_every_mart_and_both_gates(repository):
    import dagster as dg

    graph = repository.asset_graph
    parents = graph.get(dg.AssetKey("release")).parent_keys
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert parents == marts
    job = repository.get_job("score_partners")
    assert job.executor_def.name == "in_process"


def test_groups_are_folders(repository):
    graph = repository.asset_graph
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        if len(key.path) == 2 and key.path[0] in (
            "staging", "activities", "partners", "metrics", "scores", "predictions", "benchmarks",
            "marts", "policy",
        ):  # fmt: skip
            assert node.group_name == key.path[0]


def test_schedule_sensor_and_freshness_are_there(repository):
    import dagster as dg

    assert repository.get_schedule_def("every_day").cron_schedule == "30 5 * * *"
    assert repository.get_sensor_def("new_files").job_name == "score_partners"
    assert repository.asset_graph.get(dg.AssetKey("release")).freshness_policy is not None


def test_the_job_starts_no_step_while_another_holds_the_warehouse(repository, tmp_path: Path):
    """Nothing is landed, built or served."""
    from orchestration.definitions import definitions

    settings = Settings(landing=tmp_path / "landing", warehouse=tmp_path / "warehouse")
    with single_writer(settings, "partner-scoring run"):
        result = definitions.resolve_job_def("score_partners").execute_in_process(
            resources={"settings": settings}, raise_on_error=False
        )
    assert not result.success
    assert not [each for each in result.all_events if each.is_step_event]
    assert [path.name for path in settings.warehouse.iterdir()] == [settings.lock_file.name]


def test_every_step_that_writes_asks_for_the_warehouse(repository):
    """Whichever assets a person starts, and with the executor that makes a resource once a run."""
    everything = repository.get_implicit_global_asset_job_def()
    assert everything.executor_def.name == "in_process"
    steps = everything.graph.node_defs
    asking = {step.name for step in steps if "writable" in step.required_resource_keys}
    assert {"land_files", "warehouse", "release", "arrival_gate", "release_gate"} <= asking
    # It reads a release and writes a page.
    assert {step.name for step in steps} - asking == {"review_pack"}
