"""What stands on a page, from its heading to its foot. Everything a client or a file said is escaped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape

from babel.dates import format_date

from hedgerow.core.model import Decision
from hedgerow.pages import helplines, parts
from hedgerow.proxy.pages.model import CONTINUE_SECONDS, PageContext, PageKind
from hedgerow.proxy.pages.sentences import lead_key, reason_key
from hedgerow.stores.messages import Texts

_TOLD = (PageKind.BLOCK, PageKind.WARN, PageKind.LIMIT)
"""Pages that say why, and what is worth knowing about it."""
_NOT_WRONG = (PageKind.HELP, PageKind.WARN, PageKind.EXAM)
"""Where the reader decides, or everybody knows why: nobody asks whether it was closed by mistake."""
_CHECKED = "misinformation"
"""The category whose warning says where a claim can be checked."""


def body(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """The page's HTML below its heading."""
    host = f"<bdi>{escape(context.host)}</bdi>" if context.host else ""
    lead = escape(texts.get(lead_key(kind, decision), context.register)).replace("{host}", host)
    message = f'<p class="school">{escape(context.message)}</p>' if context.message else ""
    actions = _actions(kind, decision, context, texts)
    if kind is PageKind.WARN:
        inside = actions  # it says what to do with the code, and stands before it
    else:
        inside = actions + message if kind is PageKind.HELP else message + actions
    return (
        f'<p class="lead">{lead}</p>{_why(kind, decision, context, texts)}{inside}'
        f"<footer>{_foot(kind, decision, context, texts)}</footer>"
    )


def _why(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    lines = []
    if context.until is not None and kind in (PageKind.LIMIT, PageKind.EXAM):
        lines.append(_until(kind, context.until, context, texts))
    if decision is not None and kind in _TOLD:
        reason = texts.get(reason_key(decision, context.subject), context.register)
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
    return told.replace("{time}", texts.clock(until))


@lru_cache(maxsize=64)
def _weekday(language: str, weekday: int) -> str:
    monday = date(2024, 1, 1)
    return format_date(monday + timedelta(days=weekday), "EEEE", locale=language)


def _actions(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """What can be learned and done now. On the help page support stands before the way on."""
    register, code = context.register, decision.code if decision else ""
    site = "" if decision is not None and decision.secret else context.host  # no link carries it into a report
    told = parts.tell(context.report_kinds, texts, register, code, context.portal, site)
    unlock = parts.code_form(texts, register, context.to, context.code_token) if context.codes else ""
    title = texts.get("helplines", register)
    if kind is PageKind.HELP:
        lines = helplines.whole(context.helplines, title, texts.get("helplines.scan", register))
        return lines + _closed(context, texts) + _form(kind, context, texts) + told
    lines = helplines.short(context.helplines, title)
    return _taught(kind, decision, context, texts) + _form(kind, context, texts) + told + lines + unlock


def _closed(context: PageContext, texts: Texts) -> str:
    """After support: that the page itself stays closed, where there is no way on."""
    return "" if context.token else f"<p>{escape(texts.get('help.closed', context.register))}</p>"


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
    told = texts.get("warn.hold", register).replace("{minutes}", texts.get("minutes", n=CONTINUE_SECONDS // 60))
    hold = f'<p class="small hold">{escape(told)}</p>'
    return f'{label}<div class="row"><select id="reason" name="reason">{options}</select>{button}</div>', hold


def _foot(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    """The code, whom to ask, and whose page it is."""
    whom = " · ".join(f"<bdi>{escape(text)}</bdi>" for text in (context.contact, context.school) if text)
    if decision is None:
        return f"<p>{whom}</p>"
    code = f'<bdi class="code" dir="ltr">{escape(decision.code)}</bdi>'
    if kind in _NOT_WRONG:
        said = f"{escape(context.message)} " if kind is PageKind.WARN and context.message else ""
        return f"<p>{said}{code}{f' · {whom}' if whom else ''}</p>"
    return f"<p>{escape(texts.get('ask', context.register))} {code}</p><p>{whom}</p>"
