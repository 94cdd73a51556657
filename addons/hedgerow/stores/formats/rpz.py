"""Response policy zones of name servers (draft-vixie-dnsop-dns-rpz-00), as a zone file.

``name CNAME .`` and the like close a name, ``CNAME rpz-passthru.`` takes it out again. ``rpz-ip`` is about addresses
that a name leads to: they are listed as addresses. What is about who asks (``rpz-client-ip``) or about name servers,
and what sends people to another name, closes nothing here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import IO

from hedgerow.stores.formats.lines import lines, per_file, read_line
from hedgerow.stores.formats.model import Found, LineError, Options, Row, Scope, Skipped, Unusable
from hedgerow.stores.formats.names import LONGEST_NAME, PLAIN, closes, host_of, network_name
from hedgerow.stores.formats.zone import Record, Records

_FAST = re.compile(rf"((?:\*\.)?)(?!\S*rpz-){PLAIN}(?:[ \t]+\d+)?(?:[ \t]+IN)?[ \t]+CNAME[ \t]+(?:\*?\.|rpz-drop\.)")
_CLOSING = ("", "*", "rpz-drop")
_OTHER_TRIGGERS = ("rpz-client-ip", "rpz-nsdname", "rpz-nsip")
_SILENT = frozenset({"SOA", "NS", "TXT", "DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "ZONEMD", "$TTL"})


def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
    zone = _Zone()
    for number, line in lines(file):
        if begun := zone.records.broken_off(line):
            yield Skipped(begun, "its brackets do not end")
        if zone.plain and len(line) <= LONGEST_NAME and (hit := _FAST.fullmatch(line)):
            zone.owner = hit[1] + hit[2]
            yield Found(number, hit[2])
        else:
            yield from read_line(zone.read, number, line)
    if zone.records.inside:
        yield from read_line(_unfinished, number, "")


class _Zone:
    """Where in the zone we are: names may be written relative to an origin, and the zone's own name is no trigger."""

    def __init__(self) -> None:
        self.records, self.owner = Records(), ""
        self._origin: str | None = None
        self._apex: str | None = None

    @property
    def plain(self) -> bool:
        """True when a name without a dot at its end is a trigger as it stands."""
        return not self.records.inside and (self._origin is None or self._origin == self._apex)

    def read(self, line: int, text: str) -> Iterator[Found]:
        if not (record := self.records.read(line, text)):
            return
        if record.kind == "$ORIGIN":
            self._go_to(record.data)
            return
        self.owner = record.owner or self.owner
        if record.kind == "SOA":
            self._apex = self._absolute(self.owner)
        if record.kind in _SILENT:
            return
        if record.kind.startswith("$"):
            raise Unusable(f"{record.kind} is not followed")
        if not self.owner:
            raise LineError("a record without a name")
        if (trigger := self._trigger()) and (row := _row(line, trigger, record)):
            yield row

    def _go_to(self, data: tuple[str, ...]) -> None:
        if len(data) != 1:
            raise LineError("$ORIGIN takes one name")
        self._origin = self._absolute(data[0])
        if self._apex is None and self._origin:
            self._apex = self._origin

    def _absolute(self, name: str) -> str:
        if name == "@":
            return self._origin or self._apex or ""
        if name.endswith("."):
            return name[:-1].lower()
        return f"{name}.{self._origin}".lower() if self._origin else name.lower()

    def _trigger(self) -> str:
        """What the record is about, without the zone's own name; "" for the zone itself. Raises LineError."""
        name, apex = self._absolute(self.owner), self._apex or ""
        if name == apex:
            return ""
        relative = self._origin is None and not self.owner.endswith(".")
        if not apex or relative:
            return name
        if not name.endswith(f".{apex}"):
            raise LineError(f"{name[:80]!r} is not in the zone {apex[:80]!r}")
        return name.removesuffix(f".{apex}")


def _row(line: int, trigger: str, record: Record) -> Found | None:
    excepts = _excepts(trigger, record)
    kind = trigger.rpartition(".")[2]
    if kind == "rpz-ip":
        return Found(line, _network(trigger.removesuffix("rpz-ip").rstrip(".")), excepts=excepts)
    if kind in _OTHER_TRIGGERS:
        raise Unusable(f"{kind} is about who asks or who answers, not about a name")
    name = trigger.removeprefix("*.")
    if name == "*":
        raise Unusable("is about all names at once")
    exact = excepts and name == trigger
    return Found(line, host_of(name), "", Scope.EXACT if exact else Scope.USUAL, excepts)


def _excepts(trigger: str, record: Record) -> bool:
    """Whether the record takes a name out. Raises Unusable where it neither closes nor opens."""
    data = record.data[0].lower() if record.data else ""
    if record.kind in ("A", "AAAA"):
        if closes(data):
            return False
        raise Unusable(f"{data} is an address to go to: the record closes nothing")
    if record.kind != "CNAME":
        raise Unusable(f"{record.kind[:20]} closes nothing")
    if len(record.data) != 1:
        raise LineError("CNAME takes one name")
    target = data.removesuffix(".")
    if target in ("rpz-passthru", trigger, trigger.removeprefix("*.")):  # the latter are the old way to say it
        return True
    if target in _CLOSING:
        return False
    raise Unusable(f"sends people to {data[:80]!r}: the record closes nothing")


def _network(text: str) -> str:
    """``24.0.2.0.192`` is 192.0.2.0/24, ``48.zz.db8.2001`` 2001:db8::/48. Raises LineError."""
    length, *words = text.split(".")
    words.reverse()
    address = ".".join(words) if len(words) == 4 and "zz" not in words else ":".join(words)
    address = re.sub("^:?zz:?|:?zz:?$|:zz:", "::", address)
    try:
        return network_name(ipaddress.ip_network(f"{address}/{int(length)}"))
    except LineError:
        raise
    except ValueError:
        raise LineError(f"{text[:80]!r} is no network") from None


def _unfinished(line: int, text: str) -> Iterator[Found]:
    raise LineError("the file ends between brackets")


RPZ = per_file(rows, suffix=True)
