"""What was searched: Google, Bing, DuckDuckGo and YouTube. To add an engine: a row in ENGINES and one in the test.

Only finished searches count; suggestions while typing (``/complete/search``, ``/AS/Suggestions``, ``/ac/``) would
judge half words. What was typed into forms is in ``core.posted``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgerow.core.hosts import registrable
from hedgerow.core.model import Channel, Typed
from hedgerow.core.posted import posted
from hedgerow.core.query import readable, values

__all__ = ["is_engine", "posted", "searches"]

_METHODS = frozenset({"GET", "POST"})


@dataclass(frozen=True, slots=True)
class Engine:
    """How one search engine writes a finished search into its URLs."""

    name: str
    sites: re.Pattern[str]  # fullmatch on the registrable domain
    paths: re.Pattern[str]  # fullmatch on the canonical path; a group "text" is a search written in the path
    keys: tuple[str, ...]


ENGINES = (
    Engine(
        "google",
        re.compile(r"google\.[a-z]{2,3}(?:\.[a-z]{2})?"),
        re.compile(
            r"/(?:search|webhp|images|imgres|m|custom|cse|s|ai|maps|books|scholar|store/search)?/?"
            r"|/(?:maps/)?search/(?P<text>[^/]+).*"
        ),
        ("q", "as_q", "as_epq", "as_oq", "query"),
    ),
    Engine(
        "bing",
        re.compile(r"bing\.(?:com|net)"),
        re.compile(r"/(?:[^/]+/)*search/?|/(?:shop|maps|chat|copilotsearch|images|videos|news)?/?"),
        ("q",),
    ),
    Engine(
        "duckduckgo",
        re.compile(r"duckduckgo\.com|ddg\.gg|duck\.com"),
        re.compile(r"/(?:html|lite|(?:d|i|v|news)\.js)?/?"),
        ("q",),
    ),
    Engine(
        "youtube",
        re.compile(r"youtube(?:kids)?\.com"),
        re.compile(r"/(?:results|search)/?|/(?!complete/)(?:[^/]+/){1,2}search/?"),
        ("search_query", "q", "query"),
    ),
)


def searches(host: str, path: str, query: str, method: str = "GET") -> tuple[Typed, ...]:
    """The finished search a request stands for: none or one, with all its fields and readings, one a line.

    ``host`` and ``path`` are canonical, ``query`` is raw. Never raises.
    """
    engine = _engine(host) if method.upper() in _METHODS else None
    found = engine and engine.paths.fullmatch(path)
    if not engine or not found:
        return ()
    texts = values(query, *engine.keys)
    if in_path := found.groupdict().get("text"):
        texts += readable(in_path, plus=True)
    text = "\n".join(dict.fromkeys(filter(None, map(str.strip, texts))))
    return (Typed(Channel.SEARCH, text, engine.name),) if text else ()


def is_engine(host: str) -> bool:
    """True when finished searches are read on ``host`` (canonical)."""
    return _engine(host) is not None


def _engine(host: str) -> Engine | None:
    site = registrable(host)
    return next((engine for engine in ENGINES if engine.sites.fullmatch(site)), None)
