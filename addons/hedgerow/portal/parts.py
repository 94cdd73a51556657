"""The pieces the portal's pages are made of: HTML from values, everything escaped that a person or a file said."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from hedgerow.pages.helplines import short, views, whole
from hedgerow.portal.asked import Asked

NAMES = {"vi": "Tiếng Việt", "en": "English", "fa": "فارسی", "kk": "Қазақша", "ru": "Русский"}


def paragraph(text: str, kind: str = "") -> str:
    return f"<p{f' class={chr(34)}{escape(kind)}{chr(34)}' if kind else ''}>{escape(text)}</p>"


def link(path: str, text: str, kind: str = "") -> str:
    shown = f' class="{escape(kind)}"' if kind else ""
    return f'<a href="{escape(path)}"{shown}>{escape(text)}</a>'


def helplines(asked: Asked, brief: bool = False) -> str:
    """Whom to talk to now: the school's place, the reader's language first. Stands before everything that asks."""
    lines = views(asked.shown.helplines_for(asked.language), asked.language)
    title = asked.say("helplines")
    told = short(lines, title) if brief else whole(lines, title, asked.say("helplines.scan"))
    contact = asked.shown.site.contact.get(asked.language, "")
    nobody = "" if told else paragraph(asked.say("portal.no-helpline"), "lead")
    return told + nobody + (paragraph(contact, "school") if contact else "")


def form(path: str, button: str, *fields: str) -> str:
    """A form that needs no script."""
    inside = "".join(fields)
    return f'<form method="post" action="{escape(path)}">{inside}<button>{escape(button)}</button></form>'


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def line(name: str, label: str, value: str = "", limit: int = 200, extra: str = "", direction: str = "auto") -> str:
    """One line to type, with its label. ``extra`` is an attribute of ours; codes and addresses have a ``direction``."""
    return (
        f'<label for="{escape(name)}">{escape(label)}</label>'
        f'<input id="{escape(name)}" name="{escape(name)}" value="{escape(value)}" maxlength="{limit}"'
        f' dir="{direction}" autocomplete="off"{f" {extra}" if extra else ""}>'
    )


def text(name: str, label: str, value: str = "", limit: int = 4000) -> str:
    return (
        f'<label for="{escape(name)}">{escape(label)}</label>'
        f'<textarea id="{escape(name)}" name="{escape(name)}" rows="4" maxlength="{limit}" dir="auto">'
        f"\n{escape(value)}</textarea>"
    )


def choices(links: Iterable[tuple[str, str]]) -> str:
    """A list of places to go to, each as large as a thumb."""
    return '<ul class="choices">' + "".join(f"<li>{link(path, text)}</li>" for path, text in links) + "</ul>"


def languages(asked: Asked, here: str) -> str:
    """The same page in another language, each named in its own. ``here``: its path, with the query it needs."""
    path = escape(asked.under(f"{here}{'&' if '?' in here else '?'}lang="))
    others = [
        f'<a href="{path}{language}" lang="{language}" hreflang="{language}">{name}</a>'
        for language, name in NAMES.items()
        if language != asked.language
    ]
    label = escape(asked.say("portal.languages"))
    return f'<nav class="languages" aria-label="{label}">{" ".join(others)}</nav>'
