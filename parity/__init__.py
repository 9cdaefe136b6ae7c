"""Parity: the same programme built on DuckDB and on Spark, compared cell by cell.

A green build proves nothing about results, so nothing here looks at how a build ended: it reads
what both engines wrote. `python -m parity --help`.
"""
