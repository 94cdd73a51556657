"""Step 1: what a member-only list closes, for whom, and that nothing opens it or tells of it."""

from __future__ import annotations

import string
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.explain import explain
from hedgerow.core.member import MemberLists, request, selftest
from hedgerow.core.model import (
    Action,
    Capture,
    Exam,
    Grants,
    Identity,
    NameSource,
    Pass,
    Policy,
    Protected,
    Relax,
    Request,
    Step,
    Where,
)
from hedgerow.core.policy import decide
from hedgerow.core.urls import parse_url
from tests.core.house import NOW, PUPIL, Lists, ask, band, policy, site
from tests.core.member import member

LISTS = member(
    iwf="bad.test worse.test/Dir/pic.jpg worse.test/view?id=5&type=a worse.test?p=1 www.only.test *.cust.github.io",
    police="http://third.test/x github.io",
)


@pytest.mark.parametrize(
    "url, told",
    [
        ("http://bad.test/", "iwf"),
        ("https://bad.test:8443/any?thing", "iwf"),
        ("https://www.bad.test/", "iwf"),
        ("https://deep.below.bad.test/", "iwf"),
        ("https://notbad.test/", ""),
        ("https://bad.test.evil.test/", ""),
        ("https://worse.test/", ""),
        ("https://worse.test/dir", ""),  # the folder above
        ("https://worse.test/dir/pic.jpg.html", ""),  # whole segments
        ("https://worse.test/dir/pic.png", ""),  # its neighbour
        ("https://other.worse.test/dir/pic.jpg", ""),  # pages are of one host
        ("http://worse.test/Dir/pic.jpg", "iwf"),
        ("https://www.worse.test/DIR/PIC.JPG/", "iwf"),
        ("https://worse.test/x/../dir//pic.jpg?anything=1", "iwf"),
        ("https://worse.test/%64ir/pic.jpg;session=1", "iwf"),
        ("https://worse.test/dir/pic.jpg/more", "iwf"),
        ("https://worse.test/view?id=5", ""),
        ("https://worse.test/view?id=5&type=b", ""),
        ("https://worse.test/view?type=a&id=5", "iwf"),  # fields have no order
        ("https://worse.test/view/?ID=%35&type=a", "iwf"),
        ("https://worse.test/view?utm=1&id=5&x=2&type=a&id=6", "iwf"),  # nor does adding some help
        ("https://worse.test/view/more?id=5&type=a", ""),
        ("https://worse.test/?p=1&q=2", "iwf"),
        ("https://worse.test/?p=2", ""),
        ("https://only.test/", "iwf"),
        ("https://www.only.test/", "iwf"),
        ("https://mail.only.test/", "iwf"),  # "www." in front never counts
        ("https://cust.github.io/", "iwf"),
        ("https://a.cust.github.io/", "iwf"),
        ("https://github.io/", "police"),
        ("https://other.github.io/", ""),  # a suffix stands for itself
        ("https://third.test/x/y", "police"),
    ],
)
def test_which_list(url: str, told: str) -> None:
    target = parse_url(url)
    assert LISTS.match(target.host, target.clean_path, target.query) == told


@pytest.mark.parametrize(
    "host, knows, pages",
    [("bad.test", True, False), ("x.bad.test", True, False), ("worse.test", True, True), ("good.test", False, False)],
)
def test_what_is_known_of_a_host(host: str, knows: bool, pages: bool) -> None:
    assert (LISTS.knows(host), LISTS.has_pages(host)) == (knows, pages)


_LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
_PATH = st.lists(st.text(string.ascii_letters + "-_~é ", min_size=1, max_size=6), max_size=4).map(
    lambda parts: "/".join(parts).rstrip()  # blanks behind a URL are no part of it
)


_BEFORE, _AFTER = st.sampled_from(["http://", "https://www.", "", "HTTPS://"]), st.sampled_from(["", "/", "//x/.."])


@given(_LABEL, _PATH, _BEFORE, _AFTER)
def test_a_listed_page_is_met_in_every_spelling(label: str, path: str, before: str, after: str) -> None:
    line = f"http://a{label}.test/{path}".replace(" ", "%20")
    target = parse_url(f"{before}A{label}.TEST/{path}{after}")
    assert member(one=line).match(target.host, target.clean_path, target.query) == "one"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_path_or_query_breaks_it(path: str, query: str) -> None:
    assert LISTS.match("worse.test", "/" + path, query) in ("", "iwf")


