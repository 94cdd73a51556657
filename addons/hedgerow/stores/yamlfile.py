"""The one YAML loader of all rooms: strict, bounded, and every scalar is text with its line and column.

    mistakes = Mistakes()
    root = load(path, "bands/ages-8-10.yaml", mistakes)     # MapNode; empty after a mistake or for an empty file
    root.known("band", "title")                             # unknown keys are mistakes, with the nearest legal one
    if node := root.need("band"):                           # missing is a mistake; root.get("band") is not
        name = readers.text(node)                           # stores.readers gives scalars their types
    mistakes.raise_if_any()                                 # PolicyError with all mistakes of all files

Nothing is typed by the look of it (PyYAML alone reads ``13:30`` as 810 and ``010`` as 8). Refused: anchors, aliases,
merge keys, tags, directives, several documents, a key twice, tabs, invisible line separators, text that is not UTF-8,
more than MAX_BYTES, MAX_NODES or MAX_DEPTH. A file the loader accepts means the same to ruamel.yaml (YAML 1.2),
which the console uses for edits that keep comments.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from hedgerow.stores.errors import Mistake, Mistakes, PolicyError
from hedgerow.stores.yamlevents import FORBIDDEN, Builder, Refused, forbidden
from hedgerow.stores.yamlnodes import MapNode, Node, Scalar, SeqNode, Source, legal

__all__ = ["MapNode", "Mistake", "Mistakes", "Node", "PolicyError", "Scalar", "SeqNode", "legal", "load", "parse"]

MAX_BYTES = 1 << 20


def load(path: Path, name: str, mistakes: Mistakes) -> MapNode:
    """The file as a map. ``name`` is what messages and ``where`` call it. A file that cannot be read is a mistake."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        mistakes.add(name, 0, 0, f"cannot be read: {error.strerror or error}")
        raw = b""
    return parse(raw, name, mistakes)


def parse(raw: bytes, name: str, mistakes: Mistakes) -> MapNode:
    """Bytes as a map; an empty map after any mistake that leaves no sense in the rest. Never raises."""
    source = Source(name, mistakes)
    empty = MapNode(source, 1, 1)
    text = _decoded(raw, empty)
    if text is None:
        return empty
    try:
        root = Builder(source).document(text)
    except Refused as refused:
        mistakes.add(name, refused.line, refused.column, refused.message)
        return empty
    except yaml.MarkedYAMLError as error:
        _broken(error, empty)
        return empty
    except (ValueError, OverflowError):  # chr() of an escape beyond Unicode, deep inside the parser
        empty.mistake(r"not YAML: an escape such as \U00110000 that names no character")
        return empty
    if isinstance(root, MapNode):
        return root
    if not (isinstance(root, Scalar) and root.plain and not root.value):
        root.mistake("the file must consist of 'key: value' lines")
    return empty


def _decoded(raw: bytes, at: MapNode) -> str | None:
    """The text, or None after a mistake about its bytes."""
    file, add = at.source.file, at.source.mistakes.add
    if len(raw) > MAX_BYTES:
        add(file, 0, 0, f"is larger than {MAX_BYTES} bytes")
        return None
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        at.mistake("begins with a byte order mark; save it as plain UTF-8")
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8"))
        add(file, line, column, f"is not UTF-8: byte 0x{raw[error.start]:02x}")
        return None
    if found := FORBIDDEN.search(text):
        line, column = _place(text[: found.start()])
        add(file, line, column, forbidden(found[0]))
        return None
    return text


def _place(before: str) -> tuple[int, int]:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _broken(error: yaml.MarkedYAMLError, root: MapNode) -> None:
    """The parser's own complaint, at its own place."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    context = f" ({error.context})" if error.context else ""
    root.source.mistakes.add(root.source.file, line, column, f"not YAML: {error.problem}{context}")
