"""What a band asks of search engines and YouTube, written into the request that leaves the school.

Pure: a request's host, path, query and form in, what must be changed out. The address in the browser stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hedgerow.core.model import SafeModes
from hedgerow.core.query import bare_key
from hedgerow.core.safe_engines import ENGINES, THUMBNAILS, YOUTUBE, Engine, Pairs

RESTRICT = "youtube-restrict"
_LEVELS = {"strict": "Strict", "moderate": "Moderate"}
_COOKIE = re.compile(r"\s*([^=;\s]+)\s*=\s*([^;]*)")


@dataclass(frozen=True, slots=True)
class Change:
    """What to write into a request. ``parameters`` and ``cookies`` take the place of all of the same name."""

    engine: str
    parameters: Pairs = ()
    cookies: Pairs = ()
    inside: Pairs = ()
    headers: Pairs = ()

    def __str__(self) -> str:
        cookies = (f"cookie {name}={value}" for name, value in self.cookies)
        parts = (f"{name}={value}" for name, value in self.parameters)
        inside = (f"cookie {name} with {value}" for name, value in self.inside)
        return f"{self.engine}: {', '.join((*parts, *cookies, *inside, *(f'{n}: {v}' for n, v in self.headers)))}"


def safe_change(host: str, path: str, query: str, modes: SafeModes) -> Change | None:
    """What this request (canonical host and path, raw query) must carry; None when nothing is asked of it."""
    if modes.youtube in _LEVELS and YOUTUBE.fullmatch(host):
        return Change("youtube", headers=((RESTRICT, _LEVELS[modes.youtube]),))
    engine = _engine(host) if modes.engines else None
    if engine is None:
        return None
    searching = _searches(engine, path, query)
    return Change(engine.name, engine.parameters if searching else (), engine.cookies, engine.inside)


def shows_pictures(host: str, path: str, query: str) -> bool:
    """True for a search for pictures, and for the small pictures that such a search shows."""
    if THUMBNAILS.fullmatch(host):
        return True
    engine = _engine(host)
    address = f"{path}?{query}"
    return engine is not None and engine.pictures is not None and engine.pictures.fullmatch(address) is not None


@lru_cache(maxsize=4_096)
def _engine(host: str) -> Engine | None:
    return next((engine for engine in ENGINES if engine.hosts.fullmatch(host)), None)


def _searches(engine: Engine, path: str, query: str) -> bool:
    if engine.paths is not None and engine.paths.fullmatch(path):
        return True
    return any(_name(field) in engine.keys for field in query.split("&"))


def _name(field: str) -> str:
    """The key of a field as the engine reads it."""
    return bare_key(field.partition("=")[0]).strip()


def with_parameters(query: str, parameters: Pairs) -> str:
    """A raw query or urlencoded form with these parameters and no others of their names; the rest as it was."""
    if not parameters:
        return query
    names = {name.lower() for name, _ in parameters}
    kept = [field for field in query.split("&") if field and _name(field).lower() not in names]
    return "&".join((*kept, *(f"{name}={value}" for name, value in parameters)))


def with_cookies(cookie: str, change: Change) -> str:
    """A Cookie header (RFC 6265) with what the change asks for; the other cookies as they were."""
    pairs = [(match[1], match[2].strip()) for match in _COOKIE.finditer(cookie)]
    replaced = {name for name, _ in change.cookies}
    kept = [(name, value) for name, value in pairs if name not in replaced]
    for name, wanted in change.inside:
        kept = _with_inside(kept, name, wanted)
    return "; ".join(f"{name}={value}" for name, value in (*kept, *change.cookies))


def _with_inside(pairs: Iterable[tuple[str, str]], name: str, wanted: str) -> list[tuple[str, str]]:
    """The cookie ``name`` with KEY=VALUE in it, whatever it said of KEY before."""
    key = wanted.partition("=")[0].lower()
    others, fields = [], []
    for one, value in pairs:
        if one != name:
            others.append((one, value))
            continue
        fields += [field for field in value.split("&") if field and field.partition("=")[0].lower() != key]
    return [*others, (name, "&".join((*fields, wanted)))]
