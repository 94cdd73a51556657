"""Helplines: data per place, each with who documents it and when that was read. Their names are protected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hedgerow.core.hosts import is_public_suffix, parents
from hedgerow.core.model import Protected, Where
from hedgerow.stores import readers
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.policy_floor import FloorBuilder, names_of
from hedgerow.stores.policy_names import site_name
from hedgerow.stores.yamlfile import MapNode, Mistakes, Node, Scalar, legal, load

KEYS = (
    *("name", "short", "number", "text", "qr", "hours", "languages", "translations"),
    *("place", "source", "verified", "status", "host"),
)
TRANSLATED = ("name", "text", "hours")
STATUSES = ("documented", "confirmed")
SHARED_PLATFORMS = frozenset(
    """
    facebook.com instagram.com x.com twitter.com youtube.com youtu.be tiktok.com vk.com ok.ru t.me telegram.org
    telegram.me whatsapp.com wa.me zalo.me chat.zalo.me discord.com discord.gg reddit.com pinterest.com linkedin.com
    linktr.ee sites.google.com docs.google.com forms.gle drive.google.com medium.com tumblr.com wixsite.com weebly.com
    livejournal.com rubika.ir eitaa.com ble.ir aparat.com virgool.io dzen.ru rutube.ru notion.site github.com
    gitlab.com wordpress.com blogger.com google.com yandex.ru bing.com archive.org
    """.split()
)
"""Hosts on which anyone can publish: a helpline there is a path, never the whole host."""
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Translated:
    """What is told of a helpline to readers of another language; "" = as the entry has it."""

    name: str = ""
    text: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Helpline:
    """One service. ``number`` is as written; at least one of ``number``, ``text`` and ``qr`` is there."""

    name: str
    language: str
    where: Where
    number: str = ""
    text: str = ""
    qr: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    country: str = ""
    province: str = ""
    formerly: tuple[str, ...] = ()
    source: str = ""
    verified: date | None = None
    status: str = "documented"
    hosts: tuple[str, ...] = ()
    shipped: bool = True
    short: str = ""  # a name for one line of a phone
    translations: Mapping[str, Translated] = field(default_factory=dict)  # by language

    def told_in(self, language: str) -> Translated:
        """Name, text and hours for readers of this language, as far as the entry has them."""
        other = self.translations.get(language, Translated())
        return Translated(other.name or self.name, other.text or self.text, other.hours or self.hours)

    def short_in(self, language: str) -> str:
        """The name for one line of a phone: the short one, or a translation, which is short."""
        return self.translations.get(language, Translated()).name or self.short or self.name


def read_helplines(folder: Path, prefix: str, shipped: bool, mistakes: Mistakes) -> list[tuple[Helpline, Node]]:
    """All helplines of ``folder/helplines``, each with its place; ``prefix`` stands before the file's name."""
    found: list[tuple[Helpline, Node]] = []
    for path in sorted((folder / "helplines").glob("*.yaml")):
        root = load(path, f"{prefix}helplines/{path.name}", mistakes)
        root.known("helplines")
        if path.stem not in LANGUAGES:
            root.mistake(legal("language in the file's name", path.stem, LANGUAGES))
        node = root.get("helplines")
        found += [(_helpline(item, path.stem, shipped), item) for item in (readers.items(node) if node else ())]
    return found


def _helpline(item: Node, language: str, shipped: bool) -> Helpline:
    node = readers.mapping(item, *KEYS)
    name, hours, source = _needed(node, "name"), _needed(node, "hours"), _needed(node, "source")
    if node.entries and not any(node.get(key) for key in ("number", "text", "qr")):
        node.mistake("a helpline needs at least one of 'number', 'text' and 'qr'")
    number, verified, status = node.get("number"), node.need("verified"), node.need("status")
    spoken, host = node.get("languages"), node.get("host")
    country, province, formerly = _place(node.need("place"))
    return Helpline(
        name,
        language,
        node.where,
        readers.phone(number) if number else "",
        _optional(node, "text"),
        _optional(node, "qr"),
        "" if hours == "unknown" else hours,  # what no source says is not shown to a child
        tuple(readers.text(item) for item in readers.items(spoken)) if spoken else (language,),
        country,
        province,
        formerly,
        source,
        readers.day(verified) if verified else None,
        readers.choice(status, "status", STATUSES) if status else "documented",
        readers.some(host, readers.text) if host else (),
        shipped,
        _optional(node, "short"),
        _translations(node.get("translations")),
    )


def _translations(node: Node | None) -> Mapping[str, Translated]:
    if node is None:
        return {}
    return {language.value: _translated(one) for language, one in readers.mapping(node, *LANGUAGES)}


def _translated(node: Node) -> Translated:
    given = readers.mapping(node, *TRANSLATED)
    return Translated(*(_optional(given, key) for key in TRANSLATED))


def _needed(node: MapNode, key: str) -> str:
    value = node.need(key)
    return readers.text(value) if value else ""


def _optional(node: MapNode, key: str) -> str:
    value = node.get(key)
    return readers.text(value) if value else ""


def _place(node: Node | None) -> tuple[str, str, tuple[str, ...]]:
    if node is None:
        return "", "", ()
    place = readers.mapping(node, "country", "province", "formerly")
    country, formerly = place.need("country"), place.get("formerly")
    code = readers.text(country) if country else ""
    if code and country and not _COUNTRY.fullmatch(code):
        country.mistake(f"a country as two capital letters (ISO 3166-1) expected, such as 'VN', not {code!r}")
    return code, _optional(place, "province"), readers.some(formerly, readers.text) if formerly else ()


def protected_names(
    helplines: Iterable[tuple[Helpline, Node]], floor: FloorBuilder
) -> Mapping[str, tuple[Protected, ...]]:
    """What the helplines protect, by host, the longest path first. Names that must not be are mistakes."""
    table: dict[str, dict[str, Protected]] = {}
    for helpline, item in helplines:
        host = item.get("host") if isinstance(item, MapNode) else None
        for node in readers.some(host, lambda one: one) if host else ():
            entry = _protected(node, helpline.shipped, floor)
            if entry is not None:
                table.setdefault(entry.host, {}).setdefault(entry.path, entry)
    return {host: tuple(sorted(found.values(), key=lambda e: -len(e.path))) for host, found in sorted(table.items())}


def _protected(node: Node, shipped: bool, floor: FloorBuilder) -> Protected | None:
    name = site_name(node) if isinstance(node, Scalar) and node.value else None
    if name is None:
        return None
    if name.exact:
        node.mistake("no '=' here: a helpline always stands for exactly this host")
    if is_public_suffix(name.host):
        node.mistake(f"{name.host!r} is a public suffix: it would protect every site below it")
    elif not name.path and (platform := shared_platform(name.host)):
        node.mistake(f"{platform!r} is shared by everyone; name the helpline's own path: {name.host}/...")
    elif held := names_of(floor, name.host, name.path):
        node.mistake(f"the floor names {name.host!r} ({held.rule.where}); a helpline cannot stand there")
    else:
        return Protected(name.host, node.where, name.path, shipped)
    return None


def shared_platform(host: str) -> str:
    """The shared platform this host belongs to, "" when it is nobody else's."""
    return next((parent for parent in parents(host) if parent in SHARED_PLATFORMS), "")
