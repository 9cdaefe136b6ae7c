"""The engine for which SQL is linted."""

type = "duckdb"
