"""Group F: sites that fetch other sites for you; and, beside each, what must stay open.

Twice: in a band that keeps translators and caches closed, as the shipped ones do, and in one where the school has
opened them (``opened``), so that only the address inside decides.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.warning import form, go_on
from tests.lab.wire import Reply

Way = Callable[[Device, str, str], Reply]
WAYS: dict[str, Way] = {
    "plain": lambda device, host, path: device.http(host, path),
    "h1": lambda device, host, path: device.https(host, get(host, path)),
    "h2": lambda device, host, path: device.h2(host, fields(host, path)),
}
BAND = school.BAND.format(band="ages-14-17") + (
    "categories:\n  translators-caches: monitor\n  proxy-vpn: monitor\n  user-content: monitor\n  ai-chat: allow\n"
)
READER = {"local/translators-caches.txt": "reader.test\n", "local/adult.txt": "grown.test\n"}


@pytest.fixture(scope="module")
def second(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "fetchers", changes={"bands/ages-14-17.yaml": BAND}, lists=READER)
    yield gateway
    gateway.stop()


@pytest.fixture
def opened(lab: Lab, second: Gateway, mode: str) -> Device:
    """A pupil whose school has opened translators, archives and caches."""
    return lab.device("pupil14", mode, second.ca, second=True)


ONCE, TWICE = quote("http://blocked.test/", safe=""), quote(quote("http://blocked.test/", safe=""), safe="")
SCRAMBLED = quote("".join(chr(ord(c) ^ 2) if n % 2 else c for n, c in enumerate("https://blocked.test/")), safe="")
CODED = base64.urlsafe_b64encode(b"https://blocked.test/").decode().rstrip("=")

INSIDE = [
    ("F01", "blocked-test.translate.goog", "/"),
    ("F01-parameters", "blocked-test.translate.goog", "/a?b=1&_x_tr_sl=auto&_x_tr_tl=en&_x_tr_hl=en"),
    ("F01-hyphen", "cdn--blocked-test.translate.goog", "/"),
    ("F01-punycode", "xn----bcher--kva-test.translate.goog", "/"),
    ("F02", "translate.google.com", "/translate?u=http://blocked.test/"),
    ("F02-bare", "translate.google.com", "/translate?sl=en&u=blocked.test"),
    ("F02-website", "translate.google.com", f"/website?sl=en&u={ONCE}"),
    ("F02-country", "translate.google.com.vn", f"/translate?u={TWICE}"),
    ("F02-bing", "www.bing.com", f"/translator?to=en&u={ONCE}"),
    ("F02-microsoft", "www.translatetheweb.com", f"/?from=&to=en&a={ONCE}"),
    ("F02-yandex", "translate.yandex.ru", f"/translate?lang=en-ru&url={ONCE}"),
    ("F02-papago", "papago.naver.net", f"/website?url={ONCE}"),
    ("F03", "web.archive.org", "/web/2020id_/http://blocked.test/"),
    ("F03-without-scheme", "web.archive.org", "/web/2020/blocked.test"),
    ("F03-without-date", "web.archive.org", "/web/http://blocked.test/"),
    ("F03-dots", "web.archive.org", f"/web/2020/{ONCE}..%2F..%2Fallowed.test"),
    ("F03-userinfo", "web.archive.org", "/web/2020/http://allowed.test;@blocked.test/"),
    ("F03-save", "web.archive.org", "/save/http://blocked.test/"),
    ("F03-path-rule", "web.archive.org", "/web/2020/http://paths.test/adult/x"),
    ("F03-mirror", "archive.ph", "/newest/http://blocked.test/"),
    ("F03-mirror-bare", "archive.is", "/blocked.test"),
    ("F03-mirror-original", "archive.today", "/o/AbCd1/https://blocked.test/"),
    ("F04", "webcache.googleusercontent.com", "/search?q=cache:blocked.test"),
    ("F04-id", "webcache.googleusercontent.com", "/search?q=cache:AbCdEfGhIjK-:blocked.test/a+words"),
    ("F04-bing", "cc.bingj.com", "/cache.aspx?q=blocked.test&d=1&w=2"),
    ("F04-amp", "blocked-test.cdn.ampproject.org", "/c/s/blocked.test/"),
    ("F04-amp-search", "www.google.com", "/amp/s/blocked.test/a"),
    ("F06-reader", "12ft.io", "/blocked.test"),
    ("F06-jina", "r.jina.ai", "/http://blocked.test"),
    ("F06-own-list", "reader.test", f"/read?page={ONCE}"),
    ("F06-unknown", "nobody-knows.test", f"/?url={ONCE}"),
    ("F06-unknown-path", "nobody-knows.test", "/main/https://blocked.test/"),
    ("F06-unknown-once", "nobody-knows.test", f"/main/{ONCE}"),
    ("F06-unknown-twice", "nobody-knows.test", f"/?url={TWICE}"),
    ("F06-browse", "nobody-knows.test", "/browse.php?u=blocked.test&b=4"),
    ("F06-glype", "nobody-knows.test", "/browse.php?u=Oi8vYmxvY2tlZC50ZXN0Lw%3D%3D&b=4"),
    ("F06-base64", "nobody-knows.test", f"/?__cpo={CODED}"),
    ("F06-ultraviolet", "nobody-knows.test", f"/service/{SCRAMBLED}"),
    ("F06-slashes", "nobody-knows.test", "/?u=//blocked.test/"),
    ("F06-list", "nobody-knows.test", "/?u=http://www.grown.test/"),
    ("F06-picture", "images.weserv.nl", "/?url=blocked.test/a.jpg"),
    ("F06-picture-path", "i0.wp.com", "/blocked.test/a.jpg"),
    ("F06-picture-search", "external-content.duckduckgo.com", f"/iu/?u={ONCE}"),
    ("F15", "chatgpt.com", f"/?read={ONCE}"),
    ("F15-pdf", "pdfmyurl.com", "/?url=blocked.test"),
    ("F15-reader", "www.printfriendly.com", "/print?url=blocked.test"),
    ("F06-nested", "www-google-com.translate.goog", f"/translate?u={ONCE}"),
    ("F06-nested-twice", "web.archive.org", "/web/1/https://web.archive.org/web/2/https://blocked-test.translate.goog/"),
    ("F06-too-deep", "web.archive.org", "/web/1/https://web.archive.org" * 5 + "/web/1/http://allowed.test/"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("host, path", [pytest.param(h, p, id=i) for i, h, p in INSIDE])
def test_blocked_inside(lab: Lab, opened: Device, way: str, host: str, path: str) -> None:
    watch = lab.watch()
    reply = WAYS[way](opened, host, path)
    assert_refused(reply, {403}, watch, "blocked.test")
    assert not watch.requests(), "nothing is asked of any origin"


@pytest.mark.parametrize("host, path", [pytest.param(h, p, id=i) for i, h, p in INSIDE])
def test_blocked_inside_for_the_young(pupil: Device, watch: Watch, host: str, path: str) -> None:
    """As shipped: by the service's own category, by the unknown, or by the address inside."""
    reply = pupil.https(host, get(host, path))
    if reply.from_origin:  # an answer that is no page may only be told by its type
        pytest.fail(f"the origin's page came through: {reply}")
    assert_refused(reply, {403}, watch, "blocked.test")


