"""Refuses contracts that landing could not follow, before any file is touched.

What a contract may say at all is checked where it is loaded (`orchestration.contracts`).
"""

import codecs
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from orchestration.contracts import Contract, ContractError

PERSONAL = ("email", "identifier", "free_text")


def check(contracts: Iterable[Contract]) -> None:
    """Raise ContractError naming the entity, the key and what it may hold."""
    for contract in contracts:
        if (
            len(contract.delimiter) != 1
            or contract.delimiter in '"\r\n'
            or (not contract.delimiter.isascii())
        ):
            raise _error(contract, "delimiter", contract.delimiter, "one ASCII character, no quote")
        if contract.decimal_separator == contract.thousands_separator:
            raise _error(
                contract, "thousands_separator", contract.thousands_separator, "another character"
            )
        try:
            codecs.lookup(contract.encoding)
        except LookupError as error:
            wanted = "an encoding that Python knows, such as utf-8 or cp1252"
            raise _error(contract, "encoding", contract.encoding, wanted) from error
        try:
            ZoneInfo(contract.timezone or "UTC")
        except (KeyError, ValueError, OSError) as error:
            wanted = "an IANA time zone, such as Europe/Berlin"
            raise _error(contract, "timezone", contract.timezone, wanted) from error
        for column in contract.columns:
            if column.personal_data not in (None, *PERSONAL):
                wanted = f"one of {', '.join(PERSONAL)}"
                where = f"personal_data of {column.name}"
                raise _error(contract, where, column.personal_data, wanted)
            if column.name.startswith("_"):
                raise _error(contract, "column", column.name, "a name without leading underscore")


def _error(contract: Contract, key: str, found: object, wanted: str) -> ContractError:
    return ContractError(
        f"models/staging/{contract.source}/_{contract.source}.yml, {contract.entity}: "
        f"{key} is {found!r}; it must be {wanted}"
    )
