"""Where an address inside an address is judged, how far, and that it never opens anything."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.explain import explain
from hedgerow.core.hosts import canonical_host
from hedgerow.core.inside import DEEPEST, MOST
from hedgerow.core.model import (
    Action,
    Capture,
    Decision,
    Exam,
    Grants,
    Identity,
    Kind,
    NameSource,
    Protected,
    Request,
    Step,
    Where,
)
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, Given, ask, band, lists, policy, site

INDEX = lists(
    translators_caches="translate.goog web.archive.org archive.ph r.jina.ai unlisted-reader.test",
    proxy_vpn="proxy.test",
    adult="adult.test",
    social="forum.test",
    malware="evil.test",
    search="google.com",
    education="school.test wikipedia.test",
    ai_chat="bot.test",
    user_content="blogs.test",
    page_parts="i0.wp.com",
    updates="update.test",
)
HOUSE = policy(
    band(
        categories={
            "translators-caches": A.MONITOR,
            "proxy-vpn": A.MONITOR,
            "adult": A.BLOCK,
            "social": A.WARN,
            "search": A.ALLOW,
            "education": A.ALLOW,
            "ai-chat": A.ALLOW,
            "user-content": A.ALLOW,
            "page-parts": A.ALLOW,
            "updates": A.ALLOW,
        },
        sites=(
            site("blocked.test", A.BLOCK),
            site("allowed.test", A.ALLOW),
            site("paths.test", A.BLOCK, path="/adult"),
        ),
        page=A.WARN,
        part=A.ALLOW,
    ),
    floor=(site("forbidden.test", A.BLOCK),),
    protected=(Protected("help.test", Where("helplines/en.yaml", 3)),),
    no_decrypt=("bank.test",),
    gateway_names=frozenset({"hedgerow.test"}),
)


def decided(url: str, kind: Kind = Kind.PAGE, grants: Grants | None = None) -> Decision:
    return decide(ask(url, kind=kind), PUPIL, HOUSE, INDEX, NOW, grants)


WHOLE = [
    ("https://blocked-test.translate.goog/", A.BLOCK, "site:blocked.test"),
    ("https://adult-test.translate.goog/", A.BLOCK, "category:adult"),
    ("https://evil-test.translate.goog/", A.BLOCK, "floor:category:malware"),
    ("https://forum-test.translate.goog/", A.WARN, "category:social"),
    ("https://nobody--knows-test.translate.goog/", A.WARN, "unknown:page"),
    ("https://allowed-test.translate.goog/", A.MONITOR, "category:translators-caches"),
    (
        "https://help-test.translate.goog/",
        A.MONITOR,
        "category:translators-caches",
    ),  # no reason to open it, nor to hide
    ("https://web.archive.org/web/2020id_/http://blocked.test/", A.BLOCK, "site:blocked.test"),
    ("https://web.archive.org/web/2020/http://allowed.test/", A.MONITOR, "category:translators-caches"),
    ("https://web.archive.org/web/2020/http://paths.test/adult", A.BLOCK, "site:paths.test/adult"),
    (
        "https://web.archive.org/web/2020/http://allowed.test/?u=http://adult.test/",
        A.MONITOR,
        "category:translators-caches",
    ),
    ("https://web.archive.org/web/2020/http://45.90.10.10/", A.BLOCK, "unknown:address"),
    ("https://web.archive.org/web/2020/http://a..b/", A.BLOCK, "builtin:bad-name"),
    ("https://archive.ph/AbCd1", A.MONITOR, "category:translators-caches"),
    ("https://unlisted-reader.test/read?page=https%3A%2F%2Fblocked.test", A.BLOCK, "site:blocked.test"),
    ("https://unlisted-reader.test/read?page=https%3A%2F%2Fnobody.test", A.WARN, "unknown:page"),
    ("https://proxy.test/https://adult.test/", A.BLOCK, "category:adult"),
    ("https://proxy.test/?__cpo=aHR0cHM6Ly9ibG9ja2VkLnRlc3Q", A.BLOCK, "site:blocked.test"),
]
LISTED = [
    ("https://nobody.test/?u=http://blocked.test/", A.BLOCK, "site:blocked.test"),
    ("https://nobody.test/?u=http://adult.test/", A.BLOCK, "category:adult"),
    ("https://nobody.test/browse.php?u=adult.test", A.BLOCK, "category:adult"),
    ("https://nobody.test/nph-proxy.cgi/000100A/http/adult.test/", A.BLOCK, "category:adult"),
    ("https://nobody.test/?u=http://forum.test/", A.WARN, "unknown:page"),  # a warning inside is nobody's business
    ("https://nobody.test/?u=http://elsewhere.test/", A.WARN, "unknown:page"),
    ("https://nobody.test/?q=adult.test", A.WARN, "unknown:page"),  # a word, no address
    ("https://45.90.10.99/?u=http://evil.test", A.BLOCK, "unknown:address"),
    ("https://bot.test/?read=https://blocked.test", A.BLOCK, "site:blocked.test"),
    ("https://bot.test/?read=https://elsewhere.test", A.ALLOW, "category:ai-chat"),
    ("https://blogs.test/?u=https://adult.test", A.BLOCK, "category:adult"),
    ("https://i0.wp.com/adult.test/a.jpg", A.BLOCK, "category:adult"),
    ("https://images.weserv.nl/?url=adult.test/a.jpg", A.BLOCK, "category:adult"),
]
FLOOR = [
    ("https://allowed.test/redir?u=http://forbidden.test", A.BLOCK, "floor:site:forbidden.test"),
    ("https://school.test/?returnurl=https%3A%2F%2Fevil.test", A.BLOCK, "floor:category:malware"),
    ("https://allowed.test/redir?u=http://blocked.test/", A.ALLOW, "site:allowed.test"),  # F08
    ("https://school.test/login?continue=https%3A%2F%2Fadult.test", A.ALLOW, "category:education"),
    ("https://wikipedia.test/wiki/blocked.test", A.ALLOW, "category:education"),
    ("https://www.google.com/search?q=blocked.test", A.ALLOW, "category:search"),
    ("https://www.google.com/search?q=http://evil.test/", A.ALLOW, "category:search"),
    ("https://update.test/check?url=http://evil.test", A.ALLOW, "category:updates"),
    ("https://help.test/chat?about=http://evil.test", A.ALLOW, "protected:help.test"),
    ("https://allowed.test/?u=https://www.allowed.test/x", A.ALLOW, "site:allowed.test"),
]


@pytest.mark.parametrize("url, action, by", [*WHOLE, *LISTED, *FLOOR], ids=[u for u, *_ in (*WHOLE, *LISTED, *FLOOR)])
def test_verdict(url: str, action: Action, by: str) -> None:
    found = decided(url)
    told = found.rule if found.rule != "site:forbidden.test" else "floor:site:forbidden.test"
    assert (found.action, told) == (action, by), found.evidence


def test_the_verdict_names_the_inner_host_and_keeps_the_outer() -> None:
    found = decided("https://web.archive.org/web/2020/http://www.blocked.test/")
    assert (found.host, found.within, found.site) == ("www.blocked.test", "web.archive.org", "blocked.test")
    assert found.evidence.startswith("the address inside: www.blocked.test is covered by")
    assert found.code != decided("https://www.blocked.test/").code or found.rule == "site:blocked.test"


def test_what_was_asked_by_name_has_no_outer_host() -> None:
    assert decided("https://blocked.test/").within == ""


def test_explain_tells_it_step_by_step() -> None:
    url = "https://web.archive.org/web/2020/http://adult-test.translate.goog/"
    told = explain(ask(url), PUPIL, HOUSE, INDEX, NOW, lambda _, typed=False: ())
    assert told.decision == decided(url, Kind.UNKNOWN)
    lines = [text for step, text in told.steps if step == Step.CATEGORY]
    assert lines[0].startswith("web.archive.org is listed")
    assert lines[1].startswith("the address inside, adult-test.translate.goog: translate.goog is listed")
    assert lines[2].startswith("the address inside, adult.test: adult.test is listed as adult")


def test_the_type_is_waited_for_where_the_inner_page_is_unknown() -> None:
    """An unknown site's picture in a translated page is a part like any other; its page is warned about."""
    url = "https://nobody--knows-test.translate.goog/"
    assert decided(url, Kind.UNKNOWN).pending and not decided(url, Kind.UNKNOWN).action.forbids
    assert decided(url, Kind.PART).action is A.MONITOR
    assert decided(url, Kind.PAGE).action is A.WARN


