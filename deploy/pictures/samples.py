"""The pages of the gallery: one sample of each kind, for a made-up school, with the shipped sentences and helplines.

``tests/pages/test_in_chromium.py`` looks at the same samples. What a real page would hold is on them: the band's own
sentence, every button, both numbers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.pages.helplines import HelplineView, views
from hedgerow.pages.parts import KINDS
from hedgerow.proxy.pages import render, topic_name
from hedgerow.proxy.pages.model import Answer, AnswerType, PageContext, PageKind
from hedgerow.proxy.pages.sentences import band_speaks
from hedgerow.runtime import for_readers, local_helplines
from hedgerow.stores import readers
from hedgerow.stores.categories import CategoryTable, load_categories
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.messages import shipped_messages
from hedgerow.stores.policy_helplines import Helpline, read_helplines
from hedgerow.stores.site import Place, Site
from hedgerow.stores.yamlfile import MapNode, load

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
BANDS = {"young": "ages-8-10", "middle": "ages-11-13", "older": "ages-14-17", "staff": "staff"}
_ACTIONS = {PageKind.WARN: Action.WARN, PageKind.HELP: Action.HELP, PageKind.LIMIT: Action.LIMIT}
_CATEGORIES = {PageKind.BLOCK: "gambling", PageKind.WARN: "social", PageKind.LIMIT: "games"}
_STATUS = {PageKind.CERTIFICATE: 502, PageKind.UPSTREAM: 504, PageKind.BAD_REQUEST: 400}


def sample(
    kind: PageKind,
    language: str,
    register: str = "older",
    category: str = "",
    banner: bool = False,
    frame: bool = False,
) -> Answer:
    """One page as the gateway sends it. ``category`` in place of the kind's own, or a topic as ``words:drugs``;
    ``banner``: the filter is relaxed; ``frame``: within another page."""
    if kind is PageKind.FAULT:
        return _fault(language, register)
    decision = replace(_decision(kind, category or _CATEGORIES.get(kind, "")), band=BANDS[register])
    texts = shipped_messages()[language]
    context = PageContext(
        language=language,
        register=register,
        school=SCHOOL[language],
        host="forum.example",
        subject=_subject(decision, language),
        message=_message(decision.band, language) if band_speaks(decision) else "",
        helplines=_lines(language),
        contact=CONTACT[language],
        token="-" if kind in (PageKind.WARN, PageKind.HELP) else "",
        action="/.well-known/hedgerow/continue",
        until=NOW.replace(hour=11, minute=30),
        now=NOW,
        country=COUNTRY[language],
        report_kinds=KINDS,
        codes=kind in (PageKind.BLOCK, PageKind.LIMIT),
        banner=texts["portal.relaxed"].replace("{time}", "12:00") if banner else "",
        answer=AnswerType.FRAME if frame else AnswerType.PAGE,
        status=_STATUS.get(kind, 403),
    )
    return render(kind, decision, context)


def _fault(language: str, register: str) -> Answer:
    """It knows the school, and nothing of what was asked for."""
    context = PageContext(
        language=language,
        register=register,
        school=SCHOOL[language],
        helplines=_lines(language),
        contact=CONTACT[language],
        report_kinds=KINDS,
        status=503,
    )
    return render(PageKind.FAULT, None, context)


def _subject(decision: Decision, language: str) -> str:
    topic = topic_name(decision.rule.removeprefix("words:"), language)
    return _categories().name(decision.category, language) if decision.category else topic


@cache
def _message(band: str, language: str) -> str:
    """The longer of what the bands of this register say."""
    bands = ("ages-5-7", band) if band == "ages-8-10" else (band,)
    files = [load(ROOT / "policies" / "bands" / f"{one}.yaml", one, Mistakes()).get("messages") for one in bands]
    said = [node.get(language) for node in files if isinstance(node, MapNode)]
    return max((readers.text(node) for node in said if node is not None), key=len)


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
    if category.startswith("words:"):
        return replace(made, step=Step.WORDS, rule=category, category="")
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
    site = Site(place=Place(COUNTRY[language], "Lào Cai" if COUNTRY[language] == "VN" else ""))
    return views(for_readers(local_helplines(tuple(found), site), language), language)
