"""Experiments: who is given which arm, and what came of it by the plan that was registered before.

Policy says what is planned, SQL counts (`models/experiments`), this package draws arms and tests
what SQL counted. Nothing here looks at single partners but the draw and the permutation test.
"""

from orchestration.experiments.analysis import Report, analyse
from orchestration.experiments.assignment import Draw, NotAssignable, draw, write

__all__ = ["Draw", "NotAssignable", "Report", "analyse", "draw", "write"]
