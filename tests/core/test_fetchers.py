"""Every row of the table of services, by an address it writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.fetchers import FETCHERS, Fetcher, fetched, fetchers_of
from hedgerow.core.hosts import canonical_host
from hedgerow.core.urls import parse_url


def inner(url: str) -> list[str]:
    """host/path?query of every address the rows for this URL tell."""
    target = parse_url(url)
    told = [f for row in fetchers_of(target.host) for f in fetched(row, target.host, target.path, target.query)]
    return list(dict.fromkeys(f.host + f.path + (f"?{f.query}" if f.query else "") for f in told))


ROWS = [
    ("https://blocked-test.translate.goog/", "blocked.test/"),
    ("https://blocked-test.translate.goog/a?x=1&_x_tr_sl=auto&_x_tr_tl=en", "blocked.test/a?x=1"),
    ("https://www-my--site-co-uk.translate.goog/", "www.my-site.co.uk/"),
    ("https://a---b-test.translate.goog/", "a-.b.test/"),
    ("https://xn----bcher--kva-test.translate.goog/", "xn--bcher-kva.test/"),
    ("https://xn--bcher-test-9db.translate.goog/", "xn--bcher-kva.test/"),  # the name in Unicode, and Punycode of that
    ("https://d-test.translate.goog/?_x_tr_hp=blocke", "blocked.test/"),
    ("https://1-blocked-test.translate.goog/?_x_tr_enc=1", "blocked.test/"),
    ("https://translate.google.com/translate?u=http://blocked.test/", "blocked.test/"),
    ("https://translate.google.com/translate?sl=en&u=blocked.test", "blocked.test/"),
    ("https://translate.google.co.uk/translate_c?u=https%3A%2F%2Fblocked.test%2Fa", "blocked.test/a"),
    ("https://translate.google.com/website?sl=en&tl=fr&u=https://blocked.test", "blocked.test/"),
    ("https://www.google.com/translate?u=http://blocked.test", "blocked.test/"),
    ("https://www.bing.com/translator?to=en&u=http://blocked.test", "blocked.test/"),
    ("https://www.translatetheweb.com/?from=&to=en&a=http%3A%2F%2Fblocked.test", "blocked.test/"),
    ("https://www.microsofttranslator.com/bv.aspx?a=http://blocked.test/", "blocked.test/"),
    ("https://translate.yandex.ru/translate?url=http://blocked.test&lang=en-ru", "blocked.test/"),
    ("https://translate.yandex.com/translate?url=blocked.test", "blocked.test/"),
    ("https://translated.turbopages.org/proxy_u/en-ru.ru.1f-2/https/blocked.test/a", "blocked.test/a"),
    ("https://blocked-test.turbopages.org/turbo/blocked.test/s/a", "blocked.test/s/a"),
    ("https://yandex.ru/turbo?text=https%3A//blocked.test/", "blocked.test/"),
    ("https://yandex.ru/turbo/blocked.test/s/a", "blocked.test/s/a"),
    ("https://papago.naver.net/website?source=auto&url=http://blocked.test", "blocked.test/"),
    ("https://fanyi.baidu.com/transpage?query=http://blocked.test", "blocked.test/"),
    ("https://web.archive.org/web/2020id_/http://blocked.test/", "blocked.test/"),
    ("https://web.archive.org/web/20200102030405im_/http://blocked.test/a.png", "blocked.test/a.png"),
    ("https://web.archive.org/web/2020/blocked.test", "blocked.test/"),
    ("https://web.archive.org/web/http://blocked.test/", "blocked.test/"),
    ("https://web.archive.org/web/2020*/blocked.test", "blocked.test/"),
    ("https://web.archive.org/web/*/blocked.test", "blocked.test/"),
    ("https://web.archive.org/save/_embed/http://blocked.test/", "blocked.test/"),
    ("https://web.archive.org/blocked.test", "blocked.test/"),
    ("https://web.archive.org/web/2020/http://blocked.test/p?q=1", "blocked.test/p?q=1"),
    ("https://web.archive.org/web/2020/http%3A%2F%2Fblocked.test%2F..%2Fallowed.test", "blocked.test/../allowed.test"),
    ("https://web.archive.org/web/2020/http://allowed.test;@blocked.test/", "blocked.test/"),
    ("https://web.archive.org/cdx/search/cdx?url=blocked.test", "blocked.test/"),
    ("https://arquivo.pt/wayback/20200101000000/http://blocked.test/", "blocked.test/"),
    ("https://archive.ph/blocked.test", "blocked.test/"),
    ("https://archive.today/newest/http://blocked.test/", "blocked.test/"),
    ("https://archive.is/20200102030405/https://blocked.test/", "blocked.test/"),
    ("https://archive.li/o/AbCd1/https://blocked.test/", "blocked.test/"),
    ("https://archive.md/submit/?url=blocked.test", "blocked.test/"),
    ("https://webcache.googleusercontent.com/search?q=cache:blocked.test", "blocked.test/"),
    ("https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjK-:blocked.test/a+some+words", "blocked.test/a"),
    ("https://webcache.googleusercontent.com/search?q=cache%3Ahttp%3A%2F%2Fblocked.test", "blocked.test/"),
    ("https://cc.bingj.com/cache.aspx?q=blocked.test&d=123&w=abc", "blocked.test/"),
    ("https://yandexwebcache.net/yandbtm?url=blocked.test", "blocked.test/"),
    ("https://blocked-test.cdn.ampproject.org/c/s/blocked.test/a", "blocked.test/a"),
    ("https://cdn.ampproject.org/c/s/blocked.test/a", "blocked.test/a"),
    ("https://x.cdn.ampproject.org/i/s/blocked.test/a.png", "blocked.test/a.png"),
    ("https://x.cdn.ampproject.org/ii/w820/s/blocked.test/a.png", "blocked.test/a.png"),
    ("https://www.google.com/amp/s/blocked.test/a", "blocked.test/a"),
    ("https://www.google.de/amp/blocked.test/a", "blocked.test/a"),
    ("https://12ft.io/blocked.test", "blocked.test/"),
    ("https://12ft.io/proxy?q=https%3A%2F%2Fblocked.test", "blocked.test/"),
    ("https://12ft.io/https://blocked.test/a", "blocked.test/a"),
    ("https://r.jina.ai/http://blocked.test", "blocked.test/"),
    ("https://r.jina.ai/blocked.test/a", "blocked.test/a"),
    ("https://www.textise.net/showText.aspx?strURL=http%253A//blocked.test", "blocked.test/"),
    ("https://www.printfriendly.com/print?url=blocked.test", "blocked.test/"),
    ("https://pdfmyurl.com/?url=blocked.test", "blocked.test/"),
    (
        "https://images1-focus-opensocial.googleusercontent.com/gadgets/proxy?container=f&url=blocked.test",
        "blocked.test/",
    ),
    ("https://corsproxy.io/?https://blocked.test", "blocked.test/"),
    ("https://corsproxy.io/?url=https://blocked.test", "blocked.test/"),
    ("https://cors-anywhere.herokuapp.com/blocked.test/a", "blocked.test/a"),
    ("https://htmlpreview.github.io/?https://blocked.test/a.html", "blocked.test/a.html"),
    ("https://view.officeapps.live.com/op/view.aspx?src=https%3A%2F%2Fblocked.test%2Fa.docx", "blocked.test/a.docx"),
    ("https://docs.google.com/gview?embedded=true&url=http://blocked.test/a.pdf", "blocked.test/a.pdf"),
    ("https://images.weserv.nl/?url=blocked.test/a.jpg", "blocked.test/a.jpg"),
    ("https://external-content.duckduckgo.com/iu/?u=https%3A%2F%2Fblocked.test%2Fa.jpg", "blocked.test/a.jpg"),
    ("https://s0.wp.com/mshots/v1/http%3A%2F%2Fblocked.test", "blocked.test/"),
    ("https://i0.wp.com/blocked.test/a.jpg?w=100", "blocked.test/a.jpg?w=100"),
    ("https://cdn.statically.io/img/blocked.test/a.jpg", "blocked.test/a.jpg"),
    ("https://res.cloudinary.com/demo/image/fetch/w_300/https://blocked.test/a.jpg", "blocked.test/a.jpg"),
]


@pytest.mark.parametrize("url, expected", ROWS, ids=[url for url, _ in ROWS])
def test_row(url: str, expected: str) -> None:
    assert expected in inner(url)


def test_every_row_of_the_table_has_a_row_here() -> None:
    used = {id(row) for url, _ in ROWS for row in fetchers_of(parse_url(url).host) if told(row, url)}
    assert [row.hosts for row in FETCHERS if id(row) not in used] == []


def told(row: Fetcher, url: str) -> bool:
    target = parse_url(url)
    return any(fetched(row, target.host, target.path, target.query))


@pytest.mark.parametrize(
    "url",
    [
        "https://translate.goog/",
        "https://hash0123456789.cdn.ampproject.org/v0.js",
        "https://cdn.ampproject.org/rtv/012345/v0/amp-ad-0.1.js",
        "https://translate.google.com/?sl=vi&tl=en&text=blocked.test",
        "https://www.google.com/search?q=blocked.test",
        "https://www.google.com/url?q=http://blocked.test",
        "https://www.bing.com/translator?text=blocked.test",
        "https://web.archive.org/_static/js/bundle.js",
        "https://web.archive.org/favicon.ico",
        "https://archive.ph/AbCd1",
        "https://cc.bingj.com/cache.aspx?q=two+words.test&d=1",
        "https://docs.google.com/document/d/1?url=http://blocked.test",
        "https://notweb.archive.example/web/2020/http://blocked.test",
        "https://example.org/translate?u=http://blocked.test",
    ],
)
def test_no_address_is_fetched(url: str) -> None:
    assert inner(url) == []


NAMES = st.from_regex(r"[a-z0-9]([a-z0-9]|-(?!-))*[a-z0-9]", fullmatch=True).filter(lambda label: len(label) < 12)


@given(st.lists(NAMES, min_size=2, max_size=4))
def test_labels_are_decoded_to_what_was_written(labels: list[str]) -> None:
    """What Google makes of any name leads back to that name."""
    labels = [*labels, "test"]
    label = "-".join(one.replace("-", "--") for one in labels)
    assert f"{'.'.join(labels)}/" in inner(f"https://{label}.translate.goog/") or len(label) > 63


@given(st.text(max_size=60), st.text(max_size=60))
def test_hostile_text_raises_nothing(path: str, query: str) -> None:
    for host in ("x.translate.goog", "xn--x.translate.goog", "web.archive.org", "webcache.googleusercontent.com"):
        for row in fetchers_of(canonical_host(host)):
            list(fetched(row, host, f"/{path}", query))
