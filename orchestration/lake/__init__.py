"""The lake: what landed, as Parquet, for an engine that is not in this process, and what it made.

`write` brings the lake up to date with the working database, `follow` corrects what was erased
there, `collect` shows the marts of the other
engine there. Plain Python over DuckDB and Arrow; how that engine is started is not known here.
"""

from orchestration.lake.collecting import collect
from orchestration.lake.writing import LakeError, LakeReport, follow, write

__all__ = ["LakeError", "LakeReport", "collect", "follow", "write"]
