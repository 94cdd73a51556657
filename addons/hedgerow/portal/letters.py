"""What a recipient is told: the topic and where to read it. Never the child's words, the page, the person or the code.

Mail lies in many places for years; the words stay in the reports' file until retention deletes them. The whole code is
the child's key to the answer: a letter has its beginning, by which ``hedgerow reports show`` finds the report.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hedgerow.portal import notice_letters
from hedgerow.stores.messages import Texts
from hedgerow.stores.report_model import CARE, TOPICS
from hedgerow.stores.report_outbox import Item, Message
from hedgerow.stores.site import Site


def subject(message: Message, texts: Texts) -> str:
    """One line that says what kind of help is needed, without who or where."""
    if message.notices:
        return notice_letters.subject(message, texts)
    first = message.items[0]
    if len(message.items) > 1:
        return texts.get("mail.subject.many", n=len(message.items))
    return texts[f"mail.subject.{first.kind}"].replace("{code}", _begins(first))


def as_text(message: Message, site: Site, texts: Texts) -> str:
    """The letter, in the school's first language."""
    if message.notices:
        return notice_letters.as_text(message, site, texts)
    lines = [texts["mail.lead"].replace("{school}", site.school)]
    lines += [f"    {_line(item, site, texts)}" for item in message.items]
    if any(item.kind in CARE for item in message.items):
        lines.append(texts["mail.care"])
    lines += [texts["mail.read"], "    hedgerow reports show " + _begins(message.items[0]), texts["mail.end"]]
    return "\n\n".join(lines) + "\n"


def _line(item: Item, site: Site, texts: Texts) -> str:
    local = datetime.fromtimestamp(item.at, ZoneInfo(site.timezone))
    return f"{_begins(item)}   {texts[f'mail.kind.{item.kind}']}   {local:%Y-%m-%d %H:%M}"


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
        "reports": [
            {
                "code": _begins(item),
                "kind": item.kind,
                "topic": TOPICS[item.kind],
                "at": datetime.fromtimestamp(item.at, UTC).strftime("%Y-%m-%dT%H:%MZ"),
                "read": f"hedgerow reports show {_begins(item)}",
            }
            for item in message.items
        ],
    }