@pytest.mark.parametrize(
    "path, query, told",
    [
        ("/" + "a/" * 30_000, "", ""),
        ("/view", "&".join(f"a{n}=1" for n in range(20_000)), "iwf"),  # too much to look through: closed
        ("/elsewhere", "&".join(f"a{n}=1" for n in range(20_000)), ""),
        ("/" + "b" * 60_000, "c" * 60_000, ""),
    ],
)
def test_its_cost_is_bounded(path: str, query: str, told: str) -> None:
    started = time.process_time()
    assert LISTS.match("worse.test", path, query) == told
    assert time.process_time() - started < 0.25


def test_many_listed_fields_count_as_listed() -> None:
    lists = member(one=" ".join(f"bad.test/v?f{n}=1&g=1" for n in range(12)))
    assert lists.match("bad.test", "/v", "&".join(f"f{n}=1" for n in range(12))) == "one"
    assert lists.match("bad.test", "/v", "f1=1&f2=1") == ""


BANDS = tuple(band(name, sites=(site("bad.test", Action.ALLOW),)) for name in ("ages-5-7", "ages-14-17", "staff"))
HELP = Protected("bad.test", Where("helplines/en.yaml", 3))
HELP_2 = Protected("worse.test", Where("helplines/en.yaml", 9))


def school(lists: MemberLists | None = LISTS, **more: object) -> Policy:
    return replace(policy(*BANDS, protected=(HELP,), **more), illegal=lists)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["ages-5-7", "ages-14-17", "staff", "unheard-of"])
@pytest.mark.parametrize("level", list(Capture))
def test_closed_in_every_band_before_helplines_and_site_rules(who: str, level: Capture) -> None:
    made = school()
    decision = decide(ask("https://bad.test/x"), Identity("10.8.0.7", who, level=level), made, Lists(), NOW)
    assert (decision.action, decision.step, decision.rule) == (Action.BLOCK, Step.ILLEGAL, "member:iwf")
    assert decision.secret and decision.capture is Capture.DECRYPTED and not decision.digest
    assert "bad.test" not in repr(decision)
    assert decide(ask("https://bad.test/x"), PUPIL, school(None), Lists(), NOW).action is Action.ALLOW


def test_one_code_for_all_entries_of_a_list() -> None:
    codes = {
        decide(ask(url), PUPIL, school(), Lists(), NOW).code
        for url in ("http://bad.test/", "http://www.bad.test/y", "http://worse.test/?p=1")
    }
    assert len(codes) == 1


@pytest.mark.parametrize("source", [NameSource.SNI, NameSource.CONNECT, NameSource.URI, NameSource.DESTINATION])
def test_asked_for_every_name(source: NameSource) -> None:
    asked = ask("https://good.test/dir/pic.jpg", (source, "worse.test"))
    decision = decide(asked, PUPIL, school(), Lists(), NOW)
    assert decision.step is Step.ILLEGAL and decision.secret


class Everything(Grants):
    """A pass for everything, a relaxation, and an exam that names the very site."""

    def lifts(self, person: str, site: str, digest: str, now: object) -> None:
        return None

    def passes(self, identity: Identity, now: object) -> tuple[Pass, ...]:
        return (Pass("P", frozenset({"", "member:iwf"}), 9e9),)

    def exam(self, identity: Identity, now: object) -> Exam:
        return Exam("E", (("bad.test", ""), ("worse.test", "")), 9e9)

    def relaxed(self, now: object) -> Relax:
        return Relax("R", 9e9, "x", "y")


@pytest.mark.parametrize("url", ["https://bad.test/", "https://worse.test/dir/pic.jpg", "http://worse.test/?p=1"])
def test_nothing_lifts_it(url: str) -> None:
    assert decide(ask(url), PUPIL, school(), Lists(), NOW, Everything()).step is Step.ILLEGAL


NOBODY_DECRYPTS = ("worse.test", "bank.test", "bad.test")