def test_F03_the_page_names_the_inner_site(opened: Device) -> None:
    reply = opened.https("web.archive.org", get("web.archive.org", "/web/2020/http://blocked.test/"))
    assert b"blocked.test" in reply.body and b"web.archive.org" not in reply.body.split(b"<form")[0], str(reply)
    other = opened.https("web.archive.org", get("web.archive.org", "/web/2020/http://www.grown.test/"))
    assert b"www.grown.test" in other.body and reply.code != other.code


def test_F03_an_unknown_snapshot_is_the_categorys_business(pupil: Device, opened: Device, watch: Watch) -> None:
    assert_refused(pupil.https("archive.ph", get("archive.ph", "/AbCd1")), {403}, watch, "blocked.test")
    assert_served(opened.https("archive.ph", get("archive.ph", "/AbCd1")))


def test_F01_an_unknown_page_inside_is_warned_about_and_can_be_continued(opened: Device, mode: str) -> None:
    """As if it were visited; the answer goes to the translator's name and counts for the site inside."""
    host = f"nobody--knows-{mode}-test.translate.goog"
    page = opened.https(host, get(host, "/"))
    assert (page.status, page.action) == (403, "warn") and f"nobody-knows.{mode}.test".encode() in page.body, str(page)
    assert go_on(opened, host, form(page)).status in (302, 303)
    for _ in range(40):
        if (reply := opened.https(host, get(host, "/"))).from_origin:
            break
    assert_served(reply)
    other = opened.https("somebody-other-test.translate.goog")
    assert other.action == "warn", "what was continued is one site inside, not the translator"


