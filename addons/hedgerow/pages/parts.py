"""Pieces of a page that several kinds share: what to tell the school, a teacher's code, an idea, where to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from hedgerow.stores.fact_checks import FactCheck
from hedgerow.stores.ideas import Idea
from hedgerow.stores.messages import Texts

PREFIX = "/.well-known/hedgerow/"
"""Where the worker relays to the portal, on every origin (``proxy.relay``). Links lead there only where a reader has no
other way: once a site passes unread, what is sent to its origin is the site's."""
CARE = ("help", "hurt")
"""Reports of a person in need: they stand first and are the only ones in a strong colour."""
KINDS = (*CARE, "wrong", "untrue", "harmful")
"""What can be told from a page, in the order of the page."""


def tell(kinds: Sequence[str], texts: Texts, register: str, code: str, at: str = PREFIX, site: str = "") -> str:
    """One link for each kind of report that somebody reads. No script, no form: the portal asks the rest.

    ``at`` is a path of this origin, or the gateway's own address: there the link says which ``site`` it is about.
    """
    about = {} if at == PREFIX else {"site": site, "lang": texts.language}
    said = {key: value for key, value in {"code": code, **about}.items() if value}
    links = "".join(_told(kind, texts, register, said, at) for kind in KINDS if kind in kinds)
    title = escape(texts["portal.title"])
    return f'<nav class="tell" aria-label="{title}"><ul>{links}</ul></nav>' if links else ""


def _told(kind: str, texts: Texts, register: str, said: Mapping[str, str], at: str) -> str:
    query = escape(urlencode({"kind": kind, **said}))
    shown = ' class="care"' if kind in CARE else ""
    return f'<li{shown}><a href="{escape(at)}report?{query}">{escape(texts.get(f"tell.{kind}", register))}</a></li>'


def code_form(texts: Texts, register: str, to: str, token: str = "") -> str:
    """The field for a teacher's unlock code. It is there whether a code is in force or not: it tells nothing.

    ``token`` says to the portal that this person got the form from us: no other page can use up their guesses.
    """
    have, label, go = (escape(texts.get(f"portal.unlock.{key}", register)) for key in ("title", "code", "go"))
    return (
        f'<details><summary>{have}</summary><form method="post" action="{PREFIX}unlock">'
        f'<label for="code">{label}</label><input type="hidden" name="to" value="{escape(to)}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        '<div class="row"><input id="code" name="code" maxlength="40" dir="ltr" required autocomplete="off"'
        f' autocapitalize="characters" spellcheck="false"><button>{go}</button></div></form></details>'
    )


def idea_card(idea: Idea, texts: Texts, register: str, ask: bool) -> str:
    """One thing worth knowing; with ``ask`` also the question to ask oneself."""
    question = f'<p class="ask">{escape(idea.question)}</p>' if ask else ""
    return (
        f'<section class="idea"><h2>{escape(texts.get("idea.title", register))}</h2>'
        f"<p>{escape(idea.told(register))}</p>{question}</section>"
    )


def facts_card(facts: Sequence[FactCheck], texts: Texts, register: str) -> str:
    """Where such claims are checked: each address with who runs it. "" when there is none for this school."""
    if not facts:
        return ""
    items = "".join(map(_fact, facts))
    title = escape(texts.get("facts.title", register))
    return f'<section class="facts"><h2>{title}</h2><ul>{items}</ul></section>'


def _fact(fact: FactCheck) -> str:
    address = f'<a href="{escape(fact.url)}"><bdi dir="ltr">{escape(fact.host)}</bdi></a>'
    return f'<li>{address} <bdi class="small">{escape(fact.name)}</bdi></li>'
