"""What was searched, in a URL or a posted body. The engines are rows of ``core.engines``.

Only finished searches count; suggestions while typing (``/complete/search``, ``/AS/Suggestions``, ``/ac/``) would
judge half words. What was typed into forms is in ``core.posted``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from hedgerow.core.engines import Engine, engine_of
from hedgerow.core.jsontext import top_strings
from hedgerow.core.model import Channel, Typed
from hedgerow.core.query import decode_bytes, first, pairs, readable, values
from hedgerow.core.spoken import document
from hedgerow.core.urls import url_words

__all__ = ["bundles", "is_engine", "posted_search", "searches", "suggests", "typed_in_url"]

_METHODS = frozenset({"GET", "POST"})
_DATA = re.compile(r"data(?::|%(?:25)*3a)", re.IGNORECASE)
_MOST_DOCUMENTS = 4
_HALF_ACTIONS = frozenset({"opensearch", "prefixsearch"})


def typed_in_url(host: str, path: str, query: str, method: str = "GET") -> tuple[Typed, ...]:
    """All that words are looked for in a URL: its own words, a finished search, documents written into its query.

    ``host`` and ``path`` are canonical, ``query`` is raw. Never raises.
    """
    typed = [Typed(Channel.URL, url_words(host, path, query)), *searches(host, path, query, method)]
    if _DATA.search(query):
        shown = (document(text) for _, value in pairs(query) for text in readable(value) if text[:5].lower() == "data:")
        typed.extend(Typed(Channel.PAGE, text) for text in islice(shown, _MOST_DOCUMENTS))
    return tuple(item for item in typed if item.text)


def searches(host: str, path: str, query: str, method: str = "GET") -> tuple[Typed, ...]:
    """The finished search a request stands for: none or one, with all its fields and readings, one a line.

    ``host`` and ``path`` are canonical, ``query`` is raw. Never raises.
    """
    engine = engine_of(host) if method.upper() in _METHODS else None
    found = engine and _paths(engine.paths).fullmatch(path)
    if not engine or not found or _half(engine, host, path, query):
        return ()
    texts = values(query, *engine.keys.split())
    if in_path := found.groupdict().get("text"):
        texts += readable(in_path, plus=True)
    return _typed(engine, texts)


def posted_search(host: str, path: str, content_type: str, body: bytes) -> tuple[Typed, ...]:
    """The finished search that stands in a posted body, where this engine posts its searches; else ().

    ``body`` is without content encoding. Nothing else of such a body was typed: the rest describes the device.
    """
    engine = engine_of(host)
    if engine is None or not engine.posted or not _paths(engine.posted).fullmatch(path):
        return ()
    keys, text = engine.keys.split(), decode_bytes(body)[0]
    if "json" in content_type.lower() or text[:64].lstrip().startswith("{"):
        return _typed(engine, top_strings(text, keys))
    return _typed(engine, values(text, *keys))


def suggests(host: str, path: str, query: str) -> bool:
    """True for what an engine is asked while somebody still types: judged, and no event of its own."""
    engine = engine_of(host)
    return engine is not None and _half(engine, host, path, query)


def bundles(host: str, path: str, query: str) -> bool:
    """True for what an engine's own program fetches while it searches: as JSON, no page and nobody's words."""
    engine = engine_of(host)
    if engine is None or not engine.web:
        return False
    machine = path.startswith(("/xjs/", "/async/", "/gen_204", "/log", "/sugg"))
    asks = any(pattern and _paths(pattern).fullmatch(path) for pattern in (engine.paths, engine.posted))
    return machine or path != "/" and asks or _half(engine, host, path, query)


def is_engine(host: str) -> bool:
    """True when finished searches of the web are read on ``host`` (canonical)."""
    engine = engine_of(host)
    return engine is not None and engine.web


def _half(engine: Engine, host: str, path: str, query: str) -> bool:
    if engine.half and _paths(engine.half).search(f"//{host}{path}"):
        return True
    if engine.name != "wikipedia" or "search" not in query:
        return False
    return any(first(key) in ("action", "list", "generator") and value in _HALF_ACTIONS for key, value in pairs(query))


@lru_cache(maxsize=512)
def _paths(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _typed(engine: Engine, texts: Iterable[str]) -> tuple[Typed, ...]:
    text = "\n".join(dict.fromkeys(filter(None, map(str.strip, texts))))
    return (Typed(Channel.SEARCH, text, engine.name),) if text else ()