STAYS_OPEN = [
    ("F01-M11-allowed-inside", "allowed-test.translate.goog", "/wiki/Tree?_x_tr_sl=en"),
    ("F01-M11-helpline-inside", "helpline-test.translate.goog", "/"),
    ("F02-M11-words", "translate.google.com", "/?sl=en&tl=vi&text=blocked.test&op=translate"),
    ("F02-M11-allowed-inside", "translate.google.com", "/translate?u=http://allowed.test/"),
    ("F03-M-archive-of-allowed", "web.archive.org", "/web/2020id_/http://allowed.test/page?to=http://blocked.test/"),
    ("F04-M-amp-of-allowed", "allowed-test.cdn.ampproject.org", "/c/s/allowed.test/"),
    ("F06-M-picture-of-allowed", "images.weserv.nl", "/_text?type=image/png&words=origin-ok&url=allowed.test/a.jpg"),
    ("F06-M-picture-of-unknown", "images.weserv.nl", "/_text?type=image/png&words=origin-ok&url=nobody.test/a.jpg"),
    ("F08-M-login", "allowed.test", "/login?continue=https%3A%2F%2Fblocked.test%2F"),
    ("F08-M-login-real", "en.wikipedia.org", "/w/index.php?title=Special:UserLogin&returntourl=https://blocked.test/"),
    ("F08-M-share", "allowed.test", "/share?url=https%3A%2F%2Fblocked.test%2F&text=look"),
    ("F08-M-beacon", "allowed.test", "/collect?v=2&dl=https%3A%2F%2Fblocked.test%2F&dr=https%3A%2F%2Fwww.grown.test"),
    ("F08-M-search", "www.google.com", "/search?q=blocked.test"),
    ("F08-M-search-address", "www.google.com", "/search?q=https%3A%2F%2Fblocked.test%2F"),
    ("F08-M-wikipedia", "en.wikipedia.org", "/wiki/Blocked.test"),
    ("F08-M-wikipedia-address", "en.wikipedia.org", "/wiki/Special:LinkSearch?target=http://blocked.test"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("host, path", [pytest.param(h, p, id=i) for i, h, p in STAYS_OPEN])
def test_stays_open(opened: Device, way: str, host: str, path: str) -> None:
    assert_served(WAYS[way](opened, host, path))


OPEN_TO_THE_YOUNG = [row for row in STAYS_OPEN if row[0].startswith("F08-M") and row[1] != "www.google.com"]


@pytest.mark.parametrize("host, path", [pytest.param(h, p, id=i) for i, h, p in OPEN_TO_THE_YOUNG])
def test_stays_open_for_the_young(pupil: Device, host: str, path: str) -> None:
    assert_served(pupil.https(host, get(host, path)))


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_F08_an_open_redirect_ends_where_it_leads(pupil: Device, watch: Watch, code: int) -> None:
    """The allowed site answers; what it leads to is judged when it is asked for."""
    reply = pupil.https("allowed.test", get("allowed.test", f"/_status?code={code}&to=http://blocked.test/"))
    assert (reply.status, reply.header("location")) == (code, "http://blocked.test/")
    assert_refused(pupil.http("blocked.test"), {403}, watch, "blocked.test")


@pytest.mark.parametrize("how", ["meta", "script", "refresh"])
def test_F09_a_page_that_leads_on_ends_where_it_leads(pupil: Device, watch: Watch, how: str) -> None:
    """What the browser does next is a request like any other."""
    leads = {
        "meta": f"/_text?words={quote('<p>origin-ok<meta http-equiv=refresh content=0;url=http://blocked.test/>')}",
        "script": f"/_text?words={quote('<p>origin-ok<script>location=' + repr('http://blocked.test/') + '</script>')}",
        "refresh": "/_set?refresh=0;url%3Dhttp://blocked.test/",
    }
    assert_served(pupil.https("allowed.test", get("allowed.test", leads[how])))
    for reply in (pupil.http("blocked.test"), pupil.https("blocked.test"), pupil.h2("blocked.test")):
        assert_refused(reply, {403}, watch, "blocked.test")


@pytest.mark.parametrize(
    "host, path, action",
    [
        ("paths.test", "/adult/game.html", "block"),  # a path of a host that delivers all kinds of things
        ("cdn.jsdelivr.net", "/gh/somebody/game/index.html", "block"),
        ("raw.githack.com", "/somebody/game/index.html", "block"),
        ("unheard-cdn.test", "/game/index.html", "block"),
    ],
)
def test_F16_pages_of_file_hosts(pupil: Device, watch: Watch, host: str, path: str, action: str) -> None:
    reply = pupil.https(host, get(host, path))
    assert_refused(reply, {403}, watch)
    assert reply.action == action, str(reply)


@pytest.mark.parametrize("host", ["new-today.test", "cr0xyproxy.test", "unblocked-web-proxy.test"])
def test_F17_a_name_in_no_list(lab: Lab, gateway: Gateway, mode: str, host: str) -> None:
    for who, action in (("pupil8", "block"), ("pupil14", "warn")):
        reply = lab.device(who, mode, gateway.ca).https(host)
        assert (reply.status, reply.action) == (403, action), f"{who}: {reply}"


PARTS = {
    "iframe": "text/html",
    "image": "image/svg+xml",
    "style": "text/css",
    "script": "text/javascript",
}


@pytest.mark.parametrize("part, kind", PARTS.items())
def test_F18_a_blocked_part_gets_a_small_answer_of_its_own_type(
    pupil: Device, watch: Watch, part: str, kind: str
) -> None:
    for host, path in (("blocked.test", "/a"), ("web.archive.org", "/web/2020im_/http://blocked.test/a")):
        reply = pupil.https(host, get(host, path, f"Sec-Fetch-Dest: {part}", "Accept: */*"))
        assert_refused(reply, {403}, watch, "blocked.test")
        assert reply.header("content-type").partition(";")[0] == kind, str(reply.headers)
        assert part == "iframe" or len(reply.body) < 1_000


def test_F20_a_chain_of_thirty_redirects_is_thirty_requests(pupil: Device, watch: Watch) -> None:
    """The gateway follows nothing by itself, so that neither a chain nor a loop costs it more than what is asked."""
    hops = [f"/_status?code=302&hop={hop}&to=https://allowed.test/%23{hop + 1}" for hop in range(29)]
    for path in (*hops, "/_status?code=302&to=http://blocked.test/"):
        assert pupil.https("allowed.test", get("allowed.test", path)).status == 302
    assert len(watch.requests("allowed.test")) == 30 and not watch.touching("blocked.test")
    assert_refused(pupil.http("blocked.test"), {403}, watch, "blocked.test")


def test_F20_addresses_in_addresses_are_bounded(opened: Device) -> None:
    """A URL of 60 KB that is nothing but addresses is answered like any other."""
    many = "&".join(f"u{n}=http://site{n}.test/" for n in range(2_000))
    reply = opened.https("nobody-knows.test", get("nobody-knows.test", f"/?{many}"))
    assert (reply.status, reply.action) == (403, "block"), str(reply)
    assert_served(opened.https("allowed.test", get("allowed.test", f"/?{many}")))
