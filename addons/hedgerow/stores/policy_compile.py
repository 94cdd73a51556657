"""Band files laid together into complete bands, and the name of the whole: a digest of its content."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, time

from hedgerow.core.model import Action, Band, Rule, SafeModes, Where, Window
from hedgerow.stores.policy_bands import DAYS, SCHOOL_HOURS, BandFile
from hedgerow.stores.policy_floor import sites_by_host
from hedgerow.stores.policy_rules import present
from hedgerow.stores.site import Site


def in_order(files: Mapping[str, BandFile]) -> tuple[str, ...]:
    """The bands from the strictest: along the inheritance, then those that stand alone.

    A band that extends one that is not there, itself, or one that is extended already is a mistake at its key.
    """
    children: dict[str, str] = {}
    refused: set[str] = set()
    for name in sorted(files):
        parent = files[name].extends
        place = files[name].root.get("extends")
        if not parent or place is None:
            continue
        if parent not in files or parent == name:
            refused.add(name)
            place.mistake(f"unknown band {parent!r}; known: {', '.join(sorted(set(files) - {name}))}")
        elif parent in children:
            refused.add(name)
            place.mistake(f"{children[parent]!r} extends {parent!r} already; each band has one next one")
        else:
            children[parent] = name
    order = [chain for name in sorted(files) if not files[name].extends for chain in _chain(name, children)]
    for name in sorted(set(files) - set(order) - refused):
        files[name].root.mistake(f"{name!r} never reaches a band that extends nothing")
    return tuple(sorted(order, key=lambda name: _root(name, files) not in children))


def _chain(name: str, children: Mapping[str, str]) -> Iterable[str]:
    while name:
        yield name
        name = children.get(name, "")


def _root(name: str, files: Mapping[str, BandFile]) -> str:
    while files[name].extends in files:
        name = files[name].extends
    return name


def compiled(band: BandFile, order: int, site: Site) -> Band:
    """The complete band. ``school-hours`` becomes one window a weekday, for each may have its own times."""
    hours = {
        f"{SCHOOL_HOURS}-{DAYS[weekday]}": Window("", frozenset({weekday}), start, end, "school-days")
        for weekday, (start, end) in site.hours.items()
    }
    extra = {name: replace(window, name=name) for name, window in hours.items()}

    def timed(rule: Rule) -> Rule:
        times = tuple(t for named in rule.times for t in _spread(named, tuple(extra)))
        return replace(rule, times=times) if times != rule.times else rule

    sites = (replace(site_rule, rule=timed(site_rule.rule)) for site_rule in present(band.sites).values())
    default = {key: timed(rule) for key, rule in band.defaults.items()}
    return Band(
        name=band.name,
        title=next((band.title[lang] for lang in (*site.languages, "en") if lang in band.title), band.name),
        order=order,
        categories={key: timed(rule) for key, rule in sorted(band.categories.items())},
        sites=sites_by_host(sites),
        words={key: replace(w, rule=timed(w.rule)) for key, w in sorted(present(band.words).items())},
        files=tuple(replace(f, rule=timed(f.rule)) for _, f in sorted(present(band.files).items())),
        windows={**band.windows, **extra},
        unknown_page=default["unknown:page"],
        unknown_part=default["unknown:part"],
        unknown_address=default["unknown:address"],
        undecodable=default["undecodable"],
        messages=dict(band.messages),
        lenient=bool(band.lenient),
        register=band.register or "older",
        languages=band.languages,
        safe=_safe(band),
    )


def _safe(band: BandFile) -> SafeModes:
    said = {key: value.value for key, value in band.safe.items()}
    where = band.safe["thumbnails"].where if "thumbnails" in band.safe else Where("")
    engines, shown = said.get("engines") == "strict", said.get("thumbnails") != "hide"
    return SafeModes(engines, said.get("youtube", "off"), shown, where)


def _spread(named: tuple[str, Action], hours: tuple[str, ...]) -> tuple[tuple[str, Action], ...]:
    name, action = named
    return tuple((hour, action) for hour in hours) if name == SCHOOL_HOURS else (named,)


def content_digest(value: object) -> str:
    """12 hex digits of BLAKE2b (RFC 7693) over the content: the same in every process and on every machine."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _plain(value: object) -> object:
    """Frozen values as JSON has them; sets in a fixed order."""
    if isinstance(value, enum.Enum):
        return value.name
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value
