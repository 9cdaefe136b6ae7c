"""The dispatched macros rendered without dbt, as each engine gets them."""

from typing import Any

from jinja2 import Environment

from orchestration.settings import PROJECT_DIR

FILES = ("bits", "incremental", "randomness", "seeds", "series", "text", "time")


class Macros:
    """`Macros("spark").add_days("x", 1)` is the SQL for Spark."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        environment = Environment(extensions=["jinja2.ext.do"])
        # What `return` gives back is what the call stands for.
        environment.globals["return"] = lambda value: value
        environment.globals["adapter"] = self
        environment.globals["target"] = {"type": engine}
        folder = PROJECT_DIR / "macros" / "portable"
        texts = [(folder / f"{name}.sql").read_text(encoding="utf-8") for name in FILES]
        self._module = environment.from_string("\n".join(texts)).module

    def dispatch(self, name: str, _package: str) -> Any:
        """The macro of this engine, or the default one."""
        own = getattr(self._module, f"{self._engine}__{name}", None)
        return own or getattr(self._module, f"default__{name}")

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: str(getattr(self._module, name)(*given, **named)).strip()