@pytest.mark.parametrize(
    "url, protected, level, grants, capture",
    [
        ("https://bank.test/", (), Capture.DECRYPTED, None, Capture.NAMES_ONLY),
        ("https://worse.test/", (), Capture.DECRYPTED, None, Capture.DECRYPTED),  # its pages must be seen
        ("https://worse.test/", (), Capture.DECRYPTED, Everything(), Capture.DECRYPTED),
        ("https://bank.test/", (), Capture.DECRYPTED, Everything(), Capture.DECRYPTED),  # the exam closes it
        ("https://worse.test/", (), Capture.NAMES_ONLY, None, Capture.NAMES_ONLY),  # guests trust no CA of ours
        ("https://worse.test/", (HELP_2,), Capture.DECRYPTED, None, Capture.NAMES_ONLY),  # a helpline is never opened
    ],
)
def test_hosts_with_listed_pages_are_opened(
    url: str, protected: tuple[Protected, ...], level: Capture, grants: Grants | None, capture: Capture
) -> None:
    open_ = band("ages-8-10", sites=tuple(site(host, Action.ALLOW) for host in NOBODY_DECRYPTS))
    made = replace(policy(open_, protected=protected, no_decrypt=NOBODY_DECRYPTS), illegal=LISTS)
    decision = decide(ask(url), replace(PUPIL, level=level), made, Lists(), NOW, grants)
    assert decision.capture is capture
    if "worse" in url:  # opened for the path, never for what stands in it
        assert decision.action is Action.ALLOW and not (decision.reads_words or decision.reads_files)


@pytest.mark.parametrize("url", ["http://bad.test:81/x", "http://worse.test:81/other"])
def test_what_step_0_refuses_names_it_neither(url: str) -> None:
    decision = decide(ask(url), PUPIL, school(), Lists(), NOW)
    assert decision.step is Step.BUILTIN and decision.secret
    assert "bad" not in repr(decision) and "worse" not in repr(decision)
    other = decide(ask("http://good.test:81/"), PUPIL, school(), Lists(), NOW)
    assert not other.secret and other.host == "good.test"


def test_two_destinations_one_of_them_known() -> None:
    decision = decide(ask("https://worse.test/ok", (NameSource.SNI, "good.test")), PUPIL, _opening(), Lists(), NOW)
    assert decision.rule == "builtin:names-disagree" and decision.secret and "worse" not in repr(decision)


def _opening() -> Policy:
    return replace(policy(band(page=Action.ALLOW, part=Action.ALLOW)), illegal=LISTS)


def test_explain_tells_the_verdict_and_no_more() -> None:
    told = explain(ask("https://worse.test/dir/pic.jpg"), PUPIL, school(), Lists(), NOW, lambda _, typed=False: ())
    assert ("1-illegal", "a member-only list (iwf)") in told.steps
    assert told.decision.evidence == "a list the law keeps closed"
    assert "worse" not in repr(told) and "pic" not in repr(told) and told.as_dict()["where"] == "member:iwf"


def test_a_neighbour_is_told_as_ever() -> None:
    told = explain(ask("https://worse.test/dir/other"), PUPIL, _opening(), Lists(), NOW, lambda _, typed=False: ())
    assert ("1-illegal", "no member-only list closes it") in told.steps and not told.decision.secret


@pytest.mark.parametrize(
    "name, url, protected, passed",
    [
        ("iwf", "https://worse.test/dir/pic.jpg", (), True),
        ("iwf", "http://bad.test/", (HELP,), True),
        ("police", "http://bad.test/", (), False),  # another list's
        ("iwf", "http://good.test/", (), False),
        ("iwf", "http://bad.test:81/", (), False),  # refused before any list is asked
        ("iwf", "https://worse.test/dir/pic.jpg", (HELP_2,), False),  # its page is never seen
    ],
)
def test_the_selftest(name: str, url: str, protected: tuple[Protected, ...], passed: bool) -> None:
    made = replace(policy(*BANDS, protected=protected), illegal=LISTS)
    result = selftest(name, url, made, Lists(), NOW)
    assert result.passed is passed and set(result.bands) == {"ages-5-7", "ages-14-17", "staff"}


def test_the_request_of_a_test_address() -> None:
    asked = request("http://Bad.test:8080/a/../b?c=1")
    assert asked == replace(
        Request(asked.names), scheme="http", port=8080, path="/b", query="c=1"
    ) and asked.names[0].host == "bad.test"  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "https://web.archive.org/web/2020/http://bad.test/",
        "https://allowed.test/redir?u=https%3A%2F%2Fworse.test%2Fdir%2Fpic.jpg",
        "https://nobody.test/?u=http://third.test/x",
    ],
)
def test_a_listed_address_inside_another_is_closed_and_named_nowhere(url: str) -> None:
    school = replace(policy(band(page=Action.ALLOW, sites=(site("allowed.test", Action.ALLOW),))), illegal=LISTS)
    found = decide(ask(url), PUPIL, school, Lists(), NOW)
    assert (found.action, found.step, found.secret) == (Action.BLOCK, Step.ILLEGAL, True)
    assert (found.host, found.within) == ("", "") and "test" not in found.evidence
