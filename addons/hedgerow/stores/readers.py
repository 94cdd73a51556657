"""Typed readers: what a key needs makes the type, never the look of the text.

Each takes a node of ``stores.yamlfile`` and gives the value; on a mistake it notes it with its place and gives the
stated fallback, so that reading goes on and all mistakes are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time

from hedgerow.stores.yamlfile import MapNode, Node, Scalar, SeqNode, legal

_UNITS = {"B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3}
_SIZE = re.compile(r"(\d{1,6}) ?(B|KB|MB|GB)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9]\d{0,5})(\.\d{1,4})?", re.ASCII)
_RANGE = re.compile(r"\s+to\s+|\s*\.\.\s*")
_PHONE = re.compile(r"\+?[0-9 ()./–-]{2,40}", re.ASCII)


def text(node: Node, longest: int = 2000) -> str:
    """Text that is not empty. Fallback: ""."""
    if not isinstance(node, Scalar):
        node.mistake(f"text expected, not {kind(node)}")
        return ""
    if not node.value.strip():
        node.mistake("nothing stands here; write a value")
    elif len(node.value) > longest:
        node.mistake(f"text of {len(node.value)} characters; at most {longest}")
        return ""
    return node.value.strip()


def kind(node: Node) -> str:
    """What a node is, in a teacher's words."""
    return "a list" if isinstance(node, SeqNode) else "'key: value' lines" if isinstance(node, MapNode) else "text"


def nothing(node: Node) -> bool:
    """True for a key with nothing behind it, as when all its lines are comments."""
    return isinstance(node, Scalar) and node.plain and not node.value


def _matching(node: Node, pattern: re.Pattern[str], expected: str) -> re.Match[str] | None:
    value = text(node)
    found = pattern.fullmatch(value)
    if value and found is None:
        node.mistake(f"{expected} expected, not {value!r}")
    return found


def choice(node: Node, what: str, choices: Iterable[str]) -> str:
    """One of ``choices``, spelled exactly so. Fallback: ""."""
    value, known = text(node), tuple(choices)
    if value and value not in known:
        node.mistake(legal(what, value, known))
        return ""
    return value


def boolean(node: Node) -> bool:
    """``true`` or ``false``; yes, no, on, off and 1 are refused. Fallback: False."""
    value = text(node)
    if value and value not in ("true", "false"):
        node.mistake(f"true or false expected, not {value!r}")
    return value == "true"


def integer(node: Node, low: int, high: int) -> int:
    """A whole decimal number without leading zeros. Fallback: ``low``."""
    return _number(node, _INTEGER, int, "a whole number", low, high)


def decimal(node: Node, low: float, high: float) -> float:
    """A number such as 3 or 2.5. Fallback: ``low``."""
    return _number(node, _DECIMAL, float, "a number", low, high)


def _number[T: (int, float)](
    node: Node, written: re.Pattern[str], made: Callable[[str], T], what: str, low: T, high: T
) -> T:
    wanted = f"{what} from {low} to {high}"
    found = _matching(node, written, wanted)
    if found is None:
        return low
    value = made(found[0])
    if not low <= value <= high:
        node.mistake(f"{wanted} expected, not {found[0]}")
        return low
    return value


def size(node: Node) -> int:
    """Bytes, from ``500 MB`` (decimal: 1 KB = 1000 B, as files are sold and shown). Fallback: 0."""
    found = _matching(node, _SIZE, "a size such as '500 KB', '20 MB' or '2 GB'")
    return int(found[1]) * _UNITS[found[2]] if found else 0


def clock(node: Node, midnight: bool = False) -> time:
    """``HH:MM`` of a 24-hour clock; with ``midnight``, 24:00 is 00:00 of the next day. Fallback: 00:00."""
    found = _matching(node, _TIME, "a time HH:MM")
    if found is None:
        return time()
    hour, minute = int(found[1]), int(found[2])
    if midnight and (hour, minute) == (24, 0):
        return time()
    if hour > 23 or minute > 59:
        node.mistake(f"a time from 00:00 to {'24:00' if midnight else '23:59'} expected, not {found[0]!r}")
        return time()
    return time(hour, minute)


def day(node: Node) -> date | None:
    """A date ``2026-11-23`` (ISO 8601). Fallback: None."""
    return _day(node, text(node))


def _day(node: Node, value: str) -> date | None:
    if not value:
        return None
    if _DATE.fullmatch(value) is None:
        node.mistake(f"a date YYYY-MM-DD expected, not {value!r}")
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        node.mistake(f"there is no day {value!r}")
        return None


def days(node: Node) -> frozenset[date]:
    """A list of dates and ranges, ``2026-12-24 to 2027-01-06`` or with ``..`` (both days included). Fallback: empty."""
    found: set[date] = set()
    for item in items(node):
        first, *last = _RANGE.split(text(item), maxsplit=1)
        start = _day(item, first)
        end = _day(item, last[0]) if last else start
        if start is None or end is None:
            continue
        if end < start or (end - start).days > 400:
            item.mistake(f"the range must run forward and over at most 400 days, not {first} to {last[0]}")
            continue
        found.update(date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1))
    return frozenset(found)


def moment(node: Node) -> datetime | None:
    """``2026-11-23 12:00``, without a zone: the school's own clock. Fallback: None."""
    value = text(node)
    first, _, last = value.partition(" ")
    if not value:
        return None
    found = _TIME.fullmatch(last)
    if _DATE.fullmatch(first) is None or found is None or int(found[1]) > 23 or int(found[2]) > 59:
        node.mistake(f"a moment 'YYYY-MM-DD HH:MM' expected, not {value!r}")
        return None
    start = _day(node, first)
    return datetime.combine(start, time(int(found[1]), int(found[2]))) if start else None


def phone(node: Node) -> str:
    """A telephone number exactly as written: digits, spaces, ``+ ( ) - . /``. Fallback: ""."""
    found = _matching(node, _PHONE, "a telephone number")
    if found and not any(char.isdigit() for char in found[0]):
        node.mistake(f"a telephone number expected, not {found[0]!r}")
        return ""
    return found[0] if found else ""


def items(node: Node) -> tuple[Node, ...]:
    """The items of a list; a key with nothing behind it has none. Fallback: ()."""
    if isinstance(node, SeqNode):
        return node.items
    if nothing(node):
        return ()
    node.mistake(f"a list expected ([a, b] or lines with '- '), not {kind(node)}")
    return ()


def some[T](node: Node, read: Callable[[Node], T]) -> tuple[T, ...]:
    """One value, or a list of them, each read by ``read``."""
    return tuple(map(read, node.items if isinstance(node, SeqNode) else (node,)))


def mapping(node: Node, *known: str) -> MapNode:
    """'key: value' lines, or nothing; with ``known`` every other key is a mistake. Fallback: an empty map."""
    if not isinstance(node, MapNode):
        if not nothing(node):
            node.mistake(f"'key: value' lines expected, not {kind(node)}")
        return MapNode(node.source, node.line, node.column)
    if known:
        node.known(*known)
    return node
