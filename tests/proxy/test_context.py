"""What goes onto a page: the band's register, the school's own words, who reads reports, and what is in force now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from mitmproxy import http
from mitmproxy.proxy.mode_specs import ProxyMode

from hedgerow import runtime
from hedgerow.core.model import Action, Capture, Decision, Identity, Relax, Step, Where
from hedgerow.proxy import apply, context
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.facts import request_facts
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.pages.model import AnswerType, PageContext
from hedgerow.proxy.services import Services
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.spool import EventSpool
from hedgerow.stores.tokens import Tokens
from tests.proxy.flows import flow
from tests.shipped import ROOT

SITE = """\
school: "Our school"
timezone: Asia/Ho_Chi_Minh
languages: [en, vi]
contact: {en: "Ask Mr Minh"}
place: {country: VN}
reports: {wrongly-blocked: ["mailto:it@school.example"], hurt: ["desk:Mrs Lan"]}
"""
NOW = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The shipped policies with a small school, and real stores."""
    root = tmp_path_factory.mktemp("context")
    (root / "local").mkdir()
    (root / "local" / "site.yaml").write_text(SITE, "utf-8")
    (root / "local" / "bands").mkdir()
    (root / "local" / "bands" / "ages-11-13.yaml").write_text("band: ages-11-13\nlanguages: [kk, ru]\n", "utf-8")
    lists = ROOT / "blocklists"
    sources = runtime.Sources(ROOT / "policies", root / "local", lists, lists, root / "index")
    (root / "keys").mkdir(mode=0o700)
    return Services(
        runtime=runtime.Runtime(runtime.assemble(runtime.compile_files(sources))),
        grants=GrantStore(root / "grants.sqlite", b"k" * 32),
        spool=EventSpool(root / "events", dropped=lambda count: None),
        tokens=Tokens(root / "keys"),
        pseudonyms=Pseudonyms(root / "pseudonyms"),
        clock=lambda: NOW,
    )


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
