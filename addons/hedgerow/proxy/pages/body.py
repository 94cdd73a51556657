"""What stands on a page, from its heading to its foot. Everything a client or a file said is escaped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape

from babel.dates import format_date

from hedgerow.core.model import Decision, Step
from hedgerow.pages import helplines, parts
from hedgerow.proxy.pages.model import PageContext, PageKind
from hedgerow.stores.messages import Texts

_TOLD = (PageKind.BLOCK, PageKind.WARN, PageKind.LIMIT)
"""Pages that say why, and what is worth knowing about it."""
_CHECKED = "misinformation"
"""The category whose warning says where a claim can be checked."""


def body(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """The page's HTML below its heading."""
    host = f"<bdi>{escape(context.host)}</bdi>" if context.host else ""
    lead = escape(texts.get(f"{kind}.lead", context.register)).replace("{host}", host)
    message = f'<p class="school">{escape(context.message)}</p>' if context.message else ""
    return (
        f'<p class="lead">{lead}</p>{_why(kind, decision, context, texts)}{message}'
        f"{_actions(kind, decision, context, texts)}"
        f"<footer>{_foot(kind, decision, context, texts)}</footer>"
    )


def _why(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    lines = []
    if context.until is not None and kind in (PageKind.LIMIT, PageKind.EXAM):
        lines.append(_until(kind, context.until, context, texts))
    if decision is not None and kind in _TOLD:
        reason = texts.get(_reason_key(decision, context), context.register)
        lines.append(reason.replace("{subject}", context.subject))
    if context.expired:
        lines.append(texts.get("expired", context.register))
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _until(kind: PageKind, until: datetime, context: PageContext, texts: Texts) -> str:
    """The time it opens; with the day, when that is not today."""
    if kind is PageKind.LIMIT and context.now is not None and until.date() != context.now.date():
        day = _weekday(texts.language, until.weekday())
        told = texts.get("limit.until-day", context.register).replace("{day}", day)
    else:
        told = texts.get(f"{kind}.until", context.register)
    return told.replace("{time}", until.strftime("%H:%M"))


@lru_cache(maxsize=64)
def _weekday(language: str, weekday: int) -> str:
    monday = date(2024, 1, 1)
    return format_date(monday + timedelta(days=weekday), "EEEE", locale=language)


def _reason_key(decision: Decision, context: PageContext) -> str:
    """Which sentence tells why. A word that was found is never repeated to a child, only what it is about."""
    if decision.rule == "unknown:address":
        return "why.address"
    if decision.rule == "undecodable":
        return "why.undecodable"
    by_step = {
        Step.BUILTIN: "why.builtin",
        Step.ILLEGAL: "why.floor",
        Step.FLOOR: "why.floor",
        Step.SITE: "why.site",
        Step.FILES: "why.files",
        Step.WORDS: "why.words" if context.subject else "why.site",
        Step.CATEGORY: "why.category" if context.subject else "why.site",
    }
    return by_step.get(decision.step, "why.unknown")


def _actions(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """What can be learned and done now. On the help page support stands before the way on."""
    register, code = context.register, decision.code if decision else ""
    site = "" if decision is not None and decision.secret else context.host  # no link carries it into a report
    told = parts.tell(context.report_kinds, texts, register, code, context.portal, site)
    unlock = parts.code_form(texts, register, context.to, context.code_token) if context.codes else ""
    title = texts.get("helplines", register)
    if kind is PageKind.HELP:
        lines = helplines.whole(context.helplines, title, texts.get("helplines.scan", register))
        return lines + _form(kind, context, texts) + told
    lines = helplines.short(context.helplines, title)
    return _taught(kind, decision, context, texts) + _form(kind, context, texts) + told + lines + unlock


def _taught(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """The idea of this kind of site; before a warned page also the question, and where to check what it says."""
    if decision is None or kind not in _TOLD:
        return ""
    subject = decision.category or decision.rule.removeprefix("words:")
    idea, ask = texts.idea(subject), kind is PageKind.WARN
    card = parts.idea_card(idea, texts, context.register, ask) if idea else ""
    if subject == _CHECKED and ask:
        card += parts.facts_card(texts.fact_checks(context.country), texts, context.register)
    return card


def _form(kind: PageKind, context: PageContext, texts: Texts) -> str:
    if not context.token or kind not in (PageKind.WARN, PageKind.HELP):
        return ""
    button = f"<button>{escape(texts.get(f'{kind}.go', context.register))}</button>"
    inside, hold = (button, "") if kind is PageKind.HELP else _asked(button, texts, context.register)
    return (
        f'<form method="post" action="{escape(context.action)}">'
        f'<input type="hidden" name="token" value="{escape(context.token)}">'
        f'<input type="hidden" name="to" value="{escape(context.to)}">{inside}</form>{hold}'
    )


def _asked(button: str, texts: Texts, register: str) -> tuple[str, str]:
    """What a warning asks before it lets go on, and what it says about it."""
    options = "".join(
        f'<option value="{name}">{escape(texts.get(f"reason.{name}", register))}</option>'
        for name in ("schoolwork", "sent-to-me", "curious", "other")
    )
    label = f'<label for="reason">{escape(texts.get("warn.reason", register))}</label>'
    hold = f'<p class="small">{escape(texts.get("warn.hold", register))}</p>'
    return f'{label}<div class="row"><select id="reason" name="reason">{options}</select>{button}</div>', hold


def _foot(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """The code, whom to ask, and whose page it is. Where the reader decides, nobody asks if it was closed wrongly."""
    whom = " · ".join(f"<bdi>{escape(text)}</bdi>" for text in (context.contact, context.school) if text)
    if decision is None:
        return f"<p>{whom}</p>"
    code = f'<bdi class="code" dir="ltr">{escape(decision.code)}</bdi>'
    if kind in (PageKind.HELP, PageKind.WARN):
        return f"<p>{code}{f' · {whom}' if whom else ''}</p>"
    return f"<p>{escape(texts.get('ask', context.register))} {code}</p><p>{whom}</p>"
