"""The values of a person that is to be erased, and the tokens that take their places.

A token is drawn at random, one for each value: it tells nothing of the value and cannot be worked
out again, but two people stay two and one stays one, so that nothing that counts people moves.
No file is opened here.
"""

import re
import secrets
from collections import Counter
from collections.abc import Sequence

WORDS_BEFORE, WORDS_AFTER = r"(?<![\w@.+-])", r"(?![\w@+-]|\.\w)"
ADDRESS_BEFORE, ADDRESS_AFTER = r"(?<![\w.+%'-])", r"(?![\w-]|\.\w)"


class ErasedValues:
    """What each text becomes without the values; `found` counts replacements by value.

    E-mail addresses (values with an @) are found within any text, in upper or lower case. Other
    values are found where a whole cell is about a person, and as words of free text.
    """

    def __init__(self, values: Sequence[str]) -> None:
        self.found: Counter[str] = Counter()
        self._tokens: dict[str, str] = {}
        for value in values:
            token = f"erased-{secrets.token_hex(10)}"
            is_address = "@" in value
            key = value.lower() if is_address else value
            self._tokens.setdefault(key, f"{token}@erased.invalid" if is_address else token)
        addresses = [re.escape(each) for each in self._tokens if "@" in each]
        others = [re.escape(each) for each in self._tokens if "@" not in each]
        # The longest first: of two values that begin alike the whole one is meant.
        address = ADDRESS_BEFORE + _one_of(addresses) + ADDRESS_AFTER
        word = WORDS_BEFORE + _one_of(others) + WORDS_AFTER
        self._addresses = re.compile(address, re.IGNORECASE)
        self._words = re.compile(word)
        self._any = re.compile("|".join([f"(?i:{_one_of(addresses)})", _one_of(others)]))

    def perhaps_in(self, text: str) -> bool:
        """Whether a closer look is worth it; never false where something would be replaced."""
        return self._any.search(text) is not None

    def without_addresses(self, text: str) -> str:
        """Any text, without the e-mail addresses."""
        return self._addresses.sub(lambda hit: self._token(hit[0].lower()), text)

    def without_words(self, text: str) -> str:
        """Free text, without the addresses and without the other values where they are words."""
        return self._words.sub(lambda hit: self._token(hit[0]), self.without_addresses(text))

    def cell(self, text: str, personal_data: str | None) -> str:
        """A cell of a column with this class of personal data, None for any other column."""
        if personal_data == "free_text":
            return self.without_words(text)
        if personal_data is not None and (key := text.strip()) in self._tokens:
            return text.replace(key, self._token(key))  # blanks around it may be line ends
        return self.without_addresses(text)

    def missing(self) -> list[str]:
        """The values that were found nowhere."""
        return [value for value in self._tokens if not self.found[value]]

    def _token(self, key: str) -> str:
        self.found[key] += 1
        return self._tokens[key]


def _one_of(patterns: list[str]) -> str:
    return "(?:" + "|".join(sorted(patterns, key=len, reverse=True)) + ")" if patterns else r"(?!)"
