"""The assets of the pipeline, in the order in which data passes them.

This package and `definitions`, `checks`, `schedules` are the only places that import Dagster. The
work itself is done by the stages (landing, quality, publishing), which know nothing of it.
"""
