"""The dashboard over the current release: six pages in a browser of this machine.

It reads releases, through `dashboard.reader` only, and nothing else of the pipeline: never the
working database. `data` asks, `figures` draws, `pages` arranges, `server` answers on 127.0.0.1.
What it needs is the dependency group `dashboard` (docs/dashboard.md).
"""
