"""The precedence as tables, and its promises as properties."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hosts import canonical_host
from hedgerow.core.model import (
    Action,
    Capture,
    Kind,
    Name,
    NameSource,
    Policy,
    Protected,
    Request,
    Step,
    Where,
)
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, TIMEZONE, A, Given, Lists, ask, band, lists, policy, rule, site

INDEX = lists(
    gambling="casino.test", adult="adult.test", education="school.test", games="play.test", malware="evil.test",
    social="forum.test mixed.test", video="mixed.test", updates="update.test", banking_government="bank.test",
)  # fmt: skip
SCHOOL = policy(
    band(
        categories={
            "gambling": A.BLOCK,
            "adult": A.BLOCK,
            "education": A.ALLOW,
            "social": A.WARN,
            "video": A.MONITOR,
            "updates": A.ALLOW,
            "banking-government": A.ALLOW,
            "games": rule("category:games", A.LIMIT, times=(("lunch", A.ALLOW),)),
        },  # fmt: skip
        sites=(
            site("video.test", A.BLOCK),
            site("video.test", A.ALLOW, path="/kids"),
            site("open.casino.test", A.ALLOW),
            site("only.test", A.ALLOW, exact=True),
            site("10.0.0.9", A.ALLOW),
        ),
        words={"adult": A.BLOCK},
    ),
    floor=(site("forbidden.test", A.BLOCK),),
    protected=(
        Protected("help.test", Where("helplines/en.yaml", 3)),
        Protected("platform.test", Where("helplines/en.yaml", 9), path="/help"),
        Protected("own.test", Where("local/helplines/en.yaml", 2), shipped=False),
    ),
    no_decrypt=("bank.test", "update.test"),
    private_allowed=("10.0.0.9",),
)


@pytest.mark.parametrize(
    "url, action, step, by",
    [
        ("https://casino.test/", A.BLOCK, Step.CATEGORY, "category:gambling"),
        ("https://www.casino.test/a", A.BLOCK, Step.CATEGORY, "category:gambling"),
        ("https://notcasino.test/", A.BLOCK, Step.DEFAULT, "unknown:page"),  # label boundary
        ("https://open.casino.test/", A.ALLOW, Step.SITE, "site:open.casino.test"),  # a person's word is more specific
        ("https://school.test/", A.ALLOW, Step.CATEGORY, "category:education"),
        ("https://video.test/", A.BLOCK, Step.SITE, "site:video.test"),
        ("https://video.test/kids/1", A.ALLOW, Step.SITE, "site:video.test/kids"),
        ("https://video.test/kidsgrownup", A.BLOCK, Step.SITE, "site:video.test"),
        ("https://video.test/kids/../adult", A.BLOCK, Step.SITE, "site:video.test"),
        ("https://video.test/%6bids", A.ALLOW, Step.SITE, "site:video.test/kids"),
        ("https://only.test/", A.ALLOW, Step.SITE, "site:only.test"),
        ("https://sub.only.test/", A.BLOCK, Step.DEFAULT, "unknown:page"),
        ("https://mixed.test/", A.WARN, Step.CATEGORY, "category:social"),  # the strictest of two categories
        ("https://evil.test/", A.BLOCK, Step.FLOOR, "floor:category:malware"),
        ("https://x.forbidden.test/", A.BLOCK, Step.FLOOR, "site:forbidden.test"),
        ("https://help.test/", A.ALLOW, Step.PROTECTED, "protected:help.test"),
        ("https://sub.help.test/", A.BLOCK, Step.DEFAULT, "unknown:page"),  # a helpline is an exact host
        ("https://platform.test/help/me", A.ALLOW, Step.PROTECTED, "protected:platform.test/help"),
        ("https://platform.test/", A.BLOCK, Step.DEFAULT, "unknown:page"),
        ("https://own.test/", A.ALLOW, Step.PROTECTED, "protected:own.test"),
        ("http://8.8.8.8/", A.BLOCK, Step.DEFAULT, "unknown:address"),
        ("http://127.0.0.1/", A.BLOCK, Step.BUILTIN, "builtin:private-address"),
        ("http://0x7f.1/", A.BLOCK, Step.BUILTIN, "builtin:private-address"),
        ("http://[::ffff:10.0.0.1]/", A.BLOCK, Step.BUILTIN, "builtin:private-address"),
        ("http://10.0.0.9/", A.ALLOW, Step.SITE, "site:10.0.0.9"),  # named in site.yaml and allowed
        ("https://casino.test:8443/", A.BLOCK, Step.BUILTIN, "builtin:port"),
        ("http://casino.test:443/", A.BLOCK, Step.CATEGORY, "category:gambling"),
    ],
)
def test_the_first_step_that_speaks(url: str, action: Action, step: Step, by: str) -> None:
    decision = decide(ask(url), PUPIL, SCHOOL, INDEX, NOW)
    assert (decision.action, decision.step, decision.rule) == (action, step, by)


@pytest.mark.parametrize(
    "url, others, action, by",
    [
        ("https://casino.test/", [(NameSource.SNI, "school.test")], A.BLOCK, "category:gambling"),
        ("https://school.test/", [(NameSource.SNI, "casino.test")], A.BLOCK, "category:gambling"),
        ("https://school.test/", [(NameSource.CONNECT, "casino.test")], A.BLOCK, "category:gambling"),
        ("https://school.test/", [(NameSource.SNI, "update.test")], A.BLOCK, "builtin:names-disagree"),
        ("https://help.test/", [(NameSource.SNI, "casino.test")], A.BLOCK, "category:gambling"),
        ("https://help.test/", [(NameSource.SNI, "school.test")], A.BLOCK, "unknown:page"),
        ("https://school.test/", [(NameSource.SNI, "SCHOOL.test.")], A.ALLOW, "category:education"),
        ("https://school.test/", [(NameSource.DESTINATION, "8.8.8.8")], A.ALLOW, "category:education"),
        ("https://school.test/", [(NameSource.DESTINATION, "10.0.0.1")], A.ALLOW, "category:education"),
    ],
)
def test_every_name_is_judged(url: str, others: list[tuple[NameSource, str]], action: Action, by: str) -> None:
    decision = decide(ask(url, *others), PUPIL, SCHOOL, INDEX, NOW)
    assert (decision.action, decision.rule) == (action, by)


def test_names_that_disagree_let_an_honest_client_try_again() -> None:
    decision = decide(ask("https://school.test/", (NameSource.SNI, "update.test")), PUPIL, SCHOOL, INDEX, NOW)
    assert decision.status == 421


def test_a_dialled_address_is_judged_when_it_is_the_only_name() -> None:
    request = Request((Name(NameSource.DESTINATION, "8.8.8.8"),), "http", port=80)
    assert decide(request, PUPIL, SCHOOL, INDEX, NOW).rule == "unknown:address"


def test_a_dialled_address_that_is_also_written_in_host_is_judged_as_a_name() -> None:
    names = (Name(NameSource.DESTINATION, "8.8.8.8"), Name(NameSource.HOST, "8.8.8.8"))
    assert decide(Request(names, "http", port=80), PUPIL, SCHOOL, INDEX, NOW).rule == "unknown:address"
    assert decide(Request(names[::-1], "http", port=80), PUPIL, SCHOOL, INDEX, NOW).rule == "unknown:address"


def test_of_two_equal_verdicts_the_names_is_told_in_any_order() -> None:
    given = ((NameSource.DESTINATION, "8.8.8.8"), (NameSource.SNI, "new.test"), (NameSource.HOST, "new.test"))
    orders = [tuple(Name(*one) for one in order) for order in itertools.permutations(given)]
    school = policy(band(part=A.ALLOW))
    told = {decide(Request(names, kind=Kind.PART), PUPIL, school, INDEX, NOW).rule for names in orders}
    assert told == {"unknown:part"}


def test_a_listed_dialled_address_counts_even_beside_names() -> None:
    index = Lists({**INDEX.names, "9.9.9.9": frozenset({"adult"})})
    request = ask("https://school.test/", (NameSource.DESTINATION, "9.9.9.9"))
    assert decide(request, PUPIL, SCHOOL, index, NOW).rule == "category:adult"


@pytest.mark.parametrize(
    "hour, action, until",
    [(9, A.LIMIT, 11.5), (12, A.ALLOW, None), (14, A.LIMIT, 11.5)],
)
def test_a_window_opens_and_says_when(hour: int, action: Action, until: float | None) -> None:
    decision = decide(ask("https://play.test/"), PUPIL, SCHOOL, INDEX, NOW.replace(hour=hour))
    assert decision.action is action
    opens = decision.until.astimezone(TIMEZONE) if decision.until else None
    assert (opens.hour + opens.minute / 60 if opens else None) == until


@pytest.mark.parametrize(
    "offset, action", [(-1, A.BLOCK), (0, A.ALLOW), (3, A.ALLOW), (4, A.BLOCK)]
)  # since and until are both days in force
def test_a_dated_rule(offset: int, action: Action) -> None:
    dated = site("trip.test", A.ALLOW, since=NOW.date(), until=(NOW + timedelta(days=3)).date())
    school = policy(band(sites=(dated,)))
    assert decide(ask("https://trip.test/"), PUPIL, school, INDEX, NOW + timedelta(days=offset)).action is action


@pytest.mark.parametrize(
    "page, part, kind, action, pending",
    [
        (A.WARN, A.ALLOW, Kind.UNKNOWN, A.ALLOW, True),
        (A.WARN, A.ALLOW, Kind.PAGE, A.WARN, False),
        (A.WARN, A.ALLOW, Kind.PART, A.ALLOW, False),
        (A.BLOCK, A.BLOCK, Kind.UNKNOWN, A.BLOCK, False),
        (A.BLOCK, A.WARN, Kind.UNKNOWN, A.BLOCK, False),
        (A.ALLOW, A.ALLOW, Kind.UNKNOWN, A.ALLOW, False),
        (A.ALLOW, A.BLOCK, Kind.UNKNOWN, A.ALLOW, True),
    ],
)
def test_the_unknown_waits_for_its_type_only_where_page_and_part_differ(
    page: Action, part: Action, kind: Kind, action: Action, pending: bool
) -> None:
    decision = decide(ask("https://new.test/", kind=kind), PUPIL, policy(band(page=page, part=part)), INDEX, NOW)
    assert (decision.action, decision.pending) == (action, pending)


@pytest.mark.parametrize(
    "lenient, kind, action, pending",
    [
        (False, Kind.UNKNOWN, A.WARN, False),  # young: refused before anything is contacted
        (False, Kind.PART, A.WARN, False),
        (True, Kind.UNKNOWN, A.MONITOR, True),
        (True, Kind.PAGE, A.WARN, False),
        (True, Kind.PART, A.MONITOR, False),  # older: allowed and counted where no page can be shown
    ],
)
def test_a_warning_where_no_page_can_be_shown(lenient: bool, kind: Kind, action: Action, pending: bool) -> None:
    school = policy(band(categories={"social": A.WARN}, lenient=lenient))
    decision = decide(ask("https://forum.test/", kind=kind), PUPIL, school, INDEX, NOW)
    assert (decision.action, decision.pending) == (action, pending)


@pytest.mark.parametrize(
    "url, capture",
    [
        ("https://bank.test/", Capture.NAMES_ONLY),
        ("https://help.test/", Capture.NAMES_ONLY),
        ("https://platform.test/help", Capture.DECRYPTED),
        ("https://school.test/", Capture.DECRYPTED),
        ("https://casino.test/", Capture.DECRYPTED),
    ],
)
def test_what_is_not_decrypted(url: str, capture: Capture) -> None:
    assert decide(ask(url), PUPIL, SCHOOL, INDEX, NOW).capture is capture


def test_what_forbids_is_decrypted_to_show_the_page() -> None:
    school = policy(band(categories={"banking-government": A.BLOCK}), no_decrypt=("bank.test",))
    assert decide(ask("https://bank.test/"), PUPIL, school, INDEX, NOW).capture is Capture.DECRYPTED


@pytest.mark.parametrize("lenient, action", [(False, A.WARN), (True, A.ALLOW)])
def test_a_names_only_network_never_opens_by_not_looking(lenient: bool, action: Action) -> None:
    school = policy(band(page=A.WARN, part=A.ALLOW, lenient=lenient))
    blind = replace(PUPIL, level=Capture.NAMES_ONLY)
    decision = decide(ask("https://new.test/"), blind, school, INDEX, NOW)
    assert decision.action is action
    assert not decision.reads_words or action.forbids


def test_a_grant_lifts_its_rule_for_its_person_and_site_only() -> None:
    warned = decide(ask("https://forum.test/"), PUPIL, SCHOOL, INDEX, NOW)
    grants = Given((PUPIL.key, "forum.test", warned.digest))
    assert decide(ask("https://www.forum.test/a"), PUPIL, SCHOOL, INDEX, NOW, grants).action is A.ALLOW
    assert decide(ask("https://mixed.test/"), PUPIL, SCHOOL, INDEX, NOW, grants).action is A.WARN
    other = replace(PUPIL, key="10.8.0.8")
    assert decide(ask("https://forum.test/"), other, SCHOOL, INDEX, NOW, grants).action is A.WARN


def test_a_grant_never_lifts_a_stricter_rule_published_since() -> None:
    warned = decide(ask("https://forum.test/"), PUPIL, SCHOOL, INDEX, NOW)
    grants = Given((PUPIL.key, "forum.test", warned.digest))
    stricter = policy(band(categories={"social": A.BLOCK}))
    assert decide(ask("https://forum.test/"), PUPIL, stricter, INDEX, NOW, grants).action is A.BLOCK


def test_lifting_one_category_lets_the_next_strictest_speak() -> None:
    warned = decide(ask("https://mixed.test/"), PUPIL, SCHOOL, INDEX, NOW)
    grants = Given((PUPIL.key, "mixed.test", warned.digest))
    assert decide(ask("https://mixed.test/"), PUPIL, SCHOOL, INDEX, NOW, grants).rule == "category:video"


@pytest.mark.parametrize("url", ["https://evil.test/", "https://forbidden.test/", "http://127.0.0.1/"])
def test_a_grant_never_lifts_the_floor_or_a_refusal(url: str) -> None:
    decision = decide(ask(url), PUPIL, SCHOOL, INDEX, NOW)
    grants = Given((PUPIL.key, decision.site, decision.digest))
    assert decide(ask(url), PUPIL, SCHOOL, INDEX, NOW, grants).action is A.BLOCK


def test_whoever_has_no_band_gets_the_default() -> None:
    stranger = replace(PUPIL, band="no-such-band")
    assert decide(ask("https://casino.test/"), stranger, SCHOOL, INDEX, NOW).band == "ages-8-10"


HOSTS = st.sampled_from(
    ["casino.test", "www.casino.test", "school.test", "help.test", "bücher.test", "8.8.8.8", "play.test", "new.test"]
)


@given(HOSTS, st.sampled_from(["", "."]), st.booleans(), st.sampled_from([80, 443]))
def test_spelling_and_port_do_not_matter(host: str, dot: str, upper: bool, port: int) -> None:
    plain = decide(ask(f"https://{host}/"), PUPIL, SCHOOL, INDEX, NOW)
    spelled = decide(ask(f"https://{(host.upper() if upper else host) + dot}:{port}/"), PUPIL, SCHOOL, INDEX, NOW)
    assert (spelled.action, spelled.rule, spelled.host) == (plain.action, plain.rule, plain.host)


ACTIONS = st.sampled_from(list(Action))
SITES = st.lists(
    st.tuples(st.sampled_from(["a.test", "b.a.test", "c.test"]), ACTIONS, st.sampled_from(["", "/x", "/x/y"])),
    max_size=4,
)
ASKED = st.sampled_from(["https://a.test/", "https://b.a.test/x/y", "https://c.test/x", "https://d.b.a.test/"])


def _school(sites: list[tuple[str, Action, str]], categories: dict[str, Action]) -> Policy:
    unique = {(host, path): site(host, action, path=path) for host, action, path in sites}
    return policy(band(sites=tuple(unique.values()), categories=categories, page=A.WARN, part=A.ALLOW))


@given(SITES, st.dictionaries(st.sampled_from(["games", "social", "adult"]), ACTIONS), ASKED, st.data())
def test_adding_a_block_rule_never_allows_more(
    sites: list[tuple[str, Action, str]], categories: dict[str, Action], url: str, data: st.DataObject
) -> None:
    index = lists(games="a.test", social="b.a.test", adult="c.test")
    before = decide(ask(url), PUPIL, _school(sites, categories), index, NOW)
    host = data.draw(st.sampled_from(["a.test", "b.a.test", "c.test", "test.test"]))
    path = data.draw(st.sampled_from(["", "/x"]))
    category = data.draw(st.sampled_from(["games", "social", "adult"]))
    kept = [s for s in sites if (s[0], s[2]) != (host, path)]
    with_site = decide(ask(url), PUPIL, _school([*kept, (host, A.BLOCK, path)], categories), index, NOW)
    with_category = decide(ask(url), PUPIL, _school(sites, {**categories, category: A.BLOCK}), index, NOW)
    assert with_category.action >= before.action
    if with_site.rule == f"site:{host}{path}":
        assert with_site.action is A.BLOCK  # where it speaks it blocks
    else:
        assert with_site.action >= before.action  # where it does not, nothing opened


@given(st.lists(st.tuples(st.sampled_from(list(NameSource)), HOSTS), min_size=1, max_size=4))
def test_the_strictest_of_all_names_stands(given_names: list[tuple[NameSource, str]]) -> None:
    names = tuple(Name(source, canonical_host(host)) for source, host in given_names if source != "destination")
    if not names:
        return
    together = decide(Request(names), PUPIL, SCHOOL, INDEX, NOW)
    alone = [decide(Request((name,)), PUPIL, SCHOOL, INDEX, NOW) for name in names]
    assert together.action >= max(decision.action for decision in alone)


def test_the_code_is_the_same_for_the_same_facts_and_short() -> None:
    first = decide(ask("https://casino.test/"), PUPIL, SCHOOL, INDEX, NOW)
    later = decide(ask("https://casino.test/x"), PUPIL, SCHOOL, INDEX, NOW + timedelta(hours=1))
    assert first.code == later.code and len(first.code) == 9
    assert decide(ask("https://www.casino.test/"), PUPIL, SCHOOL, INDEX, NOW).code != first.code


def test_a_school_evening_is_judged_in_the_schools_own_time() -> None:
    moment = datetime(2026, 11, 23, 5, 0, tzinfo=TIMEZONE).astimezone()
    assert decide(ask("https://play.test/"), PUPIL, SCHOOL, INDEX, moment).action is A.LIMIT
