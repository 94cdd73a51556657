"""JSON (RFC 8259) of lists: items are taken out one by one, with their place, without building the whole document.

A path is keys: ``("data", "url")``. ``*`` is any key of an object; the items of an array are gone through unnamed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from typing import IO

from hedgerow.stores.formats.model import FormatError

MOST_JSON = 256 << 20  # bytes of one document; it is held in memory
_NEAR = 4_096  # characters
_SPACE = re.compile(r"[ \t\n\r]*")
_VALUE = json.JSONDecoder().raw_decode

type Json = None | bool | int | float | str | list[Json] | dict[str, Json]
type Path = tuple[str, ...]
type Item = tuple[int, Json, Path]  # place in the text, value, what is left of the path


def read_text(file: IO[bytes]) -> str:
    """A whole file. Raises FormatError for one that is too long to be held."""
    data = file.read(MOST_JSON + 1)
    if len(data) > MOST_JSON:
        raise FormatError(f"a JSON document of more than {MOST_JSON >> 20} MB")
    return data.decode("utf-8-sig", "surrogateescape")


class JsonText:
    """One document; ``line`` is where it begins in its file."""

    def __init__(self, text: str, line: int = 1) -> None:
        self._text, self._line, self._counted = text, line, 0

    def items(self, path: Path) -> Generator[Item]:
        """What the path leads to: each item of an array, or the value itself. Raises FormatError.

        An item of an array is given as a whole, with the rest of the path.
        """
        place = 0
        try:
            place = yield from self._walk(self._skip(0), path)
            if self._skip(place) != len(self._text):
                raise ValueError("more behind the end")
        except (ValueError, RecursionError, IndexError) as error:
            raise FormatError(f"is no JSON: {str(error)[:80]}") from None

    def keys(self) -> Generator[tuple[int, str]]:
        """(place, key) of a document that is an object. Raises FormatError."""
        place = 0
        try:
            place = self._skip(0)
            if self._text[place] != "{":
                raise ValueError("no object")
            place = self._skip(place + 1)
            while self._text[place] != "}":
                key, value = self._key(place)
                yield place, key
                place = self._next(_VALUE(self._text, value)[1], "}")
        except (ValueError, RecursionError, IndexError) as error:
            raise FormatError(f"is no JSON: {str(error)[:80]}") from None

    def line_at(self, place: int) -> int:
        """Places must not fall."""
        if place > self._counted:
            self._line += self._text.count("\n", self._counted, place)
            self._counted = place
        return self._line

    def place_of(self, word: str, after: int) -> int:
        """Where a string stands next, as far as it is near and written without escapes; else ``after``."""
        return max(after, self._text.find(f'"{word}"', after, after + len(word) + _NEAR))

    def _walk(self, place: int, path: Path) -> Generator[Item, None, int]:
        if self._text[place] == "[":
            return (yield from self._array(place, path))
        if path and self._text[place] == "{":
            return (yield from self._object(place, path))
        value, end = _VALUE(self._text, place)
        yield place, value, path
        return end

    def _array(self, place: int, path: Path) -> Generator[Item, None, int]:
        place = self._skip(place + 1)
        while self._text[place] != "]":
            if self._text[place] == "[":
                place = yield from self._array(place, path)
            else:
                value, end = _VALUE(self._text, place)
                yield place, value, path
                place = end
            place = self._next(place, "]")
        return place + 1

    def _object(self, place: int, path: Path) -> Generator[Item, None, int]:
        place = self._skip(place + 1)
        while self._text[place] != "}":
            key, place = self._key(place)
            if path[0] in (key, "*"):
                place = yield from self._walk(place, path[1:])
            else:
                _, place = _VALUE(self._text, place)
            place = self._next(place, "}")
        return place + 1

    def _key(self, place: int) -> tuple[str, int]:
        """A key and where its value begins."""
        key, place = _VALUE(self._text, place)
        place = self._skip(place)
        if not isinstance(key, str) or self._text[place] != ":":
            raise ValueError("a key without its value")
        return key, self._skip(place + 1)

    def _next(self, place: int, end: str) -> int:
        """Behind a comma, or at the end of what is listed."""
        place = self._skip(place)
        if self._text[place] == ",":
            place = self._skip(place + 1)
            if self._text[place] == end:
                raise ValueError("a comma before the end")
        elif self._text[place] != end:
            raise ValueError("a comma is missing")
        return place

    def _skip(self, place: int) -> int:
        space = _SPACE.match(self._text, place)
        return space.end() if space else place
