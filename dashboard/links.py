"""Links that open a page with its controls set, as the pages themselves write them in the address.

A page keeps each control in the address as `b64_` and the value as JSON in base64, for URLs.
"""

import base64
import json
from typing import Any
from urllib.parse import urlencode

from dashboard.controls import control_id


def to(page: str, **controls: Any) -> str:
    """The address of a page; controls by their short name, as `partner` or `segment`."""
    path = "/" if page == "programme" else f"/{page}"
    given = {control_id(page, name): _encoded(value) for name, value in controls.items()}
    return f"{path}?{urlencode(given)}" if given else path


def to_partner(partner_id: str, **controls: Any) -> str:
    return to("partner", partner=partner_id, **controls)


def _encoded(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return "b64_" + base64.urlsafe_b64encode(text).decode().rstrip("=")
