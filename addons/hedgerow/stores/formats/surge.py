"""Rules of Surge, Quantumult and their like: ``DOMAIN-SUFFIX,name[,policy]``, ``HOST,name``, ``IP-CIDR,network``.

A policy that rejects, or none, closes; ``DIRECT`` takes a name out again; any other only chooses a way. Keywords,
patterns, programs and countries are no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Scope, Unusable
from hedgerow.stores.formats.names import PLAIN, host_of, parse_network, utf8

_SUFFIX, _NAME = ("DOMAIN-SUFFIX", "HOST-SUFFIX"), ("DOMAIN", "HOST")
_NETWORK = ("IP-CIDR", "IP-CIDR6", "IP6-CIDR")
_FAST = rf"(?:DOMAIN|HOST)-SUFFIX,{PLAIN}(?:,REJECT)?"
_KIND = re.compile(r"[A-Z][A-Z0-9-]+")


def parse(line: int, text: str) -> Iterator[Found]:
    text = utf8(re.split(r"(?:^|\s)(?:#|//|;)", text, maxsplit=1)[0]).strip()
    if text and not (text.startswith("[") and text.endswith("]")):
        yield rule(line, text)


def rule(line: int, text: str) -> Found:
    """Raises LineError."""
    kind, _, rest = text.partition(",")
    kind = kind.strip().upper()
    value, *more = (word.strip() for word in rest.split(","))
    if not _KIND.fullmatch(kind):
        raise LineError(f"{text[:80]!r} is no rule")
    if kind not in (*_SUFFIX, *_NAME, *_NETWORK):
        raise Unusable(f"{kind[:40]} is about no name")
    excepts = _excepts(more[0].upper() if more else "")
    if kind in _NETWORK:
        return Found(line, parse_network(value), excepts=excepts)
    scope = Scope.EXACT if kind in _NAME else Scope.USUAL
    return Found(line, host_of(value.removeprefix(".")), "", scope, excepts)


def _excepts(policy: str) -> bool:
    if policy == "DIRECT":
        return True
    if policy and not policy.startswith("REJECT") and policy not in ("NO-RESOLVE", "EXTENDED-MATCHING"):
        raise Unusable(f"the policy {policy[:40]!r} closes nothing")
    return False


SURGE = per_file(by_line(parse, _FAST), suffix=True)
