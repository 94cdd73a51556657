"""The operator's file of a member-only list -> digests. What cannot be read is told by its line's number alone."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from hedgerow.core.member import Keyed
from hedgerow.core.member_forms import EntryError, Listed, listed
from hedgerow.stores.member import Held, MemberError

_LONGEST_LINE = 16 * 1024
_COMMENTS = ("#", "//", ";")


@dataclass(slots=True)
class Reading:
    """What a file gave. ``bad`` are the numbers of lines, from 1."""

    digests: set[bytes] = field(default_factory=set, repr=False)
    firsts: set[bytes] = field(default_factory=set, repr=False)
    pages: int = 0
    hosts: int = 0
    bad: list[int] = field(default_factory=list)

    @property
    def entries(self) -> int:
        return self.pages + self.hosts


def read_list(lines: Iterable[bytes], keyed: Keyed) -> Reading:
    """One address a line; empty lines and comments (#, //, ;) are none. An address that comes twice counts once."""
    found, seen = Reading(), set[bytes]()
    for number, raw in enumerate(lines, 1):
        try:
            text = _text(raw, number)
            entry = listed(text) if text else None
        except EntryError:
            found.bad.append(number)
            continue
        if entry is not None:
            _take(found, entry, keyed, seen)
    return found


def _take(found: Reading, entry: Listed, keyed: Keyed, seen: set[bytes]) -> None:
    first, *rest = (keyed(form) for form in entry.forms)
    whole = b"".join(rest)
    if whole in seen:
        return
    seen.add(whole)
    found.firsts.add(first)
    found.digests.update(rest)
    found.pages += entry.page
    found.hosts += not entry.page


def _text(raw: bytes, number: int) -> str:
    if len(raw) > _LONGEST_LINE:
        raise EntryError("too long")
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff" if number == 1 else "").strip()
    except UnicodeDecodeError:
        raise EntryError("no UTF-8") from None
    return "" if text.startswith(_COMMENTS) else text


def sound(found: Reading, before: Held | None, smaller: bool) -> None:
    """Raises MemberError for what is no such list: nothing in it, mostly no addresses, half of it gone unasked."""
    if not found.entries:
        raise MemberError("there is no address in it: nothing was put in")
    if len(found.bad) > found.entries:
        told = f"{len(found.bad)} lines of it are no addresses, and {found.entries} are"
        raise MemberError(f"{told}: this is no such list, or not as text; nothing was put in")
    if before is not None and found.entries * 2 < before.entries and not smaller:
        told = f"it has {found.entries} addresses, and {before.entries} are in force"
        raise MemberError(f"{told}: nothing was put in. If that is right, say --smaller")


def held(found: Reading, name: str, added: float, by: str, test: str) -> Held:
    """The list as it is sealed."""
    return Held(
        id=name,
        digests=_sorted(found.digests),
        firsts=_sorted(found.firsts),
        pages=found.pages,
        hosts=found.hosts,
        bad=len(found.bad),
        added=added,
        by=by,
        test=test,
    )


def _sorted(digests: set[bytes]) -> array[int]:
    return array("Q", sorted(int.from_bytes(one, "little") for one in digests))
