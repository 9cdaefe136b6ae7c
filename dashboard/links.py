"""Links that open a page with its controls set, as the pages themselves write them in the address.

A page keeps each control in the address as `b64_` and the value as JSON in base64, for URLs.
"""

import base64
import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.controls import control_id


def to(page: str, **controls: Any) -> str:
    """The address of a page; controls by their short name, as `partner` or `segment`."""
    path = "/" if page == "programme" else f"/{page}"
    given = {control_id(page, name): _encoded(value) for name, value in controls.items()}
    return f"{path}?{urlencode(given)}" if given else path


def to_partner(partner_id: str, **controls: Any) -> str:
    return to("partner", partner=partner_id, **controls)


def read(search: str) -> dict[str, Any]:
    """The controls that an address sets, by their full name; what cannot be read is left out."""
    found = {}
    for name, text in parse_qsl(search.removeprefix("?")):
        encoded = text.removeprefix("b64_")
        if encoded != text:
            with suppress(ValueError):
                padded = encoded + "=" * (-len(encoded) % 4)
                found[name] = json.loads(base64.urlsafe_b64decode(padded))
    return found


def _encoded(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return "b64_" + base64.urlsafe_b64encode(text).decode().rstrip("=")
