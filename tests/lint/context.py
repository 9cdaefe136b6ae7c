"""The names that Jinja knows: none, so that no segment is found."""


def keys() -> list[str]:
    return []
