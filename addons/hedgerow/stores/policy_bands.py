"""One band file, shipped or the school's, as far as it goes; and one laid over another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time

from hedgerow.core.model import REGISTERS, YOUTUBE_LEVELS, FileRule, Rule, SiteRule, Where, Window, WordRule
from hedgerow.stores import readers
from hedgerow.stores.policy_examples import Example, examples
from hedgerow.stores.policy_rules import NoRule, Rules
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, legal

KEYS = (
    *("band", "title", "no-page", "windows", "categories", "sites", "words", "files", "unknown", "undecodable"),
    *("register", "languages", "safe-search", "messages", "examples"),
)
SHIPPED_KEYS = (*KEYS, "extends")
LANGUAGES = ("vi", "en", "fa", "kk", "ru")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_KINDS = ("any", "school-days", "holidays", "exam-days")
SAFE_CHOICES: Mapping[str, tuple[str, ...]] = {
    "engines": ("strict", "off"),
    "youtube": YOUTUBE_LEVELS,
    "thumbnails": ("show", "hide"),
}
UNKNOWN = ("page", "part", "address")
SCHOOL_HOURS = "school-hours"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BandFile:
    """What one file says, or several laid over one another. What none of them says is empty or None."""

    name: str
    root: MapNode
    extends: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    lenient: bool | None = None
    register: str = ""
    languages: tuple[str, ...] = ()
    windows: Mapping[str, Window] = field(default_factory=dict)
    categories: Mapping[str, Rule] = field(default_factory=dict)
    sites: Mapping[str, SiteRule | NoRule] = field(default_factory=dict)
    words: Mapping[str, WordRule | NoRule] = field(default_factory=dict)
    files: Mapping[str, FileRule | NoRule] = field(default_factory=dict)
    defaults: Mapping[str, Rule] = field(default_factory=dict)  # unknown:page, ..., undecodable
    messages: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    places: Mapping[str, Scalar] = field(default_factory=dict)  # rule id -> its key in this one file
    safe: Mapping[str, Scalar] = field(default_factory=dict)  # "engines", "youtube", "thumbnails" -> as written
    named_windows: tuple[Scalar, ...] = ()  # as this one file's rules name them

    @property
    def where(self) -> Where:
        return self.root.where


@dataclass(frozen=True, slots=True)
class Known:
    """What a band may speak about."""

    categories: frozenset[str]
    topics: frozenset[str]


def read_band(root: MapNode, name: str, known: Known, shipped: bool) -> BandFile:
    """The band file ``root``. Its mistakes are noted; what is left out after them does not matter."""
    root.known(*(SHIPPED_KEYS if shipped else KEYS))
    rules, get = Rules(), root.get
    _check_name(root, name, shipped)
    extends, page, register = get("extends"), get("no-page"), get("register")
    return BandFile(
        name,
        root,
        extends=readers.text(extends) if extends and shipped else "",
        title=_languages(get("title")),
        lenient=readers.choice(page, "value of 'no-page'", ("refuse", "allow")) == "allow" if page else None,
        register=readers.choice(register, "register", REGISTERS) if register else "",
        languages=_pages_in(get("languages")),
        safe=_safe(get("safe-search")),
        windows=_windows(get("windows")),
        categories=rules.categories(get("categories"), known.categories),
        sites=rules.sites(get("sites")),
        words=rules.words(get("words"), known.topics),
        files=rules.files(get("files")),
        defaults=_defaults(root, rules),
        messages=_languages(get("messages")),
        examples=examples(get("examples"), name),
        places=rules.places,
        named_windows=tuple(rules.windows),
    )


def _pages_in(node: Node | None) -> tuple[str, ...]:
    """The languages of the pages of this band, the first is the default; () when the file says none."""
    found = (readers.choice(item, "language", LANGUAGES) for item in readers.items(node)) if node else ()
    return tuple(dict.fromkeys(filter(None, found)))


def _safe(node: Node | None) -> dict[str, Scalar]:
    found = {}
    for key, value in readers.mapping(node, *SAFE_CHOICES) if node else ():
        choices = SAFE_CHOICES.get(key.value, ())
        if choices and readers.choice(value, f"value of {key.value!r}", choices) and isinstance(value, Scalar):
            found[key.value] = value
    return found


def laid_over(base: BandFile, over: BandFile) -> BandFile:
    """``over`` rule by rule over ``base``; examples are each file's own."""
    return replace(
        over,
        title={**base.title, **over.title},
        lenient=base.lenient if over.lenient is None else over.lenient,
        register=over.register or base.register,
        languages=over.languages or base.languages,
        safe={**base.safe, **over.safe},
        windows={**base.windows, **over.windows},
        categories={**base.categories, **over.categories},
        sites={**base.sites, **over.sites},
        words={**base.words, **{topic: _alerting(base.words.get(topic), rule) for topic, rule in over.words.items()}},
        files={**base.files, **over.files},
        defaults={**base.defaults, **over.defaults},
        messages={**base.messages, **over.messages},
    )


