"""One decision as the log keeps it: the least that explains it, with a pseudonym in place of a person.

What is kept is the school's choice (``privacy:`` in ``site.yaml``), within limits it cannot widen: a protected name
(a helpline) leaves no event at all, ``help`` leaves one without person, name or time of day, and what a member-only
list (IWF, police) closes leaves when, in which band and network, and which list: no person, no name, no address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from hedgerow.core.model import Action, Decision, Identity, NameSource, Request
from hedgerow.stores.pseudonyms import Pseudonyms

_LONGEST = 2048
"""Characters of a URL that are kept: a 64 KB URL must not fill the log."""


_WRITTEN = "".join(map(chr, range(0x21, 0x7F)))
_AMBIGUOUS = re.compile(r"[\x00-\x20%?#\x7f]")
"""What a decoded path may hold and a URL may not, or not there."""


class Privacy(Protocol):
    """What of ``site.yaml``'s ``privacy:`` decides over an event."""

    @property
    def events(self) -> str: ...  # blocked | all

    @property
    def detail(self) -> str: ...  # category | host | url

    @property
    def time(self) -> str: ...  # minute | second

    @property
    def pseudonyms(self) -> str: ...  # day | term

    @property
    def keyholders(self) -> Mapping[str, str]: ...  # name -> public key


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the decision log. Empty fields are not written."""

    time: str  # ISO 8601 with the school's offset, rounded
    action: str
    band: str
    step: str
    rule: str
    where: str
    code: str
    policy: str
    category: str = ""
    capture: str = ""
    network: str = ""
    person: str = ""  # pseudonym
    host: str = ""
    url: str = ""
    method: str = ""
    evidence: str = ""
    connect: str = ""
    sni: str = ""
    destination: str = ""
    kind: str = ""
    media_type: str = ""
    file_type: str = ""
    size: str = ""  # bytes
    continued: str = ""  # "yes": the person had continued past this rule's warning
    pass_id: str = ""  # of the pass that lifted the rule
    fault: str = ""  # the built-in refusals found in the request itself, or where it was dialled

    def as_dict(self) -> dict[str, str]:
        return {name: value for name in _FIELDS if (value := getattr(self, name))}


_FIELDS = tuple(field.name for field in fields(Event))


def wanted(decision: Decision, privacy: Privacy) -> bool:
    """True when this decision is logged. Nothing about a protected name ever is."""
    if decision.protected:
        return False
    return privacy.events == "all" or decision.action is not Action.ALLOW


def make_event(
    decision: Decision,
    identity: Identity,
    request: Request,
    now: datetime,
    privacy: Privacy,
    pseudonyms: Pseudonyms,
) -> Event | None:
    """The event of one decision, or None when it leaves none. ``now`` is in the school's time zone."""
    if not wanted(decision, privacy):
        return None
    if decision.secret:
        return _closed(decision, identity, now)
    if decision.action is Action.HELP:
        return _without_person(decision, now)
    facts = _facts(decision, request) if privacy.detail == "url" else {}
    named = privacy.detail in ("host", "url")
    return Event(
        time=rounded(now, privacy.time),
        **_reason(decision, named),
        network=identity.network,
        person=pseudonyms.of(identity.key, now, privacy.pseudonyms, privacy.keyholders),
        host=decision.host if named else "",
        **facts,
    )


def _without_person(decision: Decision, now: datetime) -> Event:
    """Support was offered: that it was, and by which rule, on which day. Not to whom, nor for which page."""
    return Event(time=now.date().isoformat(), **_reason(decision, named=False))


def _closed(decision: Decision, identity: Identity, now: datetime) -> Event:
    """That it happened, so that it is counted and a lead can ask a room. An address of such a list is never kept, and a
    log of who met one would be a list of suspects made by a machine: most who do so did not mean to."""
    return Event(
        time=rounded(now, "minute"),
        action=str(decision.action),
        band=decision.band,
        step=str(decision.step),
        rule=decision.rule,
        where=decision.where,
        code=decision.code,
        policy=decision.policy,
        network=identity.network,
    )


def _reason(decision: Decision, named: bool) -> dict[str, str]:
    """A rule for one site, and the code made from a name, would give the name away: they are kept with it only."""
    site = decision.rule.startswith(("site:", "floor:site:"))
    return {
        "action": str(decision.action),
        "band": decision.band,
        "step": str(decision.step),
        "rule": decision.rule if named or not site else decision.rule.partition("site:")[0] + "site",
        "where": decision.where if named or not site else "",
        "code": decision.code if named else "",
        "policy": decision.policy,
        "category": decision.category,
        "capture": str(decision.capture),
    }


def _facts(decision: Decision, request: Request) -> Mapping[str, str]:
    """What ``hedgerow explain`` needs to come to the same decision again."""
    raw = {name.source: (name.host or name.raw) for name in request.names}
    query = f"?{request.query}" if request.query else ""
    return {
        "url": f"{request.scheme}://{_asked(decision)}{_port(request)}{_path(decision, request)}{query}"[:_LONGEST],
        "method": request.method[:32],
        "evidence": decision.evidence[:_LONGEST],
        "connect": raw.get(NameSource.CONNECT, "")[:255],
        "sni": raw.get(NameSource.SNI, "")[:255],
        "destination": raw.get(NameSource.DESTINATION, "")[:255],
        "kind": str(request.kind),
        "media_type": request.media_type[:100],
        "file_type": request.file_type,
        "size": "" if request.size is None else str(request.size),
        "continued": "yes" if decision.lifted and not decision.lifted_by else "",
        "pass_id": decision.lifted_by,
        "fault": ",".join(request.faults),
    }


def _asked(decision: Decision) -> str:
    """The host that was asked, also where another one inside its URL decided."""
    return decision.within or decision.host


def _path(decision: Decision, request: Request) -> str:
    """As it was written where something inside it decided: merged slashes and dots taken out could name another."""
    if decision.within and request.raw_path:
        return quote(request.raw_path, safe=_WRITTEN, errors="surrogateescape")
    return _encoded(request.path)


def _encoded(path: str) -> str:
    """The judged path as a URL has it, so that whoever reads it decodes it once and has the same path again."""
    return _AMBIGUOUS.sub(lambda found: f"%{ord(found.group()):02X}", path)


def _port(request: Request) -> str:
    usual = {"http": 80, "https": 443}.get(request.scheme)
    return "" if request.port == usual else f":{request.port}"


def rounded(now: datetime, precision: str) -> str:
    """ISO 8601 (RFC 3339) to the second or the minute."""
    moment = now.replace(microsecond=0) if precision == "second" else now.replace(second=0, microsecond=0)
    return moment.isoformat()
