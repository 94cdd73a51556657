"""Where people search: how each engine writes a finished search into its URLs and posted bodies.

To add one: a row in ``ENGINES`` and one in ``tests/core/test_search.py``. ``paths`` and ``half`` are regular
expressions on the canonical path; keep them without nested repeats, they meet hostile paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgerow.core.hosts import registrable

__all__ = ["ENGINES", "Engine", "engine_of"]


@dataclass(frozen=True, slots=True)
class Engine:
    """One search engine, or a large site's own search."""

    name: str
    sites: str  # registrable domains; "google.*" is every country's
    paths: str  # of finished searches; a group "text" is a search written in the path
    keys: str = "q"  # the fields that hold the search, in a URL, a form or JSON
    half: str = ""  # searched for in host and path: suggestions while typing, which are no finished searches
    posted: str = ""  # paths whose posted body is the search and little else worth reading
    web: bool = True  # it searches the web: an address inside its URL is asked about, not fetched


_SUGGEST = r"//(?:ac|suggest\w*)\.|/(?:auto)?suggest|/autocomplete|/complete/search|/sugg?(?:rec|/|$)|/ac/?$"

ENGINES = (
    Engine(
        "google",
        "google.*",
        r"/(?:search|webhp|imghp|videohp|images|imgres|m|custom|cse|ai|maps|books|scholar|store/search)?/?"
        r"|/(?:maps/)?search/(?P<text>[^/]+).*",
        "q as_q as_epq as_oq query",
        half=rf"{_SUGGEST}|/s$",
    ),
    Engine(
        "bing",
        "bing.com bing.net",
        r"/(?:[^/]+/)*search/?|/(?:images|videos)/\w*async\w*|/(?:shop|maps|chat|copilotsearch|images|videos|news)?/?",
        half=rf"{_SUGGEST}|/AS/|/osjson|/qsonhs",
    ),
    Engine(
        "duckduckgo",
        "duckduckgo.com ddg.gg duck.com",
        r"/(?:html|lite|(?:d|i|v|news)\.js)?/?",
        half=_SUGGEST,
        posted=r"/(?:html|lite)?/?",
    ),
    Engine(
        "youtube",
        "youtube.com youtubekids.com",
        r"/(?:results|search)/?|/(?!complete/|youtubei/)(?:[^/]+/){1,2}search/?|/youtubei/v1/search/?",
        "search_query q query",
        half=rf"{_SUGGEST}|/music/get_search_suggestions",
        posted=r"/youtubei/v1/search/?",
    ),
    Engine(
        "yandex",
        "yandex.* ya.ru",
        r"/(?:[^/]+/)*(?:\w{0,9}search\w{0,9}|touch|smart|pad|maps|images|video|news|web)/?|/(?:maps/.*)?",
        "text query",
        half=rf"{_SUGGEST}|/suggest",
    ),
    Engine(
        "coccoc", "coccoc.com", r"/(?:[a-z]{2}/)?search(?:/\w+)?/?|/", "query q", half=rf"{_SUGGEST}|/composer/auto"
    ),
    Engine(
        "baidu",
        "baidu.com",
        r"/(?:[^/]+/)*(?:s|search|vsearch|word|acjson|res|index|ns)/?",
        "wd word queryWord kw qw",
        half=rf"{_SUGGEST}|//suggestion\.|/su$",
    ),
    Engine(
        "yahoo",
        "yahoo.com yahoo.co.jp",
        r"/(?:[^/]+/)*search(?:[/;].*)?",
        "p va",
        half=rf"{_SUGGEST}|/sugg/|/gossip",
    ),
    Engine("ecosia", "ecosia.org", r"/(?:search|images|videos|news|chat|maps|ai-search)?/?", half=_SUGGEST),
    Engine("brave", "brave.com", r"/(?:search|images|videos|news|goggles|ask|maps)/?", half=_SUGGEST),
    Engine(
        "startpage",
        "startpage.com",
        r"/(?:sp/|do/|rvd/)?(?:d?search|metasearch\.pl)?/?",
        "query q",
        half=rf"{_SUGGEST}|/suggestions",
        posted=r"/(?:sp/|do/|rvd/)?(?:d?search|metasearch\.pl)/?",
    ),
    Engine(
        "tiktok",
        "tiktok.com",
        r"/(?:[^/]+/)*search(?:/(?:video|user|live|photo|general/full|item/full|user/full|live/full))?/?",
        "q keyword",
        half=rf"{_SUGGEST}|/search/general/(?:sug|preview)",
        web=False,
    ),
    Engine(
        "wikipedia",
        "wikipedia.org wiktionary.org wikimedia.org wikibooks.org wikiquote.org wikinews.org wikisource.org "
        "wikiversity.org wikivoyage.org wikidata.org mediawiki.org",
        r"/(?:w|wiki)?(?:/.*)?",
        "search srsearch gsrsearch q",
        half=rf"{_SUGGEST}|/search/title",
        web=False,
    ),
    Engine("qwant", "qwant.com", r"/(?:v3/search/\w+|[a-z]{2}(?:-[A-Z]{2})?)?/?", half=rf"{_SUGGEST}|/suggest"),
    Engine("mail.ru", "mail.ru", r"/(?:\w{1,9}/)?(?:m?search\w{0,9})/?", half=rf"{_SUGGEST}|//suggests\."),
    Engine("rambler", "rambler.ru", r"/(?:search|pics|video)/?", "query", half=_SUGGEST),
    Engine(
        "naver", "naver.com", r"/(?:[^/]+/)*\w{0,9}search\w{0,9}(?:\.naver)?/?", "query q", half=rf"{_SUGGEST}|/nx/ac"
    ),
    Engine("daum", "daum.net", r"/search/?", half=_SUGGEST),
    Engine("seznam", "seznam.cz", r"/(?:obrazky|videa|clanky|mapy)?/?", half=rf"{_SUGGEST}|/suggest"),
    Engine("sogou", "sogou.com", r"/(?:web|pics|weixin|video|v|sogou)/?", "query keyword", half=_SUGGEST),
    Engine("so.com", "so.com", r"/(?:s|i|v|ns)/?", half=rf"{_SUGGEST}|//sug\."),
    Engine("petal", "petalsearch.com", r"/search/?", "query q", half=_SUGGEST),
    Engine("aol", "aol.com", r"/(?:aol/)?(?:search|image|video|news)/?", "q query", half=_SUGGEST),
    Engine("ask", "ask.com", r"/(?:web|images|youtube|search)/?", half=_SUGGEST),
    Engine("dogpile", "dogpile.com metacrawler.com excite.com webcrawler.com info.com", r"/(?:serp|search/\w+)/?"),
    Engine("swisscows", "swisscows.com", r"/(?:[a-z]{2}/)?(?:web|images|video|news|music)/?", "query"),
    Engine("mojeek", "mojeek.com mojeek.co.uk", r"/search/?"),
    Engine("yippy", "yippy.com yippysearch.com", r"/(?:search\w{0,9})?/?", "q query v%3aproject"),
    Engine("gibiru", "gibiru.com", r"/results\.html"),
    Engine("presearch", "presearch.com presearch.org", r"/(?:search|images|videos|news)?/?"),
    Engine("mullvad", "mullvad.net", r"/search/?"),
    Engine("kagi", "kagi.com", r"/(?:html/)?(?:search|images|videos|news)/?", half=_SUGGEST),
    Engine("kiddle", "kiddle.co", r"/(?:s|i)\.php"),
    Engine("perplexity", "perplexity.ai", r"/search(?:/new)?/?"),
    Engine("you.com", "you.com", r"/search/?"),
    Engine("searx", "searx.be searx.me searx.space searxng.site", r"/(?:search)?/?", posted=r"/(?:search)?/?"),
    Engine("zarebin", "zarebin.ir", r"/(?:image/|video/)?search/?"),
    Engine("parsijoo", "parsijoo.ir", r"/(?:web|search|images|video)?/?"),
    Engine("gerdoo", "gerdoo.me", r"/search/?", "query q"),
    Engine("aparat", "aparat.com", r"/(?:search|result)/(?P<text>[^/]+)/?|/search/?", "text q", web=False),
    Engine("reddit", "reddit.com", r"/(?:r/[^/]+/)?search(?:\.json)?/?", half=r"/typeahead", web=False),
    Engine("x", "x.com twitter.com", r"/(?:search|[^/]+/api/graphql/[^/]+/SearchTimeline)/?", web=False),
    Engine(
        "instagram", "instagram.com", r"/explore/search(?:/keyword)?/?|/api/v1/fbsearch/\w+/?", "q query", web=False
    ),
    Engine(
        "facebook", "facebook.com", r"/(?:search|watch/search|marketplace/[^/]+/search)(?:/.*)?", "q query", web=False
    ),
    Engine("pinterest", "pinterest.*", r"/search(?:/\w+)?/?", half=r"/typeahead|Autocomplete", web=False),
    Engine(
        "vk",
        "vk.com vk.ru vkvideo.ru",
        r"/(?:search|feed|video|audio|groups|people)(?:/.*)?",
        "q c section_q",
        web=False,
    ),
    Engine("ok.ru", "ok.ru", r"/(?:search|video/search|dk)(?:/.*)?", "st.query st.v.sq query", web=False),
    Engine("rutube", "rutube.ru", r"/search/?|/api/search/\w+/?", "query", half=r"/suggest", web=False),
    Engine("twitch", "twitch.tv", r"/search/?", "term", web=False),
    Engine(
        "bilibili", "bilibili.com bilibili.tv", r"/(?:[^/]+/)*(?:all|video|search\w{0,9})/?", "keyword q", web=False
    ),
    Engine("dailymotion", "dailymotion.com", r"/search/(?P<text>[^/]+)(?:/.*)?", web=False),
    Engine("vimeo", "vimeo.com", r"/search/?", web=False),
    Engine("soundcloud", "soundcloud.com", r"/search(?:/\w+)?/?", half=r"/search/queries", web=False),
    Engine("giphy", "giphy.com", r"/search/(?P<text>[^/]+)/?|/v1/\w+/search/?", web=False),
    Engine("tenor", "tenor.com", r"/(?:[^/]+/)?search/(?P<text>[^/]+)/?|/v[12]/search/?", web=False),
    Engine("roblox", "roblox.com", r"/(?:discover|search/\w+|catalog)/?", "Keyword keyword", web=False),
    Engine("zing", "zingmp3.vn", r"/tim-kiem(?:/.*)?", web=False),
)
"""The first row whose site fits speaks."""

_COUNTRY = re.compile(r"[a-z]{2,3}(?:\.[a-z]{2})?")
_SITES = [(site, engine) for engine in ENGINES for site in engine.sites.split()]
_LISTED = {site.removesuffix(".*"): (engine, site.endswith(".*")) for site, engine in _SITES}


def engine_of(host: str) -> Engine | None:
    """The engine that answers on ``host`` (canonical)."""
    site = registrable(host)
    found = _LISTED.get(site)
    if found is not None and not found[1]:
        return found[0]
    label, _, country = site.partition(".")
    engine, everywhere = _LISTED.get(label, (None, False))
    return engine if everywhere and _COUNTRY.fullmatch(country) else None
