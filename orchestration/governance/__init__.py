"""Governance: whether what was decided, published and promised still stands, and who says so.

Plain Python over policy files, the registry and releases; it knows neither the orchestrator nor the
other stages. See `docs/governance.md`.
"""
