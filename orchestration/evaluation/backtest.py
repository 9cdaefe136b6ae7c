"""What was published beside what happened, from the backtest tables of the warehouse."""

from typing import Any

import duckdb


def sections(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return {"missing": None, "parts": []}
