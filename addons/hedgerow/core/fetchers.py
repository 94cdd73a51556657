"""The services that fetch other sites for you, and how each writes the address it fetches.

To add one: a row in FETCHERS and one in its test. A service that writes a whole address somewhere into its own needs no
row, only a line in ``blocklists/local/translators-caches.txt``: ``core.inside`` finds the address by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from hedgerow.core.embedded import Address, address, fields, readings
from hedgerow.core.hosts import HostError, canonical_host, registrable
from hedgerow.core.idn import to_unicode
from hedgerow.core.query import first


@dataclass(frozen=True, slots=True)
class Fetcher:
    """One service. ``pages``: it shows whole pages, and not only pictures or documents of the other site.

    ``hosts`` with all below them; a last label ``*`` stands for any public suffix. ``path`` must match the beginning
    of the decoded path; with ``rest`` the address follows it there, with ``keys`` it is one of these fields' values
    ("" = a value without a key), with ``label`` it is the host's first label.
    """

    hosts: tuple[str, ...]
    path: re.Pattern[str] = re.compile("/")
    rest: bool = False
    keys: tuple[str, ...] = ()
    label: bool = False
    pages: bool = True


def _rest(path: str, *hosts: str, keys: tuple[str, ...] = (), pages: bool = True) -> Fetcher:
    return Fetcher(hosts, re.compile(path), rest=True, keys=keys, pages=pages)


def _keys(keys: str, *hosts: str, path: str = "/", pages: bool = True) -> Fetcher:
    return Fetcher(hosts, re.compile(path), keys=tuple(keys.split()), pages=pages)


_STAMP = r"(?:\d{0,14}\*?(?:[a-z]{2}_)*/)"  # when a copy was made, and what the archive should do with it

FETCHERS = (
    # translators of pages
    Fetcher(("translate.goog",), label=True),
    _keys("u", "google.*", "translate.googleusercontent.com", path=r"/(?:translate(?:_[a-z])?|website)(?:/|$)"),
    _keys("u a url", "bing.com", path="/translator"),
    _keys("u a url", "translatetheweb.com", "microsofttranslator.com"),
    _keys("url", "translate.yandex.*", "papago.naver.net", "papago.naver.com", "imtranslator.net", "itranslate.com"),
    _keys("url query", "fanyi.baidu.com", "webtrans.yodao.com", "webtrans.youdao.com"),
    _rest(r"/proxy_[a-z]+/[^/]+/(?:https?/)?", "translated.turbopages.org"),
    _rest(r"/(?:turbo/)?", "turbopages.org"),
    _rest(r"/turbo/", "yandex.*"),
    _keys("text url", "yandex.*", path=r"/turbo/?$"),
    # archives
    _rest(
        rf"/(?:(?:web|save|screenshot|liveweb)/)?(?:_embed/|timemap/[a-z]+/)?{_STAMP}?",
        *("web.archive.org", "wayback.archive.org", "web.archive.bibalex.org"),
        keys=("url",),
    ),
    _rest(rf"/wayback/{_STAMP}?", "arquivo.pt"),
    _rest(
        r"/(?:(?:newest|oldest|timegate|timemap|o/[A-Za-z0-9]+|\d{4,14})/)?",
        *(f"archive.{ending}" for ending in ("today", "ph", "is", "li", "md", "vn", "fo")),
        keys=("url",),
    ),
    # caches
    _keys("q", "webcache.googleusercontent.com"),
    _keys("q u url", "cc.bingj.com", "cachedview.com", "cachedview.nl", "cachedpages.com"),
    _keys("url", "yandexwebcache.net", "hghltd.yandex.net"),
    Fetcher(("cdn.ampproject.org", "ampproject.net", "bing-amp.com"), label=True),
    _rest(r"/(?:[a-z]{1,3}/)?(?:w\d+/)?(?:s/)?", "cdn.ampproject.org", "ampproject.net", "bing-amp.com"),
    _rest(r"/amp/(?:s/)?", "google.*"),
    # readers, converters, pages of files
    _rest(
        r"/(?:(?:api/)?proxy/|search/)?",
        *("12ft.io", "1ft.io", "13ft.io", "removepaywall.com", "removepaywalls.com", "freedium.cfd", "txtify.it"),
        *("outline.com", "smry.ai", "r.jina.ai"),
        keys=("q", "url", "u"),
    ),
    _keys("strURL strurl url", "textise.net"),
    _keys("url", "printfriendly.com", "pdfmyurl.com", "webtopdf.com", "web2pdfconvert.com", "urltopdf.com"),
    _keys("url", "googleusercontent.com", path="/gadgets/"),
    _keys("url quest", "corsproxy.io", "api.allorigins.win", "api.codetabs.com"),
    _rest(r"/\??", "cors-anywhere.herokuapp.com", "corsproxy.io", "htmlpreview.github.io", keys=("",)),
    # documents and pictures of other sites
    _keys("src", "view.officeapps.live.com", pages=False),
    _keys("url", "docs.google.com", path="/(?:g?view|viewer)", pages=False),
    _keys("url", "images.weserv.nl", "wsrv.nl", "i.embed.ly", pages=False),
    _keys("u", "external-content.duckduckgo.com", "proxy.duckduckgo.com", path="/iu/", pages=False),
    _rest(r"/mshots/v1/", "s.wordpress.com", "s0.wp.com"),
    _rest(r"/", "i0.wp.com", "i1.wp.com", "i2.wp.com", "i3.wp.com", pages=False),
    _rest(r"/img/", "cdn.statically.io", pages=False),
    _rest(r"/[^/]+/(?:image|video)/fetch/.*?(?=https?:)", "res.cloudinary.com", pages=False),
)

SCRIPTS = (
    _keys("u url", "*", path=r"/(?:[^/]+/)*browse\.php$"),  # Glype
    _rest(r"/(?:[^/]+/)*nph-[a-z]+\.(?:cgi|pl)/[^/]+/https?/", "*"),  # CGIProxy
)
"""Programs for a web proxy that anyone can put anywhere: looked for on hosts that nobody has judged."""

_CACHE = re.compile(r"cache:(?:[\w-]{12}:)?", re.IGNORECASE)
_HYPHENS = re.compile("--|-")
_OWN = "_x_tr_"  # the translator's own fields; the others are the page's


@lru_cache(maxsize=16_384)
def fetchers_of(host: str) -> tuple[Fetcher, ...]:
    """The rows that speak about a canonical host. Almost always none."""
    site = registrable(host)
    anywhere = f"{host.removesuffix(site)}{site.partition('.')[0]}.*"
    return tuple(row for name in (*_tails(host), *_tails(anywhere)) for row in _BY_HOST.get(name, ()))


def fetched(row: Fetcher, host: str, path: str, query: str) -> Iterator[Address]:
    """The addresses this service is asked for by a URL of its own; ``path`` and ``query`` are raw."""
    if row.label:
        yield from _of_label(host, path, query)
        return
    for reading in readings(path):
        if (found := row.path.match(reading)) is None:
            continue
        if row.rest and (told := address(_with(reading[found.end() :], query), bare=True)) is not None:
            yield told
        if row.keys:
            yield from _of_fields(row.keys, query)


def _with(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _of_fields(keys: tuple[str, ...], query: str) -> Iterator[Address]:
    for key, value in fields(query):
        if unquote(key).partition("[")[0] not in keys:
            continue
        for reading in readings(value):
            asked = reading.strip()
            if found := _CACHE.match(asked):
                asked = re.split(r"[\s+]", asked[found.end() :], maxsplit=1)[0]
            if (told := address(asked, bare=True)) is not None:
                yield told


def _of_label(host: str, path: str, query: str) -> Iterator[Address]:
    """``www-a--b-example.translate.goog``: ``--`` is a hyphen, ``-`` a dot, and either may be Punycode again.

    Labels that would be too long begin in ``_x_tr_hp`` and may carry a mark, ``0-`` or ``1-``, told in ``_x_tr_enc``.
    """
    told = [(unquote(key), key, value) for key, value in fields(query)]
    begins = next((first(value) for key, _, value in told if key == "_x_tr_hp"), "")
    label = begins + next((host.removesuffix(f".{base}") for base in _LABELS if host.endswith(f".{base}")), "")
    label = label.rpartition(".")[2]
    own = "&".join(f"{key}={value}" for name, key, value in told if not name.startswith(_OWN))
    marked = any(name == "_x_tr_enc" for name, _, _ in told)
    written = [label, to_unicode(label), *([label[2:], f"xn--{label[2:]}"] if marked and label[1:2] == "-" else [])]
    for one in dict.fromkeys(written):
        try:
            inner = canonical_host(_HYPHENS.sub(lambda found: "-" if len(found.group()) == 2 else ".", one))
        except HostError:
            continue
        if "." in inner:
            yield Address(inner, path, own)


def _tails(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]


_LABELS = tuple(host for row in FETCHERS if row.label for host in row.hosts)
_BY_HOST: dict[str, tuple[Fetcher, ...]] = {}
for _row in FETCHERS:
    for _host in _row.hosts:
        _BY_HOST[_host] = (*_BY_HOST.get(_host, ()), _row)
