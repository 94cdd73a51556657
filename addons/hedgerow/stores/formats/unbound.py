"""Unbound's configuration (unbound.conf(5)): ``local-zone: "name" always_nxdomain``, ``local-data: "name A 0.0.0.0"``.

A zone of a type that answers nothing closes its name, a transparent one takes it out again. Both may also be there only
to carry an answer of their own in the next line (a strict search's address): then the answer decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from hedgerow.stores.formats.lines import lines, per_file, read_line
from hedgerow.stores.formats.model import Found, LineError, Options, Row, Unusable
from hedgerow.stores.formats.names import LONGEST_NAME, PLAIN, closes, host_of, utf8

_ALWAYS = "always_nxdomain always_refuse always_null always_nodata always_deny deny refuse static inform_deny redirect"
_CLOSING = frozenset(_ALWAYS.split())
_OPENING = frozenset({"transparent", "always_transparent"})
_CARRYING = frozenset({"redirect", "static", "transparent"})  # may only be there for the local-data that follows
_FAST = re.compile(rf'local-zone: "{PLAIN}\.?" (?:always_(?:nxdomain|refuse|null|nodata|deny)|refuse|deny)')
_ZONE = re.compile(r"""local-zone:\s*(["']?)([^"'\s]+)\1\s+(["']?)([a-z_]+)\3""", re.IGNORECASE)
_DATA = re.compile(r"""local-data:\s*(?:"([^"]*)"|'([^']*)'|(\S.*))""", re.IGNORECASE)
_RECORD = re.compile(r"(\S+)\s+(?:\d+\s+)?(?:IN\s+)?([A-Z]+)\s+(\S+).*", re.IGNORECASE)
_OPTION = re.compile(r"[a-z][a-z0-9-]*:.*", re.IGNORECASE)


def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
    reader = _Reader()
    for number, line in lines(file):
        if len(line) <= LONGEST_NAME and not reader.waiting and (hit := _FAST.fullmatch(line)):
            yield Found(number, hit[1])
        else:
            yield from read_line(reader.read, number, line)
    yield from reader.rest()


class _Reader:
    """Holds a zone back until the next line has said whether it carries an answer."""

    def __init__(self) -> None:
        self.waiting: Found | None = None

    def read(self, line: int, text: str) -> Iterator[Found]:
        if not (text := _bare(text)):
            return
        if zone := _ZONE.fullmatch(text):
            yield from self._zone(line, zone[2], zone[4].lower())
        elif data := _DATA.fullmatch(text):
            yield from self._data(line, data[1] or data[2] or data[3] or "")
        elif text.lower() != "server:":
            yield from self.rest()
            if not _OPTION.fullmatch(text) or text.lower().startswith(("local-zone:", "local-data:")):
                raise LineError("is no line of unbound's configuration")
            raise Unusable(f"{text.partition(':')[0][:40]!r} closes no name")

    def rest(self) -> Iterator[Found]:
        if waiting := self.waiting:
            self.waiting = None
            yield waiting

    def _zone(self, line: int, name: str, kind: str) -> Iterator[Found]:
        yield from self.rest()
        if kind not in _CLOSING and kind not in _OPENING:
            raise Unusable(f"the zone type {kind[:40]!r} closes nothing")
        row = Found(line, host_of(name), excepts=kind in _OPENING)
        if kind in _CARRYING:
            self.waiting = row
        else:
            yield row

    def _data(self, line: int, text: str) -> Iterator[Found]:
        if not (record := _RECORD.fullmatch(text.strip())):
            raise LineError("is no record")
        host, kind, data = host_of(record[1]), record[2].upper(), record[3]
        carried = self.waiting is not None and self.waiting.host == host
        if carried:
            self.waiting = None
        yield from self.rest()
        if kind not in ("A", "AAAA") or not closes(data):
            raise Unusable(f"answers with {data[:80]!r}: closes nothing")
        yield Found(line, host)


def _bare(text: str) -> str:
    return utf8(re.split(r"(?:^|\s)#", text, maxsplit=1)[0]).strip()


UNBOUND = per_file(rows, suffix=True)
