"""How each search engine is told to search safely. To add one: a row here, and one in tests/core/test_safemode.py.

Parameters, cookies and DNS names are as the engines publish them:
  Google      https://support.google.com/websearch/answer/186669 (forcesafesearch.google.com; ``safe=active``)
  YouTube     https://support.google.com/a/answer/6214622 (header ``YouTube-Restrict``; restrict.youtube.com)
  Bing        https://help.bing.microsoft.com, "Block adult content" (``adlt=strict``; strict.bing.com)
  DuckDuckGo  https://duckduckgo.com/duckduckgo-help-pages/features/safe-search (``kp=1``; safe.duckduckgo.com)
  Yandex      https://yandex.com/support/search/additional-features/adult-filter.html (213.180.193.56; ``family=yes``)
  Brave       https://search.brave.com/help/safe-search (``safesearch=strict``; forcesafe.search.brave.com)
  Ecosia      https://ecosia.helpscoutdocs.com, "SafeSearch" (strict-safe-search.ecosia.org)
  Pixabay     safesearch.pixabay.com
Of the others the parameter is what their own settings page puts into the address or the cookie. Baidu, Cốc Cốc, TikTok
and Wikipedia have no such mode that a network could set: what they show is judged by names and words alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]

GOOGLE = (
    "com cat ad ae al am as at az ba be bf bg bi bj bs bt by ca cd cf cg ch ci cl cm cn co co.ao co.bw co.ck "
    "co.cr co.id co.il co.in co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz co.ve co.vi "
    "co.za co.zm co.zw com.af com.ag com.ai com.ar com.au com.bd com.bh com.bn com.bo com.br com.bz com.co com.cu "
    "com.cy com.do com.ec com.eg com.et com.fj com.gh com.gi com.gt com.hk com.jm com.kh com.kw com.lb com.ly "
    "com.mm com.mt com.mx com.my com.na com.nf com.ng com.ni com.np com.om com.pa com.pe com.pg com.ph com.pk "
    "com.pr com.py com.qa com.sa com.sb com.sg com.sl com.sv com.tj com.tr com.tw com.ua com.uy com.vc com.vn cv "
    "cz de dj dk dm dz ee es fi fm fr ga ge gg gl gm gp gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk "
    "lt lu lv md me mg mk ml mn ms mu mv mw ne nl no nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm sn so sr st "
    "td tg tk tl tm tn to tt vg vu ws "
).split()
"""Under which suffixes Google searches. Requests are told by a pattern; a resolver needs names."""

YANDEX = "ru com by kz uz az ee eu fi fr lt lv md pl tj tm de net org com.am com.ge com.tr com.ru co.il".split()


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: where it searches, and what must be in each such request."""

    name: str
    hosts: re.Pattern[str]  # fullmatch on the canonical host
    parameters: Pairs = ()
    cookies: Pairs = ()
    inside: Pairs = ()  # cookies that hold a query of their own: the cookie, and "KEY=VALUE" in it
    paths: re.Pattern[str] | None = None  # fullmatch on the canonical path; None: wherever there is a search
    keys: tuple[str, ...] = ("q",)  # a request with one of these is a search
    pictures: re.Pattern[str] | None = None  # its search for pictures: fullmatch on "path?query"
    resolver: tuple[str, tuple[str, ...]] = ("", ())  # (the name or address to answer with, for which names)


def _site(*names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:[a-z0-9-]+\.)*(?:{'|'.join(names)})")


_GOOGLE_HOST = r"(?:(?:www|images|video|news|encrypted|ipv4|ipv6|m|cse)\.)?google\.(?:com|cat|[a-z]{2}|com?\.[a-z]{2})"

