"""JSON: an array of names or of objects, an object that leads there, or a document a line (JSON Lines).

``field`` is the dotted path to the name: ``url`` of each object of an array, ``data.hosts``, ``*.url`` below any key.
``category_field`` is a key of the object the name stands in, or of one round it; behind it stands one category, or an
array of several.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from hedgerow.stores.formats.jsontext import Json, JsonText, Path, read_text
from hedgerow.stores.formats.lines import per_file
from hedgerow.stores.formats.model import FormatError, Found, LineError, Options, Row, Skipped
from hedgerow.stores.formats.values import category_of, value

type Word = tuple[Json, tuple[str, ...]]  # a value and its categories


def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
    text = read_text(file)
    if not text.strip():
        return
    path = tuple(key for key in options.field.split(".") if key)
    reader = _Reader(path, options.category_field)
    yield from reader.lines(text) if _one_a_line(text) else reader.document(JsonText(text))
    if reader.missed and not reader.met:
        raise FormatError(f"has no field {options.field or options.category_field!r}")


class _Reader:
    def __init__(self, path: Path, category_field: str) -> None:
        self._path, self._category_field, self.met, self.missed = path, category_field, 0, 0

    def lines(self, text: str) -> Iterator[Row]:
        for number, line in enumerate(text.split("\n"), 1):
            try:
                if line.strip():
                    yield from self.document(JsonText(line, number))
            except FormatError as error:
                yield Skipped(number, str(error))

    def document(self, document: JsonText) -> Iterator[Row]:
        for place, item, rest in document.items(self._path):
            line = document.line_at(place)
            try:
                for word, categories in self._words(item, rest, ()):
                    if isinstance(word, str):
                        place = document.place_of(word, place)
                        line = document.line_at(place)
                        yield from _in_each(value(line, word), categories)
                    else:
                        yield Skipped(line, "is no text")
            except (LineError, RecursionError) as error:
                yield Skipped(line, str(error))

    def _words(self, item: Json, path: Path, categories: tuple[str, ...]) -> Iterator[Word]:
        if isinstance(item, list):
            for one in item:
                yield from self._words(one, path, categories)
        elif isinstance(item, dict):
            categories = self._categories(item) or categories
            if not path or path[0] != "*" and path[0] not in item:
                self.missed += 1
                raise LineError(f"has no field {path[0]!r}" if path else "is an object: say which field")
            for one in item.values() if path[0] == "*" else (item[path[0]],):
                yield from self._words(one, path[1:], categories)
        elif path:
            self.missed += 1
            raise LineError(f"has no field {path[0]!r}")
        else:
            self.met += 1
            yield item, categories

    def _categories(self, item: dict[str, Json]) -> tuple[str, ...]:
        """One, or all of an array."""
        found = item.get(self._category_field) if self._category_field else None
        named = found if isinstance(found, list) else [found]
        return tuple(dict.fromkeys(category_of(str(one)) for one in named if isinstance(one, str | int)))


def _in_each(rows: Iterator[Row], categories: tuple[str, ...]) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Found) and categories:
            yield from (row._replace(category=category) for category in categories)
        else:
            yield row


def _one_a_line(text: str) -> bool:
    head, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and json.loads(head) is not None
    except (ValueError, RecursionError):
        return False


JSON = per_file(rows)
