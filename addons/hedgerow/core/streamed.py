"""Text that comes bit by bit: server-sent events, JSON lines and WebSocket messages, read while they pass.

A reply is many small events, and a word may begin in one and end in the next. ``Frames`` cuts the bytes into whole
events, ``Running`` puts their texts together again, field by field. Memory is flat: a bounded event, and of each of at
most ``_FIELDS`` fields the last ``WINDOW`` characters. Standard: https://html.spec.whatwg.org/#event-stream-interpretation
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hedgerow.core.jsontext import json_passages, whole

WINDOW = 16 * 1024
"""Characters of one field that are judged together."""
BEHIND = 600
"""Characters before the newest that are looked at with it: room for the longest combination of words."""

_LONGEST = 256 * 1024  # bytes of one event; a longer one is judged in parts
_FIELDS = 48
_DEPTH = 64
_LAYERS = 2  # JSON written inside a JSON string
_WHOLE = 24  # characters from which on a text that begins like the last one is the last one, continued
_SAME = 6  # characters from which on the same text twice is no word that is said twice, but a label
# A bare CR may yet become CRLF: at the end of what has come it is none.
_LINE = re.compile(rb"\r\n|\n|\r(?!\Z|\n)")
_BLANK_LINE = re.compile(rb"(?>\r\n|\n|\r)(?:\r\n|\n|\r(?!\Z|\n))")
_DATA = re.compile(r"^data(?:: ?(.*)|$)", re.MULTILINE)
_PREFIX = re.compile(r"(?!\[DONE\])[0-9a-z]{0,12}\s*(?=[\[{])")
"""What socket.io, SockJS and their like put before the JSON of a message."""
_WORDS = frozenset(
    "answer chunk completion content data delta generated_text message output parts raw_content response text token v "
    "value".split()
)
"""Fields that replies stand in; others with as many bits are ids and noise."""
_RECORD = "\x1e"  # SignalR's end of a message

type Said = tuple[tuple[str, str], ...]
"""Field and text, in the order they stand."""


class Frames:
    """Bytes to whole events, each with the line ends that close it; put together again they are the bytes."""

    def __init__(self, events: bool) -> None:
        self._end = _BLANK_LINE if events else _LINE
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The events that ``data`` completes."""
        looked = max(len(self._held) - 3, 0)  # an end may have begun in what is held
        self._held += data
        start = 0
        while found := self._end.search(self._held, max(looked, start)):
            yield bytes(self._held[start : found.end()])
            start = found.end()
        while len(self._held) - start > _LONGEST:
            yield bytes(self._held[start : start + _LONGEST])
            start += _LONGEST
        del self._held[:start]

    def rest(self) -> bytes:
        """What is left when the stream ends."""
        left = bytes(self._held)
        self._held.clear()
        return left


def said_by(event: bytes) -> Said:
    """The texts of one event: of its ``data:`` lines, or of a JSON line. Never raises."""
    text = event.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    data = _DATA.findall(text)
    return said_in("\n".join(data) if data else text)


def said_in(text: str) -> Said:
    """The texts of a message: of the JSON it is, or the message itself."""
    return tuple(found for part in text.split(_RECORD) if part for found in _said(part))


def _said(text: str) -> Said:
    stripped = text.strip()
    prefix = _PREFIX.match(stripped)
    if prefix is None:
        return () if stripped == "[DONE]" or text.startswith(":") else (("", text),)
    value = parsed(stripped[prefix.end() :])
    if value is None:  # cut, or no JSON after all
        return tuple(("", passage) for passage in json_passages(stripped)) or (("", text),)
    return tuple(strings(value))


