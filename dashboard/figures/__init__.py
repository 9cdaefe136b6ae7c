"""Frames in, charts and texts out: pure functions, one module a page."""
