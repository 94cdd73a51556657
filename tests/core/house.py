"""A small school to judge in: bands, floor and lists as values, for tests of the pure core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hedgerow.core.hosts import canonical_host, parents
from hedgerow.core.model import (
    Action,
    Band,
    Calendar,
    Entry,
    FileRule,
    Floor,
    Grant,
    Grants,
    Identity,
    Match,
    Name,
    NameSource,
    NoDecrypt,
    Policy,
    Protected,
    Request,
    Rule,
    SiteRule,
    Where,
    Window,
    WordRule,
)
from hedgerow.core.urls import parse_url

A = Action
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TIMEZONE)  # a Monday in term
LUNCH = Window("lunch", frozenset({0, 1, 2, 3, 4}), time(11, 30), time(13, 30))
PUPIL = Identity("10.8.0.7", "ages-8-10", "pupils")


@dataclass(frozen=True)
class Lists:
    """Names and their categories: the Index protocol over a dict."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    version: str = "test"

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        found = [Match(host + path, self.names[host + path])] if host + path in self.names else []
        found += [Match(parent, self.names[parent]) for parent in parents(host) if parent in self.names]
        return tuple(found)

    def explain(self, match: Match, category: str) -> tuple[Entry, ...]:
        return (Entry(match.name, category, "seed", Where(f"seed/{category}.txt", 1)),)


def lists(**categories: str) -> Lists:
    """``lists(gambling="casino.test bet.test")``; underscores in a category stand for hyphens."""
    names: dict[str, frozenset[str]] = {}
    for category, hosts in categories.items():
        for host in hosts.split():
            names[host] = names.get(host, frozenset()) | {category.replace("_", "-")}
    return Lists(names)


def rule(identifier: str, action: Action, **more: object) -> Rule:
    return Rule(identifier, action, Where("bands/test.yaml", 1), **more)  # type: ignore[arg-type]


def site(
    host: str, action: Action, path: str = "", words: bool = True, exact: bool = False, **more: object
) -> SiteRule:
    return SiteRule(host, rule(f"site:{host}{path}", action, **more), path, words, exact)


def by_host(sites: tuple[SiteRule, ...]) -> dict[str, tuple[SiteRule, ...]]:
    table: dict[str, tuple[SiteRule, ...]] = {}
    for one in sorted(sites, key=lambda s: -len(s.path)):
        table[one.host] = (*table.get(one.host, ()), one)
    return table


def band(
    name: str = "ages-8-10",
    categories: Mapping[str, Action | Rule] | None = None,
    sites: tuple[SiteRule, ...] = (),
    words: Mapping[str, Action] | None = None,
    files: tuple[FileRule, ...] = (),
    page: Action = A.BLOCK,
    part: Action = A.BLOCK,
    address: Action = A.BLOCK,
    lenient: bool = False,
) -> Band:
    made = {c: a if isinstance(a, Rule) else rule(f"category:{c}", a) for c, a in (categories or {}).items()}
    return Band(
        name=name,
        title=name,
        order=1,
        categories=made,
        sites=by_host(sites),
        words={t: WordRule(t, rule(f"words:{t}", a)) for t, a in (words or {}).items()},
        files=files,
        windows={"lunch": LUNCH},
        unknown_page=rule("unknown:page", page),
        unknown_part=rule("unknown:part", part),
        unknown_address=rule("unknown:address", address),
        undecodable=rule("undecodable", A.BLOCK),
        lenient=lenient,
    )


def policy(
    *bands: Band,
    floor: tuple[SiteRule, ...] = (),
    floor_categories: tuple[str, ...] = ("illegal", "malware"),
    protected: tuple[Protected, ...] = (),
    no_decrypt: tuple[str, ...] = (),
    **more: object,
) -> Policy:
    shelves = bands or (band(),)
    return Policy(
        version="p1",
        bands={b.name: b for b in shelves},
        default_band=shelves[0].name,
        floor=Floor({c: rule(f"floor:category:{c}", A.BLOCK) for c in floor_categories}, by_host(floor)),
        protected={p.host: (p,) for p in protected},
        no_decrypt={h: NoDecrypt(h, "vendor", "reason", Where("no-decrypt.yaml", 1)) for h in no_decrypt},
        calendar=Calendar("Asia/Ho_Chi_Minh", holidays=frozenset({date(2026, 9, 2)})),
        **more,  # type: ignore[arg-type]
    )


def ask(url: str, *others: tuple[NameSource, str], **more: object) -> Request:
    """A request for a URL as an honest client sends it; ``others`` are further names it gives."""
    target = parse_url(url)
    host = target.host
    names = (Name(NameSource.HOST, host), *(Name(source, canonical_host(raw)) for source, raw in others))
    return Request(
        names,
        target.scheme,
        port=target.port,
        path=target.clean_path,
        query=target.query,
        raw_path=target.path,
        **more,  # type: ignore[arg-type]
    )


class Given(Grants):
    """Grants held in a set of (person, site, digest)."""

    def __init__(self, *given: tuple[str, str, str]) -> None:
        self.given = set(given)

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None:
        return Grant(person, site, digest, now.timestamp() + 60) if (person, site, digest) in self.given else None
