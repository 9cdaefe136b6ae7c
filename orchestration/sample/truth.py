"""What is true of the sample and lands nowhere: traits, departures, effects, dirt.

Lies beside the landing folder, never in it: `partners.parquet`, `experiment.json`, `effects.json`,
`dirt.json`, and `sample.json` with what made the sample (next_day reads it).
"""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sample import names
from orchestration.sample.dirt import Blemish
from orchestration.sample.parameters import TIERS, TRACKS
from orchestration.sample.randomness import NEVER, Array
from orchestration.sample.rendering import Renderer
from orchestration.sample.world import World

SAMPLE_FILE = "sample.json"


def write_truth(folder: Path, world: World, renderer: Renderer, blemishes: list[Blemish]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write_partners(folder / "partners.parquet", world, renderer)
    parameters = world.parameters
    write_json(folder / "effects.json", asdict(parameters))
    write_json(folder / "experiment.json", {
        "experiment_id": parameters.experiment_id,
        "effect_on": "log of the level of activity, from the assignment on",
        "true_effect_log": parameters.experiment_effect_log,
        "assigned": int((world.behaviour.arm >= 0).sum()),
        "strata": [
            {"stratum": name, "partners": partners, "coached": coached}
            for name, partners, coached in world.strata
        ],
    })  # fmt: skip
    write_json(folder / "dirt.json", [asdict(each) for each in blemishes])


def _write_partners(path: Path, world: World, renderer: Renderer) -> None:
    population, state = world.population, world.behaviour
    known = slice(0, population.partners)
    arms = [names.ARMS[each] if each >= 0 else None for each in state.arm[known]]
    table = pa.table({
        "partner_id": renderer.partner_ids[known],
        "track": pa.array([TRACKS[each] for each in population.track[known]]),
        "fit": population.fit[known],
        "capability": population.capability[known],
        "engagement": population.engagement[known],
        "drive": population.drive[known],
        "contract_signed_at": _times(population.contract_at[known]),
        "never_active": population.never_active[known],
        "churned_at": _times(state.churned_at[known]),
        "terminated_at": _times(state.terminated_at[known]),
        "tier": pa.array([TIERS[each] for each in state.tier[known]]),
        "won_deals": state.wins[known],
        "arm": pa.array(arms, pa.string()),
    })  # fmt: skip
    pq.write_table(table, path)


def _times(values: Array) -> Any:
    seconds = np.where(values == NEVER, 0, values)
    return pa.array(seconds, mask=values == NEVER).cast(pa.timestamp("s", tz="UTC"))


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_sample(
    folder: Path,
    recipe: dict[str, Any],
    *,
    through: date | None,
    rows: dict[str, int] | None = None,
) -> None:
    """Note what makes the sample, and the last day that is written; None while it is being made."""
    folder.mkdir(parents=True, exist_ok=True)
    last_day = through.isoformat() if through else None
    write_json(folder / SAMPLE_FILE, {"recipe": recipe, "through": last_day, "rows": rows or {}})


def read_sample(folder: Path) -> dict[str, Any] | None:
    """What made the sample; None if none was made here."""
    path = folder / SAMPLE_FILE
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
