"""What the card of a release says of the marts that it is written from."""

from pathlib import Path

import duckdb

from orchestration.publishing.model_card import NEEDED, model_card

MARTS = """
create schema marts;
create table marts.partner_scorecards (partner_id varchar, status varchar);
insert into marts.partner_scorecards
    values ('P-1', 'published'), ('P-2', 'published'), ('P-3', 'unscored'), ('P-4', 'unscored');
create table marts.metric_registry (metric varchar, layer varchar, "owner" varchar);
create table marts.prediction_backtest (
    segment varchar, outcome varchar, partners bigint, origins integer, auc double, brier double,
    calibration_slope double, spearman double, interval_coverage double, first_origin date,
    last_origin date, period varchar, predictor varchar);
create table marts.prediction_fits (
    outcome varchar, segment varchar, method varchar, basis varchar, framework_version integer,
    fitted_versions varchar, partners double, events double, own_share double, first_week date,
    last_week date, is_newest boolean);
"""


def test_the_partners_of_a_card_add_up_with_who_begins_after_the_scored_week(
    tmp_path: Path,
) -> None:
    """The manifest counts those with a history of scores; P-4 has none yet."""
    database = tmp_path / "release.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(MARTS)
    manifest = {
        "release_id": "r",
        "marts": dict.fromkeys(NEEDED),
        "partners": 3,
        "run": {"as_of": "2026-06-28", "framework_versions": ["1"], "totals": {}},
    }
    card = model_card(manifest, database)
    assert card is not None
    assert "As of 2026-06-28, 4 partners: 2 published, 2 unscored." in card
