"""The pages of the gallery: one sample of each kind, for a made-up school, with the shipped sentences and helplines.

``tests/e2e/test_pages_in_chromium.py`` looks at the same samples.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.pages.helplines import HelplineView
from hedgerow.pages.parts import KINDS
from hedgerow.proxy.pages import render
from hedgerow.proxy.pages.model import Answer, PageContext, PageKind
from hedgerow.stores.categories import CategoryTable, load_categories
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.messages import shipped_messages
from hedgerow.stores.policy_helplines import Helpline, read_helplines

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 10, 5)
COUNTRY = {"vi": "VN", "en": "VN", "fa": "IR", "kk": "KZ", "ru": "KZ"}
SCHOOL = {
    "vi": "Trường Hàng Rào Xanh",
    "en": "Hedgerow School",
    "fa": "مدرسهٔ پرچین",
    "kk": "«Жасыл қоршау» мектебі",
    "ru": "Школа «Живая изгородь»",
}
CONTACT = {
    "vi": "Hỏi thầy Minh, phòng 12.",
    "en": "Ask Mr Minh in room 12.",
    "fa": "از آقای رضایی در اتاق ۱۲ بپرس.",
    "kk": "12-кабинеттегі Айгүл апайдан сұра.",
    "ru": "Спроси Айгуль Сериковну, кабинет 12.",
}
_ACTIONS = {PageKind.WARN: Action.WARN, PageKind.HELP: Action.HELP, PageKind.LIMIT: Action.LIMIT}
_CATEGORIES = {PageKind.BLOCK: "gambling", PageKind.WARN: "social", PageKind.LIMIT: "games"}
_STATUS = {PageKind.CERTIFICATE: 502, PageKind.UPSTREAM: 504, PageKind.FAULT: 503, PageKind.BAD_REQUEST: 400}


def sample(
    kind: PageKind, language: str, register: str = "older", category: str = "", banner: bool = False, host: str = ""
) -> Answer:
    """One page as the gateway sends it. ``category`` in place of the kind's own; ``banner``: the filter is relaxed."""
    decision = _decision(kind, category or _CATEGORIES.get(kind, ""))
    texts = shipped_messages()[language]
    context = PageContext(
        language=language,
        register=register,
        school=SCHOOL[language],
        host=host or "forum.example",
        subject=_categories().name(decision.category, language) if decision.category else "",
        helplines=_lines(language),
        contact=CONTACT[language],
        token="-",
        action="/.well-known/hedgerow/continue",
        until=NOW.replace(hour=11, minute=30),
        now=NOW,
        country=COUNTRY[language],
        report_kinds=KINDS,
        codes=kind in (PageKind.BLOCK, PageKind.LIMIT),
        banner=texts["portal.relaxed"].replace("{time}", "12:00") if banner else "",
        status=_STATUS.get(kind, 403),
    )
    return render(kind, None if kind is PageKind.FAULT else decision, context)


def _decision(kind: PageKind, category: str) -> Decision:
    step = {PageKind.EXAM: Step.EXAM, PageKind.HELP: Step.WORDS}.get(kind, Step.CATEGORY)
    made = Decision(
        action=_ACTIONS.get(kind, Action.BLOCK),
        capture=Capture.DECRYPTED,
        band="ages-14-17",
        step=step,
        rule=f"category:{category}",
        where="bands/ages-14-17.yaml:40",
        evidence="",
        host="forum.example",
        category=category,
        policy="0",
    )
    if category:
        return made
    return replace(made, step=step if kind is PageKind.EXAM else Step.BUILTIN, rule=f"page:{kind}")


@cache
def _categories() -> CategoryTable:
    return load_categories(ROOT / "blocklists" / "categories.yaml")


@cache
def _lines(language: str) -> tuple[HelplineView, ...]:
    """Of the sample school's country, those that speak the page's language first."""
    found: list[Helpline] = [line for line, _ in read_helplines(ROOT / "policies", "", True, Mistakes())]
    here = [line for line in found if line.country == COUNTRY[language]]
    here.sort(key=lambda line: (language not in line.languages, line.language != language))
    return tuple(HelplineView(line.name, line.number, line.text, line.hours, line.qr) for line in here)