def _alerting(base: WordRule | NoRule | None, over: WordRule | NoRule) -> WordRule | NoRule:
    """A rule that says nothing of alerts keeps those below it: whom a child's words reach is not lost in passing."""
    if not isinstance(base, WordRule) or not isinstance(over, WordRule):
        return over
    alert = base.alert if over.alert is None else over.alert
    return replace(over, alert=alert, alert_from=base.alert_from if over.alert_from is None else over.alert_from)


def removed_in_vain(base: BandFile, over: BandFile) -> Iterator[tuple[str, Where]]:
    """What the ``no-rule`` lines of ``over`` name though ``base`` has no such rule."""
    for kind in ("sites", "words", "files"):
        lower: Mapping[str, object] = getattr(base, kind)
        upper: Mapping[str, object] = getattr(over, kind)
        for key, rule in upper.items():
            if isinstance(rule, NoRule) and isinstance(lower.get(key), (NoRule, type(None))):
                yield f"{kind}: {key}", rule.where


def check_windows(merged: BandFile, file: BandFile) -> None:
    """Every window that the rules of ``file`` name must be there once all is laid together."""
    for name in file.named_windows:
        if name.value not in merged.windows and name.value != SCHOOL_HOURS:
            name.mistake(legal("window", name.value, (*merged.windows, SCHOOL_HOURS)))


def check_complete(band: BandFile, known: Known) -> None:
    """A band without a base must decide everything: what it leaves out would be nobody's decision."""
    for key in ("title", "no-page", "categories", "unknown", "undecodable"):
        band.root.need(key)
    if (unknown := band.root.get("unknown")) is not None:
        for key in UNKNOWN:
            readers.mapping(unknown).need(key)
    left_out = sorted(known.categories - set(band.categories))
    if left_out and (key_node := band.root.key("categories")):
        key_node.mistake(f"nothing is said about {', '.join(left_out)}")


def _check_name(root: MapNode, name: str, shipped: bool) -> None:
    node = root.need("band") if shipped else root.get("band")
    if node is not None and (value := readers.text(node)) and value != name:
        node.mistake(f"the file is named {name!r}, so the band is {name!r}, not {value!r}")


def _languages(node: Node | None) -> dict[str, str]:
    return {key.value: readers.text(value, 500) for key, value in readers.mapping(node, *LANGUAGES)} if node else {}


def _defaults(root: MapNode, rules: Rules) -> dict[str, Rule]:
    found = {}
    if (node := root.get("unknown")) is not None:
        for key, value in readers.mapping(node, *UNKNOWN):
            found[f"unknown:{key.value}"] = rules.single(f"unknown:{key.value}", key, value)
    if (node := root.get("undecodable")) is not None and (place := root.key("undecodable")):
        found["undecodable"] = rules.single("undecodable", place, node)
    return found


def _windows(node: Node | None) -> dict[str, Window]:
    found = {}
    for key, value in readers.mapping(node) if node else ():
        if key.value.startswith(SCHOOL_HOURS):
            key.mistake(f"names that begin with {SCHOOL_HOURS!r} are made from 'hours' in site.yaml; choose another")
        elif not _NAME.fullmatch(key.value):
            key.mistake(f"a window's name has small letters, digits and '-', not {key.value!r}")
        elif window := _window(key.value, value):
            found[key.value] = window
    return found


def _window(name: str, value: Node) -> Window | None:
    node = readers.mapping(value, "days", "from", "to", "on")
    days, start, end, on = node.need("days"), node.need("from"), node.need("to"), node.get("on")
    if days is None or start is None or end is None:
        return None
    opens, closes = readers.clock(start), readers.clock(end, midnight=True)
    if opens == closes != time():
        end.mistake(f"opens and closes at {opens:%H:%M}; for a whole day write from 00:00 to 24:00")
    kind = readers.choice(on, "value of 'on'", DAY_KINDS) if on else "any"
    return Window(name, _days(days), opens, closes, kind or "any")


def _days(node: Node) -> frozenset[int]:
    if isinstance(node, Scalar):
        return frozenset(range(7) if readers.choice(node, "value of 'days'", ("all",)) else ())
    return frozenset(weekday(item) for item in readers.items(node))


def weekday(node: Node) -> int:
    """0 = Monday. Fallback: 0."""
    value = readers.choice(node, "day", DAYS)
    return DAYS.index(value) if value else 0