def test_a_warning_inside_is_continued_for_the_inner_site() -> None:
    warned = decided("https://forum-test.translate.goog/")
    held = Given((PUPIL.key, "forum.test", warned.digest))
    assert warned.site == "forum.test"
    again = decided("https://forum-test.translate.goog/", grants=held)
    assert again.action is A.MONITOR and again.lifted
    assert decided("https://nobody--knows-test.translate.goog/", grants=held).action is A.WARN


def test_nothing_of_the_inner_name_leaves_the_connection_closed() -> None:
    """A bank inside a translator is a page of the translator's: it is decrypted and read."""
    found = decided("https://web.archive.org/web/2020/http://bank.test/", Kind.PART)
    assert found.capture is Capture.DECRYPTED and found.reads_words


def test_an_exam_closes_what_is_inside_too() -> None:
    class Sitting(Given):
        def exam(self, identity: Identity, now: object) -> Exam:
            return Exam("e1", (("web.archive.org", ""), ("allowed.test", "")), NOW.timestamp() + 60)

    assert decided("https://web.archive.org/web/1/http://allowed.test/", grants=Sitting()).action is A.MONITOR
    assert decided("https://web.archive.org/web/1/http://school.test/", grants=Sitting()).rule == "exam:e1"


def test_names_only_networks_see_the_label() -> None:
    guest = replace(PUPIL, level=Capture.NAMES_ONLY)
    assert decide(ask("https://blocked-test.translate.goog/"), guest, HOUSE, INDEX, NOW).action is A.BLOCK