ENGINES = (
    Engine(
        "google",
        re.compile(_GOOGLE_HOST),
        (("safe", "active"), ("ssui", "on")),
        paths=re.compile(r"/(?:search|images|imgres|imghp|webhp|videohp|custom|cse|complete/search|async/.*|s)?/?|/images/.*"),
        keys=("q", "as_q", "as_epq", "as_oq"),
        pictures=re.compile(r"/(?:search|images|imgres).*[?&](?:tbm=isch|udm=2)(?:&.*)?|/(?:images|imgres|imghp)\b.*"),
        resolver=("forcesafesearch.google.com", tuple(f"www.google.{suffix}" for suffix in GOOGLE)),
    ),
    Engine(
        "bing",
        _site(r"bing\.com"),
        (("adlt", "strict"),),
        inside=(("SRCHHPGUSR", "ADLT=STRICT"),),
        paths=re.compile(r"/(?:images/|videos/|news/|shop/|AS/)?(?:search|async|Suggestions|asyncv2)?/?"),
        pictures=re.compile(r"/images\b.*"),
        resolver=("strict.bing.com", ("www.bing.com", "edgeservices.bing.com")),
    ),
    Engine(
        "duckduckgo",
        _site(r"duckduckgo\.com", r"ddg\.gg", r"duck\.com"),
        (("kp", "1"),),
        (("p", "1"),),
        pictures=re.compile(r"/i\.js.*|/[^?]*\?(?:.*&)?ia(?:x)?=images(?:&.*)?"),
        resolver=("safe.duckduckgo.com", ("duckduckgo.com", "www.duckduckgo.com", "start.duckduckgo.com")),
    ),
    Engine(
        "yandex",
        _site(*(rf"yandex\.{re.escape(suffix)}" for suffix in YANDEX), r"ya\.ru", r"xn--d1acpjx3f\.xn--p1ai"),
        (("family", "yes"), ("fyandex", "1")),
        paths=re.compile(r"/(?:[a-z]+/)?(?:search|yandsearch|touch/search)(?:/.*)?"),
        keys=("text",),
        pictures=re.compile(r"/images\b.*"),
        resolver=(
            "213.180.193.56",
            tuple(f"{www}{name}" for name in (*(f"yandex.{s}" for s in YANDEX), "ya.ru", "xn--d1acpjx3f.xn--p1ai")
                  for www in ("", "www.")),
        ),
    ),
    Engine(
        "yahoo",
        re.compile(r"(?:[a-z0-9-]+\.)*search\.yahoo\.(?:com|co\.jp)"),
        (("vm", "r"),),
        inside=(("sB", "vm=r"),),
        keys=("p",),
        pictures=re.compile(r"/search/images\b.*|/image/.*"),
    ),
    Engine(
        "ecosia",
        _site(r"ecosia\.org"),
        (("sfs", "true"),),
        inside=(("ECFG", "f=y"),),
        pictures=re.compile(r"/images\b.*"),
        resolver=("strict-safe-search.ecosia.org", ("www.ecosia.org",)),
    ),
    Engine(
        "brave",
        _site(r"search\.brave\.com"),
        (("safesearch", "strict"),),
        (("safesearch", "strict"),),
        pictures=re.compile(r"/images\b.*"),
        resolver=("forcesafe.search.brave.com", ("search.brave.com",)),
    ),
    Engine(
        "startpage",
        _site(r"startpage\.com"),
        (("qadf", "heavy"),),
        keys=("query", "q"),
        pictures=re.compile(r"/[^?]*\?(?:.*&)?cat=(?:images|pics)(?:&.*)?"),
    ),
    Engine(
        "qwant",
        _site(r"qwant\.com"),
        (("s", "2"), ("safesearch", "2")),
        pictures=re.compile(r"/[^?]*\?(?:.*&)?t=images(?:&.*)?|/v3/search/images\b.*"),
    ),
    Engine("pixabay", _site(r"pixabay\.com"), (("safesearch", "1"),), paths=re.compile(r"/.*search.*|/api/.*"),
           resolver=("safesearch.pixabay.com", ("pixabay.com",))),
    Engine("flickr", _site(r"flickr\.com"), (("safe_search", "1"),), keys=("text", "tags")),
    Engine("lycos", _site(r"search\.lycos\.com"), (("family", "on"),)),
    Engine("mojeek", _site(r"mojeek\.com"), (("safe", "1"),)),
)  # fmt: skip

YOUTUBE = re.compile(
    r"(?:www\.|m\.|music\.)?youtube\.com|www\.youtube-nocookie\.com|youtubei?\.googleapis\.com|youtu\.be"
)
"""Where the header is read."""

YOUTUBE_NAMES = (
    "www.youtube.com", "m.youtube.com", "youtubei.googleapis.com", "youtube.googleapis.com", "www.youtube-nocookie.com",
)  # fmt: skip
YOUTUBE_ANSWERS = {"strict": "restrict.youtube.com", "moderate": "restrictmoderate.youtube.com"}

THUMBNAILS = re.compile(
    r"encrypted-tbn\d\.(?:gstatic|google)\.com|tse\d?(?:-mm)?\.?(?:mm\.)?bing\.(?:com|net)|tse\d+\.mm\.bing\.net"
    r"|th\.bing\.com|external-content\.duckduckgo\.com|avatars\.mds\.yandex\.net|im\d-tub-[a-z]+\.yandex\.net"
    r"|imgs\.search\.brave\.com|s[12]\.qwant\.com|tse\d\.explicit\.bing\.net|sp\.yimg\.com"
)
"""Hosts of the small pictures that image searches show."""
