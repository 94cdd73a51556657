"""How a notice is told (``stores.report_notices``): what is the matter and which command says more. Names nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hedgerow.stores.messages import Texts
from hedgerow.stores.report_notices import UNREAD, UNREAD_ALERTS, Notice
from hedgerow.stores.report_outbox import Message
from hedgerow.stores.site import Site

_LOOK = {
    UNREAD: "hedgerow reports list --only unread",
    UNREAD_ALERTS: "hedgerow reports list --kind alert --only unread",
    "policy": "hedgerow check",
    "record": "hedgerow record verify",
    "certificate": "hedgerow ca",
}
"""For the others the service's log says why."""
_COUNTED = (UNREAD, UNREAD_ALERTS)


def topic(message: Message) -> str:
    """The topic of site.yaml whose recipients are told."""
    return "alerts" if message.notices[0].name in _COUNTED else "technical"


def subject(message: Message, texts: Texts) -> str:
    return texts[f"mail.subject.{topic(message)}"]


def as_text(message: Message, site: Site, texts: Texts) -> str:
    """The letter, in the school's first language."""
    lines = [texts["mail.notice"].replace("{school}", site.school)]
    for notice in message.notices:
        told = texts[f"mail.notice.{notice.name}"].replace("{count}", str(notice.number))
        lines.append("\n".join((f"{_when(notice, site)}   {told}", *_look(notice))))
    return "\n\n".join([*lines, texts["mail.end"]]) + "\n"


def _when(notice: Notice, site: Site) -> str:
    return f"{datetime.fromtimestamp(notice.at, ZoneInfo(site.timezone)):%Y-%m-%d %H:%M}"


def _look(notice: Notice) -> tuple[str, ...]:
    return (f"    {_LOOK[notice.name]}",) if notice.name in _LOOK else ()


def as_json(message: Message, site: Site) -> dict[str, object]:
    """The webhook's content. ``id`` is the Idempotency-Key; times are UTC (RFC 3339)."""
    return {
        "event": topic(message),
        "id": message.id,
        "school": site.school,
        "notices": list(map(_fact, message.notices)),
    }


def _fact(notice: Notice) -> dict[str, object]:
    at = datetime.fromtimestamp(notice.at, UTC).strftime("%Y-%m-%dT%H:%MZ")
    more: dict[str, object] = {"unread": notice.number} if notice.name in _COUNTED else {}
    return {"name": notice.name, "at": at, **more, "read": _LOOK.get(notice.name, "")}