def test_every_name_is_looked_into() -> None:
    request = ask("https://allowed.test/", (NameSource.CONNECT, "blocked-test.translate.goog"))
    assert decide(request, PUPIL, HOUSE, INDEX, NOW).action is A.BLOCK


def nested(depth: int, inner: str = "http://allowed.test/") -> str:
    for _ in range(depth):
        inner = f"https://web.archive.org/web/2020/{inner}"
    return inner


@pytest.mark.parametrize("depth, by", [(1, "category:translators-caches"), (DEEPEST, "category:translators-caches"),
                                       (DEEPEST + 1, "builtin:nested"), (200, "builtin:nested")])  # fmt: skip
def test_depth(depth: int, by: str) -> None:
    assert decided(nested(depth)).rule == by


@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_the_innermost_is_judged(depth: int) -> None:
    assert decided(nested(depth, "http://blocked.test/")).rule == "site:blocked.test"


def test_a_translator_of_a_translator() -> None:
    inner = quote("https://translate.google.com/translate?u=" + quote("http://blocked.test/", safe=""), safe="")
    assert decided(f"https://www-google-com.translate.goog/translate?u={inner}").rule == "site:blocked.test"


def test_more_addresses_than_can_be_judged() -> None:
    many = "&".join(f"u{n}=http://site{n}.test/" for n in range(MOST + 1))
    assert decided(f"https://nobody.test/?{many}").rule == "builtin:nested"
    assert decided(f"https://allowed.test/?{many}").rule == "site:allowed.test"  # an ordinary site's own affair


@pytest.mark.parametrize("host", ["nobody.test", "proxy.test", "allowed.test", "web.archive.org"])
@pytest.mark.parametrize("unit", ["u=http://a.test/?u=http%3A%2F%2Fb.test&", "u=%2525253A&", "http:/", "aHR0cDovL2E=&"])
def test_a_large_url_takes_bounded_time(host: str, unit: str) -> None:
    request = ask(f"https://{host}/x?{(unit * 64 * 1024)[: 64 * 1024]}")
    started = time.thread_time()
    decide(request, PUPIL, HOUSE, INDEX, NOW)
    assert time.thread_time() - started < 1.5  # seconds on a busy machine; a tenth of it is usual


OUTER = ["https://nobody.test/", "https://proxy.test/", "https://allowed.test/", "https://blogs.test/", "https://bot.test/",
         "https://web.archive.org/web/2020/", "https://translate.google.com/translate?u=", "https://forum.test/",
         "https://help.test/", "https://evil.test/", "https://www.google.com/"]  # fmt: skip
INNER = ["http://blocked.test/", "https://adult.test/x", "https://forum.test", "http://help.test/", "//evil.test/",
         "http://allowed.test/", "http://unheard.test/", "http%3A%2F%2Fblocked.test",
         "https://web.archive.org/web/1/"]  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> tuple[Request, Request]:
    """A request, and the same with addresses inside."""
    outer, kind = draw(st.sampled_from(OUTER)), draw(st.sampled_from(Kind))
    inside = "".join(draw(st.lists(st.sampled_from([*INNER, "&v=", "?x="]), min_size=1, max_size=5)))
    plain = ask(outer, kind=kind)
    way = draw(st.sampled_from(["", "?u=", "&u=", "?q=a+"]))
    return plain, replace(ask(outer + way + inside, kind=kind), names=plain.names)


@given(requests())
def test_an_address_inside_never_makes_it_laxer(pair: tuple[Request, Request]) -> None:
    plain, holding = (decide(request, PUPIL, HOUSE, INDEX, NOW) for request in pair)
    assert holding.action >= plain.action
    assert holding.protected == plain.protected


@given(requests(), st.sampled_from(["unheard.test", "allowed.test", "forum.test", "blocked.test", "web.archive.org"]))
def test_a_block_rule_more_never_allows_more(pair: tuple[Request, Request], host: str) -> None:
    own = HOUSE.bands[HOUSE.default_band]
    added = replace(own, sites={**own.sites, canonical_host(host): (site(host, A.BLOCK),)})
    stricter = replace(HOUSE, bands={own.name: added})
    before, after = (decide(pair[1], PUPIL, house, INDEX, NOW) for house in (HOUSE, stricter))
    assert after.action >= before.action


@given(
    st.text(max_size=80), st.text(max_size=80), st.sampled_from(["x-test.translate.goog", "web.archive.org", "a.test"])
)
def test_hostile_text_raises_nothing(path: str, query: str, host: str) -> None:
    request = replace(ask(f"https://{host}/"), raw_path=f"/{path}", query=query)
    assert decide(request, PUPIL, HOUSE, INDEX, NOW).rule