def parsed(text: str) -> object:
    """The JSON value, None when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def strings(value: object, layers: int = _LAYERS) -> Iterator[tuple[str, str]]:
    """All texts of a JSON value with the name of their field; texts of a list have the list's, or their place."""
    stack: list[tuple[str, object, int]] = [("", value, 0)]
    while stack:
        name, inner, depth = stack.pop()
        if isinstance(inner, str):
            yield from _texts(name, inner, layers)
        elif isinstance(inner, dict) and depth < _DEPTH:
            stack.extend((key, item, depth + 1) for key, item in reversed(inner.items()))
        elif isinstance(inner, list) and depth < _DEPTH:
            named = bool(name) and name[0] != "/"
            items = [(name if named else f"{name}/{n}", item, depth + 1) for n, item in enumerate(inner)]
            stack.extend(reversed(items))


def _texts(name: str, text: str, layers: int) -> Iterator[tuple[str, str]]:
    if layers and text[:1] in ("{", "[") and (inside := parsed(text)) is not None:
        yield from ((f"{name}{field}", found) for field, found in strings(inside, layers - 1))
    elif text:
        yield name, whole(text)


@dataclass(slots=True)
class _Field:
    text: str = ""  # the last WINDOW characters, as they came
    last: str = ""  # the last value, cut
    length: int = 0  # of the last value, uncut
    heard: int = 0  # characters in all
    times: int = 0  # events that brought something new


class Running:
    """The texts of one direction of a conversation, put together field by field."""

    def __init__(self) -> None:
        self._fields: dict[str, _Field] = {}

    def hear(self, said: Said) -> tuple[str, ...]:
        """Take in the texts of one event; what is new, each with what stood before it."""
        fresh: dict[str, int] = {}
        for name, text in said:
            if name not in self._fields and len(self._fields) >= _FIELDS:
                name, text = "", f"\n{text}"  # kept together, and apart
            if added := _added(self._fields.setdefault(name, _Field()), text):
                fresh[name] = fresh.get(name, 0) + added
        return tuple(self._fields[name].text[-(added + BEHIND) :] for name, added in fresh.items())

    def texts(self) -> tuple[str, ...]:
        """All that is remembered, a text a field."""
        return tuple(field.text for field in self._fields.values() if field.text)

    def main(self) -> str:
        """The field of the reply's own words: of the usual names the one that said something most often."""

        def rank(name: str) -> tuple[bool, int, int]:
            field = self._fields[name]
            return name in _WORDS, field.times, field.heard

        return max(self._fields, key=rank, default="")


def _added(field: _Field, text: str) -> int:
    """Put a value to its field: one more bit, or all there is so far. How many characters are new."""
    told_before = len(text) >= _SAME and text == field.last or len(text) >= _WHOLE and text in field.text
    continued = field.length >= _WHOLE and len(text) >= field.length and text.startswith(field.last)
    new = "" if told_before else text[field.length :] if continued else text
    if text != field.last:
        field.heard += len(new)
        field.times += bool(new)
    field.last, field.length = text[:WINDOW], len(text)
    field.text = (field.text + new)[-WINDOW:]
    return len(new)


def in_its_form(event: bytes, name: str, sentence: str) -> bytes:
    """An event of the same form that says ``sentence`` where this one says its text (field ``name``)."""
    text = event.decode("utf-8", "replace")
    found = _DATA.findall(text)
    inner = ("\n".join(found) if found else text).strip().rstrip(_RECORD)
    value = parsed(inner) if inner[:1] in ("{", "[") else None
    written = json.dumps(_replaced(value, name, sentence), ensure_ascii=False) if value is not None else ""
    if json.dumps(sentence, ensure_ascii=False) not in written:
        written = sentence
    if not found:
        end = _RECORD if _RECORD in text[-2:] else "\n" if text.endswith("\n") else ""
        return (written + end).encode()
    before = text[: text.index("data")] if text.startswith("event") else ""
    return f"{before}data: {written}\n\n".encode()


def _replaced(value: object, name: str, sentence: str, here: str = "", depth: int = 0) -> object:
    if isinstance(value, str):
        return sentence if here == name else value
    if depth >= _DEPTH:
        return None
    if isinstance(value, dict):
        return {key: _replaced(item, name, sentence, key, depth + 1) for key, item in value.items()}
    return [_replaced(item, name, sentence, here, depth + 1) for item in value] if isinstance(value, list) else value
