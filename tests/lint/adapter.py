"""`adapter.dispatch`: a call of the dispatched macro stands for what it renders."""

from collections.abc import Callable


def dispatch(name: str, _package: str) -> Callable[..., str]:
    alias = " as steps" if name == "steps" else ""
    return lambda *arguments: f"{name}({', '.join(map(str, arguments))}){alias}"
