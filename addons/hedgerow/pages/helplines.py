"""Whom to talk to, as a page shows it: name, number to touch, text address, and a QR code for another device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from hedgerow.stores.policy_helplines import Helpline, Translated

MOST = 4
"""Lines on the page that helps."""
FEW = 2
"""Lines on every other page: it should fit on one screen of a phone."""


@dataclass(frozen=True, slots=True)
class HelplineView:
    """One helpline as a page shows it: number and hours as written in ``helplines/*.yaml``."""

    name: str
    number: str
    text: str = ""  # a text or chat address
    hours: str = ""
    qr: str = ""  # what a QR code leads to; "" = the number itself
    short: str = ""  # the name where there is one line for it; "" = the name


def views(lines: Iterable[Helpline], language: str) -> tuple[HelplineView, ...]:
    """The lines as a page in this language shows them."""
    return tuple(_view(line, line.told_in(language), line.short_in(language)) for line in lines)


def _view(line: Helpline, told: Translated, short_name: str) -> HelplineView:
    return HelplineView(told.name, line.number, told.text, told.hours, line.qr, short_name)


def whole(lines: Sequence[HelplineView], title: str, scan: str) -> str:
    """The page that helps: all there is to know of the first lines, and a QR code of the first, named ``scan``."""
    if not lines:
        return ""
    items = "".join(map(_item, _different(lines)[:MOST]))
    return _section(title, f"<ul>{items}</ul>{_code(lines[0], scan)}", " whole")


def short(lines: Sequence[HelplineView], title: str) -> str:
    """Every other page: whom to call or to write to, one line each."""
    items = "".join(map(_short_item, _different(lines)[:FEW]))
    return _section(title, f"<ul>{items}</ul>", " short") if items else ""


def _section(title: str, inside: str, kind: str) -> str:
    return f'<section class="helplines{kind}"><h2>{escape(title)}</h2><div>{inside}</div></section>'


def _different(lines: Sequence[HelplineView]) -> list[HelplineView]:
    """One service may be described in two languages: its number stands here once, in the reader's own if there is."""
    first: dict[str, HelplineView] = {}
    for line in lines:
        first.setdefault(line.number or line.text or line.name, line)
    return list(first.values())


def _item(line: HelplineView) -> str:
    text = f" <bdi>{escape(line.text)}</bdi>" if line.text and line.number else ""
    hours = f' <bdi class="small">{escape(line.hours)}</bdi>' if line.hours else ""
    return f"<li><bdi>{escape(line.name)}</bdi> {_reached(line)}{text}{hours}</li>"


def _short_item(line: HelplineView) -> str:
    return f"<li>{_reached(line)} <bdi>{escape(line.short or line.name)}</bdi></li>"


def _reached(line: HelplineView) -> str:
    if not line.number:
        return f"<strong><bdi>{escape(line.text)}</bdi></strong>"
    return f'<a href="{_tel(line.number)}"><bdi dir="ltr">{escape(line.number)}</bdi></a>'


def _tel(number: str) -> str:
    """The number as a URI (RFC 3966): digits, and a leading plus."""
    return "tel:" + "".join(c for c in number if c.isascii() and (c.isdigit() or c == "+"))


def _code(line: HelplineView, label: str) -> str:
    leads_to = line.qr or (_tel(line.number) if line.number else "")
    if not leads_to:
        return ""
    return f'<div class="camera">{qr_code(leads_to, label)}<p class="small">{escape(label)}</p></div>'


@lru_cache(maxsize=64)  # they come from files, and there are few
def qr_code(content: str, label: str) -> str:
    """A QR code (ISO/IEC 18004) as an inline SVG of one path. Shown on wide screens and on paper (``pages.style``)."""
    import segno  # only a page with a helpline needs it

    drawn: str = segno.make(content, error="m", micro=False).svg_inline(
        border=2, omitsize=True, svgclass=None, lineclass=None
    )
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
