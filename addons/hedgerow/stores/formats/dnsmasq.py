"""dnsmasq's configuration: ``address=/name/``, ``local=/name/``, ``server=/name/``, also with several names.

An answer from nowhere, this machine or the own network closes a name; ``server=/name/#`` takes it out again. What sends
a name to another server or address, and every other option, closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Unusable
from hedgerow.stores.formats.names import PLAIN, bare, closes, host_of

_OPTIONS = ("address", "local", "server")


def parse(line: int, text: str) -> Iterator[Found]:
    if not (text := bare(text)):
        return
    option, sign, value = text.partition("=")
    if not sign and " " in option:
        raise LineError("is no line of dnsmasq's configuration")
    if option.strip() not in _OPTIONS:
        raise Unusable(f"{option.strip()[:40]!r} closes no name")
    if not value.strip().startswith("/"):
        raise Unusable("is about a server, not about a name")
    *names, target = value.strip()[1:].split("/")
    if not names:
        raise LineError("a name without the slash that ends it")
    excepts = _excepts(option.strip(), target.strip())
    for name in names:
        if name in ("", "#"):
            raise Unusable("is about all names at once")
        yield Found(line, host_of(name.removeprefix("*.").removeprefix(".")), excepts=excepts)


def _excepts(option: str, target: str) -> bool:
    if target == "":
        return False
    if option == "address":
        if target == "#" or closes(target):
            return False
        raise Unusable(f"{target} is an address to go to: the line closes nothing")
    if target == "#":
        return True
    raise Unusable("asks another server, closes nothing")


DNSMASQ = per_file(by_line(parse, rf"(?:server|local|address)=/{PLAIN}/"), suffix=True)
