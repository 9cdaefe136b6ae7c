"""`adapter.dispatch`: a call of the dispatched macro stands for what it renders."""

from collections.abc import Callable


def dispatch(name: str, _package: str) -> Callable[..., str]:
    if name == "texts_in_one":  # its order and separator are no arguments of SQL
        return lambda text, *_: f"max({text})"
    if name == "rows_of_touched_partitions":  # nothing, on the engine that is linted
        return lambda *_: ""
    alias = " as steps" if name == "steps" else ""
    return lambda *arguments: f"{name}({', '.join(map(str, arguments))}){alias}"
