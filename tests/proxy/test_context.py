"""What goes onto a page: the band's register, the school's own words, who reads reports, and what is in force now."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from urllib.parse import urlsplit

import pytest
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ProxyMode

from hedgerow import runtime
from hedgerow.core.model import Action, Capture, Decision, Identity, Relax, Step, Where
from hedgerow.proxy import apply, context
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.enforce import Enforce
from hedgerow.proxy.facts import request_facts
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.pages.model import AnswerType, PageContext
from hedgerow.proxy.services import Services
from hedgerow.stores.identities import Identities
from hedgerow.stores.messages import LANGUAGES
from tests.proxy.flows import flow
from tests.proxy.small_school import NOW, services

__all__ = ["services"]


def decision(step: Step = Step.CATEGORY, band: str = "ages-14-17", action: Action = Action.WARN) -> Decision:
    return Decision(
        action,
        Capture.DECRYPTED,
        band,
        step,
        "category:social",
        "w",
        "e",
        "site.test",
        "social",
        digest="d",
        policy="p",
    )


def page(services: Services, given: Decision, made: http.HTTPFlow | None = None) -> PageContext:
    asked = made or flow()
    identity = Identity("10.8.0.7", given.band, "pupils")
    facts = request_facts(asked, Connection("10.8.0.7"), False)
    state = Judged(services.runtime.current, identity, facts, given, NOW)
    return context.of_decision(asked, state, services, expired=False)


@pytest.mark.parametrize(
    "band, register", [("ages-5-7", "young"), ("ages-11-13", "middle"), ("ages-14-17", "older"), ("staff", "staff")]
)
def test_the_page_speaks_as_the_band_does(services: Services, band: str, register: str) -> None:
    assert page(services, decision(band=band)).register == register


def test_what_the_school_says_stands_on_the_page(services: Services) -> None:
    made = page(services, decision())
    assert (made.school, made.contact, made.country, made.subject) == (
        "Our school", "Ask Mr Minh", "VN", "Social networks",
    )  # fmt: skip
    assert made.helplines and made.helplines[0].number == "111"
    assert set(made.report_kinds) == {"wrong", "hurt"}  # the kinds with a recipient, and no other
    assert made.now is not None and made.now.strftime("%H:%M") == "10:05"  # the school's clock


@pytest.mark.parametrize(
    "step, codes", [(Step.CATEGORY, True), (Step.SITE, True), (Step.FLOOR, False), (Step.WORDS, False)]
)
def test_a_code_can_be_typed_only_where_a_pass_could_lift_it(services: Services, step: Step, codes: bool) -> None:
    assert page(services, decision(step, action=Action.BLOCK)).codes is codes
    assert not page(services, decision(step)).codes  # a warning is the reader's own to continue


def shown(services: Services, url: str, band: str, language: str = "en") -> str:
    """What a pupil of this band gets for a URL: judged by the shipped policies, as traffic is."""
    target = urlsplit(url)
    made = flow(
        f"{target.path}?{target.query}",
        headers=[("host", target.netloc), ("accept", "text/html"), ("accept-language", language)],
        host=target.netloc,
    )
    snapshot = services.runtime.current
    everywhere = replace(
        snapshot, policy=replace(snapshot.policy, default_band=band), site=replace(snapshot.site, languages=LANGUAGES)
    )
    told = Services(
        runtime.Runtime(replace(everywhere, identities=Identities((), band))), services.grants, services.spool,
        services.alerts, services.tokens, services.pseudonyms, clock=services.clock,
    )  # fmt: skip
    Enforce(told).requestheaders(made)
    return made.response.text or "" if made.response else ""


SAD = "q=i+want+to+kill+myself"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("band", ["ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17"])
def test_nothing_but_support_stands_on_the_page_that_helps(services: Services, band: str, language: str) -> None:
    """Whatever closes it: the words alone, or the search engine itself."""
    for url in (f"http://www.google.com/search?{SAD}", f"http://www.bing.com/search?{SAD}"):
        page = shown(services, url, band, language)
        assert 'class="help"' in page and 'class="school"' not in page, url
        assert page.index("tel:111") < page.index("<footer>")
        sentence = services.runtime.current.policy.bands[band].messages[language]
        assert sentence not in page


@pytest.mark.parametrize(
    "url, band, speaks",
    [
        ("http://www.bing.com/search?q=ponds", "ages-5-7", True),
        ("http://www.tinder.com/", "ages-14-17", True),
        ("http://www.youtube.com/watch?v=1", "ages-11-13", True),  # a warning
        ("http://93.184.215.14/", "ages-11-13", True),
        ("http://www.google.com/search?q=free+porn+videos", "ages-14-17", False),
        ("http://www.tinder.com:8081/", "ages-14-17", False),
    ],
)
def test_a_bands_sentence_stands_where_it_is_true(services: Services, url: str, band: str, speaks: bool) -> None:
    page = shown(services, url, band)
    said = services.runtime.current.policy.bands[band].messages.values()
    assert page and any(sentence in unescape(page) for sentence in said) is speaks


def test_of_an_open_search_engine_nobody_says_that_it_is_closed(services: Services) -> None:
    page = shown(services, "http://www.google.com/search?q=online+casino", "ages-14-17")
    assert "</bdi> is open to you, but this page is not." in page and "gambling" in page


def asked(transparent: bool = False, tls: bool = False) -> http.HTTPFlow:
    made = flow()
    made.client_conn.tls = tls
    made.client_conn.proxy_mode = ProxyMode.parse("transparent" if transparent else "regular")
    return made


def test_buttons_lead_to_our_own_name_by_the_pages_scheme(services: Services) -> None:
    assert page(services, decision(), asked()).portal == "http://hedgerow.internal/"
    assert page(services, decision(), asked(tls=True)).portal == "https://hedgerow.internal/"
    assert page(services, decision(Step.BUILTIN), asked()).portal == "http://hedgerow.internal/"


def test_only_a_redirected_device_without_a_name_stays_on_the_sites_origin(services: Services) -> None:
    snapshot, here = services.runtime.current, asked(transparent=True, tls=True)
    assert page(services, decision(), here).portal == "/.well-known/hedgerow/"
    assert page(services, decision(Step.BUILTIN), here).portal == "http://hedgerow.internal/"
    named = replace(snapshot, site=replace(snapshot.site, gateway_names={"filter.school": Where("site.yaml", 3)}))
    assert context.of_school(named, "en", decision(), None, here).portal == "https://filter.school/"
    assert context.own_address(snapshot, here) == ""


def test_only_a_page_is_given_all_of_it(services: Services) -> None:
    image = flow(headers=[("host", "site.test"), ("sec-fetch-dest", "image")])
    made = page(services, decision(), image)
    assert made.answer is AnswerType.IMAGE and made.helplines == () and made.token == ""
    assert page(services, decision()).token != ""


def test_while_the_filter_is_relaxed_every_page_says_so(services: Services) -> None:
    snapshot, relax = services.runtime.current, Relax("r", NOW.timestamp() + 3600)
    told = context.of_school(snapshot, "en", decision(), relax).banner
    assert "11:05" in told and context.of_school(snapshot, "en", decision(), None).banner == ""
    made = apply.error_page(502, "certificate", None, "vi", snapshot, relax)
    assert b'<header class="banner">' in made.body and b"11:05" in made.body
    assert b"<header" not in apply.error_page(502, "certificate", None, "vi", snapshot).body


def test_a_failure_has_helplines_and_reports_too(services: Services) -> None:
    body = apply.error_page(504, "upstream", None, "en", services.runtime.current).body
    assert b"tel:111" in body and b"http://hedgerow.internal/report?kind=hurt" in body


def test_a_school_of_another_name_is_reached_by_it(services: Services) -> None:
    snapshot = services.runtime.current
    own = {"filter.school": Where("local/site.yaml", 3)}
    named = replace(snapshot, site=replace(snapshot.site, gateway_names=own))
    assert context.of_school(named, "en", None, None).portal == "http://filter.school/"


@pytest.mark.parametrize(
    ("band", "accepted", "language"),
    [
        ("ages-11-13", "", "kk"),
        ("ages-11-13", "ru;q=0.5, vi", "ru"),
        ("ages-11-13", "vi, en", "kk"),
        ("ages-14-17", "vi, kk", "vi"),
        ("ages-14-17", "kk", "en"),
    ],
)
def test_the_language_is_the_bands_the_sites_and_the_readers(
    services: Services, band: str, accepted: str, language: str
) -> None:
    asked = flow(headers=(("host", "site.test"), ("accept", "text/html"), ("accept-language", accepted)))
    assert page(services, decision(band=band), asked).language == language
