"""Do words stand in a text that show only through leet and splits (``c4sino``, ``c a s i n o``)? A fast "no".

The letters of a text are joined, figures read as letters, and words sought in that. What stands there openly is no
news; what stands there only so deserves a closer look (``core.disguise``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hedgerow.core.literals import MOST_KEYS, Literals
from hedgerow.core.normal import encoded, veiled

_SHORTEST, _FEWEST = 6, 4
"""Bytes and letters: those of shorter words meet across the words of any text."""


class Hidden:
    """Words, compiled. Immutable. Of very long lists nothing is looked for: each page would need a closer look."""

    __slots__ = ("_keys", "_literals")

    def __init__(self, words: Iterable[str]) -> None:
        keys = {word: veiled(encoded(word)) for word in words}
        keys = {w: found for w, found in keys.items() if len(found) >= _SHORTEST and len(found.decode()) >= _FEWEST}
        self._keys = keys if len(keys) <= MOST_KEYS else {}
        self._literals = Literals(tuple(dict.fromkeys(self._keys.values())))

    def shows(self, data: bytes, openly: Callable[[], set[str]]) -> bool:
        """True when a word shows only so in an encoded text; ``openly`` tells which stand there as they are."""
        letters = veiled(data)
        if not self._literals.stand(letters):
            return False
        shown = {self._keys[word] for word in openly() if word in self._keys}
        return not shown.issuperset(self._literals.all(letters))
