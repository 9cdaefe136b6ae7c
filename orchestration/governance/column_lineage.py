"""From each column of a mart back to where it begins: files, policy, ledgers.

Works on the lineage that `orchestration/lineage` read from compiled SQL: which columns a column is
made from, not what filters its rows. A column that reads no column (a constant, a count) is made
from the rows of what its model refers to; where a model refers to nothing, the project states it.
"""

from collections.abc import Iterator, Mapping, Sequence

Found = Mapping[str, Mapping[str, Sequence[str]]]  # model -> column -> parents' columns
PIPELINE = ("landing", "quality", "derived", "analysis")
Origin = tuple[str, str, str]  # kind, relation, column


def rows(found: Found, dependencies: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """Rows of `derived.column_lineage`; `dependencies` has what each model refers to."""
    origins = _Origins(found, dependencies)
    for model in sorted(found):
        schema, mart = model.split(".")
        if schema != "marts":
            continue
        for column in sorted(found[model]):
            parents = origins.parents(model, column)
            for step, made_from in (("parent", parents), ("origin", origins.of(model, column))):
                for kind, relation, relation_column in sorted(made_from):
                    yield {
                        "mart": mart,
                        "column_name": column,
                        "step": step,
                        "kind": kind,
                        "relation": relation,
                        "relation_column": relation_column,
                    }


class _Origins:
    """Remembers what has been traced: most columns of marts share their beginnings."""

    def __init__(self, found: Found, dependencies: Mapping[str, Sequence[str]]) -> None:
        self._found = found
        self._dependencies = dependencies
        self._known: dict[tuple[str, str], frozenset[Origin]] = {}

    def parents(self, model: str, column: str) -> frozenset[Origin]:
        """What the model itself reads for a column."""
        named = [parent.rsplit(".", 1) for parent in self._found[model].get(column, ())]
        # A generator of rows has no name.
        read = {(self._kind(name, of), name, of) for name, of in named if name.strip(".")}
        if read:
            return frozenset(read)
        referred = self._dependencies.get(model, ())
        if referred:
            return frozenset(("rows", name, "*") for name in referred)
        return frozenset({("stated", model, "")})

    def of(self, model: str, column: str) -> frozenset[Origin]:
        """Where a column begins."""
        key = (model, column)
        if key not in self._known:
            self._known[key] = frozenset()  # what adds to itself begins elsewhere
            begun: set[Origin] = set()
            for kind, relation, name in self.parents(model, column):
                if kind == "model":
                    begun |= self.of(relation, name)
                else:
                    begun.add((kind, relation, name))
            self._known[key] = frozenset(begun)
        return self._known[key]

    def _kind(self, relation: str, column: str) -> str:
        schema = relation.split(".")[0]
        if relation in self._found:
            return "model"
        if schema == "policy":
            return "policy"
        # Landing adds columns of its own to those of a file.
        return "ledger" if schema in PIPELINE or column.startswith("_") else "file"
