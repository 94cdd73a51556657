"""What a recipient is told: the topic and where to read it. Never the child's words, the page, the person or the code.

Mail lies in many places for years; the words stay in the reports' file until retention deletes them. The whole code is
the child's key to the answer: a letter has its beginning, by which ``hedgerow reports show`` finds the report.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hedgerow.core.model import Severity
from hedgerow.portal import notice_letters
from hedgerow.stores.alerts import MORE
from hedgerow.stores.messages import Texts
from hedgerow.stores.report_model import ALERT, CARE, TOPICS
from hedgerow.stores.report_outbox import Item, Message
from hedgerow.stores.site import Site


def subject(message: Message, texts: Texts) -> str:
    """One line that says what kind of help is needed, without who or where."""
    if message.notices:
        return notice_letters.subject(message, texts)
    first = message.items[0]
    if all(item.kind == ALERT for item in message.items):
        worst = max(message.items, key=lambda item: Severity[item.severity.upper()])
        told = texts["mail.subject.alert"].replace("{severity}", texts[f"mail.severity.{worst.severity}"])
        return told.replace("{code}", _begins(worst))
    if len(message.items) > 1:
        return texts.get("mail.subject.many", n=len(message.items))
    return texts[f"mail.subject.{first.kind}"].replace("{code}", _begins(first))


def as_text(message: Message, site: Site, texts: Texts) -> str:
    """The letter, in the school's first language."""
    if message.notices:
        return notice_letters.as_text(message, site, texts)
    kinds = {item.kind for item in message.items}
    leads = ("mail.lead",) * bool(kinds - {ALERT}) + ("mail.alert",) * (ALERT in kinds)
    lines = [texts[lead].replace("{school}", site.school) for lead in leads]
    lines += [f"    {_line(item, site, texts)}" for item in message.items]
    lines += [texts["mail.care"]] * bool(kinds & CARE) + [texts["mail.alert.care"]] * (ALERT in kinds)
    lines += [texts["mail.read"], "    hedgerow reports show " + _begins(message.items[0]), texts["mail.end"]]
    return "\n\n".join(lines) + "\n"


def _line(item: Item, site: Site, texts: Texts) -> str:
    local = datetime.fromtimestamp(item.at, ZoneInfo(site.timezone))
    what = _about(item, texts) if item.kind == ALERT else texts[f"mail.kind.{item.kind}"]
    return f"{_begins(item)}   {what}   {local:%Y-%m-%d %H:%M}"


def _about(item: Item, texts: Texts) -> str:
    """How urgent and about what, of which band; never what was typed."""
    if item.topic == MORE:
        topic = texts["mail.alert.more"].replace("{count}", str(item.times))
    else:
        topic = texts.texts.get(f"topic.{item.topic}", item.topic)  # a school's own topic has its own name
    return f"{texts[f'mail.severity.{item.severity}']}: {topic}{f' ({item.band})' if item.band else ''}"


def _begins(item: Item) -> str:
    return item.code[:4]


def as_json(message: Message, site: Site) -> dict[str, object]:
    """The webhook's content. ``id`` is the Idempotency-Key; times are UTC (RFC 3339)."""
    if message.notices:
        return notice_letters.as_json(message, site)
    return {
        "event": "reports",
        "id": message.id,
        "school": site.school,
        "reports": list(map(_fact, message.items)),
    }


def _fact(item: Item) -> dict[str, object]:
    alert = {"severity": item.severity, "about": item.topic, "band": item.band, "times": item.times}
    return {
        "code": _begins(item),
        "kind": item.kind,
        "topic": TOPICS[item.kind],
        "at": datetime.fromtimestamp(item.at, UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "read": f"hedgerow reports show {_begins(item)}",
        **(alert if item.kind == ALERT else {}),
    }
