"""Copies of a release for other tools: Parquet, CSV and Excel files, and a schema of PostgreSQL.

Plain Python: it is handed a connection to a release and its manifest, and knows neither the
orchestrator nor the other stages. See `docs/exports.md`.
"""

from orchestration.exports.excel import EXCEL_ROWS
from orchestration.exports.exporting import FORMATS, Exported, export
from orchestration.exports.facts import ExportError, Mart, chosen_marts
from orchestration.exports.postgres import Published, publish_postgres

__all__ = [
    "EXCEL_ROWS",
    "FORMATS",
    "ExportError",
    "Exported",
    "Mart",
    "Published",
    "chosen_marts",
    "export",
    "publish_postgres",
]
