"""Read by Python before Superset: writes down every address that its server connects to."""

import os
import sys

_LOG = open(os.environ["CONNECTIONS"], "a", buffering=1)  # noqa: SIM115


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        print(event, arguments[1:] if event != "socket.getaddrinfo" else arguments, file=_LOG)


sys.addaudithook(_note)
