"""Who may see which mart: `meta.audience` of the mart, as the manifest of a release repeats it.

Three circles, each inside the next: what any partner may be handed, what the programme's own people
work with, and what only those who answer for the scores see. A mart that does not say is only for
the innermost few. What is in which circle is stated beside the marts, not here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

AUDIENCES = ("partner", "programme", "governance")
INNERMOST = AUDIENCES[-1]


class UnknownAudience(ValueError):
    """Nobody is called that."""


def may_see(reader: str, audience: str | None) -> bool:
    """Whether a reader may see what is meant for an audience (None: nobody said)."""
    if reader not in AUDIENCES:
        raise UnknownAudience(f"There is no audience {reader!r}. Choose of {', '.join(AUDIENCES)}.")
    meant = audience if audience in AUDIENCES else INNERMOST
    return AUDIENCES.index(meant) <= AUDIENCES.index(reader)


def marts_for(manifest: Mapping[str, Any], reader: str, asked: Sequence[str] = ()) -> list[str]:
    """The marts of a release that a reader may see, or of those the `asked` ones.

    Raises PermissionError if one that is asked for is not for the reader, or if nothing is: an
    empty list would be read as all.
    """
    found = sorted(
        name for name, mart in manifest["marts"].items() if may_see(reader, mart.get("audience"))
    )
    hidden = sorted(set(asked) & set(manifest["marts"]) - set(found))
    if hidden or not found:
        raise PermissionError(
            f"Not for the audience {reader}: {', '.join(hidden) or 'any mart of this release'}."
        )
    return list(asked) or found
