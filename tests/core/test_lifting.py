from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.explain import Scan
from hedgerow.core.lifting import House, lift_category, lift_site
from hedgerow.core.model import (
    Action,
    Decision,
    Exam,
    Grants,
    Hit,
    Identity,
    Kind,
    Pass,
    Passage,
    Policy,
    Protected,
    Relax,
    Step,
    TopicScore,
    Where,
)
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy, rule, site

LIMITED = rule("category:music", A.LIMIT, times=(("lunch", A.ALLOW),))
SCHOOL = policy(
    band(
        categories={
            "games": A.BLOCK,
            "social": A.WARN,
            "adult": A.BLOCK,
            "malware": A.BLOCK,
            "music": LIMITED,
            "self-harm": A.HELP,
            "video": A.ALLOW,
            "video-later": rule("category:video-later", A.BLOCK, since=date(2027, 1, 1)),
        },
        sites=(
            site("shut.test", A.BLOCK),
            site("deep.shut.test", A.BLOCK, message="another"),
            site("paths.test", A.ALLOW),
            site("paths.test", A.BLOCK, path="/chat"),
        ),
        page=A.BLOCK,
        part=A.WARN,
    ),
    floor=(site("forbidden.test", A.BLOCK),),
    protected=(Protected("help.test", Where("helplines/en.yaml", 1)),),
)
INDEX = lists(
    games="play.test both.test shut.test", social="forum.test both.test", adult="adult.test", malware="evil.test",
    self_harm="hurt.test", music="song.test", video="open.test www.half.test", video_later="later.test",
)  # fmt: skip


@dataclass(frozen=True)
class Held(Grants):
    held: tuple[Pass, ...] = ()
    sat: Exam | None = None
    rest: Relax | None = None

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> None:
        return None

    def passes(self, identity: Identity, now: datetime) -> tuple[Pass, ...]:
        return self.held

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self.sat

    def relaxed(self, now: datetime) -> Relax | None:
        return self.rest


def silent(texts: Sequence[str | Passage], typed: bool = False) -> Sequence[TopicScore]:
    return ()


def shocked(texts: Sequence[str | Passage], typed: bool = False) -> Sequence[TopicScore]:
    hit = Hit("adult", "bad", Where("words/adult.en.yaml", 4), 0, 3, "bad")
    return (TopicScore("adult", 3.0, "en", (hit,)),)


def house(school: Policy = SCHOOL, scan: Scan = silent, grants: Grants | None = None) -> House:
    return House(PUPIL, school, INDEX, scan, grants)


@pytest.mark.parametrize(
    "host, path, rules",
    [
        ("play.test", "", ["category:games"]),
        ("both.test", "", ["category:games", "category:social"]),  # the next strictest speaks when one is lifted
        ("shut.test", "", ["site:shut.test"]),  # a site's rule stands above its categories: they are not asked
        ("new.test", "", ["unknown:page", "unknown:part"]),
        ("paths.test", "/chat", ["site:paths.test/chat"]),
        ("paths.test", "", []),
        ("hurt.test", "", ["category:self-harm"]),
        ("song.test", "", ["category:music"]),
        ("8.8.8.8", "", ["unknown:address"]),
        ("half.test", "", ["unknown:page", "unknown:part"]),
        ("help.test", "", ["unknown:page", "unknown:part"]),  # only www.help.test: the helpline itself is open
    ],
)
def test_exactly_the_rules_in_the_way(host: str, path: str, rules: list[str]) -> None:
    lifting = lift_site(host, path, house(), [NOW])
    assert sorted(lifting.rules.values()) == sorted(rules) and lifting.refused is None
    held = Held((Pass("P", lifting.digests, 0.0, host, path),))
    for kind in (Kind.PAGE, Kind.PART):
        for url in (f"http://{host}{path or '/'}", f"http://{host}{path}/more"):
            assert not decide(ask(url, kind=kind), PUPIL, SCHOOL, INDEX, NOW, held).action.forbids


@pytest.mark.parametrize(
    "host, step",
    [("evil.test", Step.FLOOR), ("x.forbidden.test", Step.FLOOR), ("127.0.0.1", Step.BUILTIN)],
)
def test_what_no_pass_lifts_is_said(host: str, step: Step) -> None:
    refused = lift_site(host, "", house(), [NOW]).refused
    assert refused is not None and refused.step is step


def test_an_exam_stands_above_every_pass() -> None:
    sat = Held(sat=Exam("E", (("exam.test", ""),), NOW.timestamp() + 60))
    refused = lift_site("play.test", "", house(grants=sat), [NOW]).refused
    assert refused is not None and refused.rule == "exam:E"


def test_words_in_the_address_cannot_be_lifted() -> None:
    school = policy(band(words={"adult": A.BLOCK}))
    refused = lift_site("bad.test", "", house(school, scan=shocked), [NOW]).refused
    assert refused is not None and refused.step is Step.WORDS and refused.rule == "words:adult"


def test_what_closes_while_the_pass_holds_is_found() -> None:
    noon = NOW.replace(hour=13, minute=0)  # music is open at lunch, until 13:30
    minutes = [noon + timedelta(minutes=minute) for minute in range(45)]
    assert lift_site("song.test", "", house(), [noon]).rules == {}
    assert list(lift_site("song.test", "", house(), minutes).rules.values()) == ["category:music"]
    assert list(lift_category("music", house(), minutes).rules.values()) == ["category:music"]


@pytest.mark.parametrize(
    "category, rules",
    [("games", ["category:games"]), ("video", []), ("music", ["category:music"]), ("video-later", [])],
)
def test_a_category_has_one_rule(category: str, rules: list[str]) -> None:
    assert list(lift_category(category, house(), [NOW]).rules.values()) == rules


def test_a_category_of_the_floor_stays() -> None:
    refused = lift_category("malware", house(), [NOW]).refused
    assert refused is not None and refused.step is Step.FLOOR
    with pytest.raises(KeyError):
        lift_category("news", house(), [NOW])


def test_a_category_pass_lifts_that_category_on_every_site_and_no_rule_about_a_site() -> None:
    held = Held((Pass("P", lift_category("games", house(), [NOW]).digests, 0.0, category="games"),))
    said = {host: judged(f"https://{host}/", held).rule for host in ("play.test", "shut.test", "both.test")}
    assert said == {"play.test": "category:games", "shut.test": "site:shut.test", "both.test": "category:social"}
    assert judged("https://play.test/", held).action is A.ALLOW and judged("https://play.test/", held).lifted_by == "P"
    assert judged("https://both.test/", held).action is A.WARN


def test_a_lifted_rule_leaves_words_and_files_judged() -> None:
    held = Held((Pass("P", frozenset({site("shut.test", A.BLOCK).rule.digest}), 0.0, "shut.test"),))
    decision = judged("https://shut.test/", held)
    assert decision.action is A.ALLOW and decision.lifted and decision.reads_words and decision.lifted_by == "P"


def test_a_rule_that_was_made_stricter_since_closes() -> None:
    lifting = lift_site("forum.test", "", house(), [NOW])
    stricter = policy(band(categories={"social": A.BLOCK}))
    held = Held((Pass("P", lifting.digests, 0.0, "forum.test"),))
    assert decide(ask("https://forum.test/"), PUPIL, stricter, INDEX, NOW, held).action is A.BLOCK


def test_a_pass_is_told_by_explain() -> None:
    said: list[str] = []
    held = Held((Pass("K7Q2", lift_site("play.test", "", house(), [NOW]).digests, 0.0, "play.test"),))
    decide(ask("https://play.test/"), PUPIL, SCHOOL, INDEX, NOW, held, lambda step, text: said.append(text))
    assert "category:games is lifted by the pass K7Q2" in said


def judged(url: str, held: Grants | None = None, kind: Kind = Kind.PAGE) -> Decision:
    return decide(ask(url, kind=kind), PUPIL, SCHOOL, INDEX, NOW, held)


RULES = [
    *SCHOOL.floor.categories.values(),
    *(one.rule for sites in SCHOOL.floor.sites.values() for one in sites),
    *SCHOOL.bands["ages-8-10"].categories.values(),
    *(one.rule for sites in SCHOOL.bands["ages-8-10"].sites.values() for one in sites),
    SCHOOL.bands["ages-8-10"].unknown_page,
    SCHOOL.bands["ages-8-10"].unknown_part,
]
HOSTS = sorted({*INDEX.names, "x.forbidden.test", "help.test", "new.test", "deep.shut.test", "127.0.0.1", "paths.test"})
PASSES = st.builds(
    Pass,
    id=st.just("P"),
    digests=st.frozensets(st.sampled_from([one.digest for one in RULES])),
    until=st.just(0.0),
    host=st.sampled_from(["", *HOSTS]),
    path=st.sampled_from(["", "/chat"]),
)
URLS = st.builds(lambda host, path: f"http://{host}{path}", st.sampled_from(HOSTS), st.sampled_from(["/", "/chat/x"]))
FIXED = (Step.BUILTIN, Step.ILLEGAL, Step.PROTECTED, Step.FLOOR, Step.LOCKOUT, Step.EXAM)


@settings(deadline=None, max_examples=60)
@given(URLS, st.sampled_from(list(Kind)), st.lists(PASSES, max_size=3))
def test_no_pass_touches_steps_0_to_4_and_none_closes(url: str, kind: Kind, passes: list[Pass]) -> None:
    sat = Exam("E", (("play.test", ""),), NOW.timestamp() + 60)
    for exam in (None, sat):
        before = judged(url, Held(sat=exam), kind)
        after = judged(url, Held(tuple(passes), exam), kind)
        assert after == before if before.step in FIXED else after.action <= before.action


@settings(deadline=None, max_examples=60)
@given(URLS, st.sampled_from(list(Kind)), PASSES)
def test_a_sites_pass_changes_no_other_site(url: str, kind: Kind, held: Pass) -> None:
    host = ask(url).names[0].host or ""
    if held.host and host != held.host and not host.endswith(f".{held.host}"):
        assert judged(url, Held((held,)), kind) == judged(url, None, kind)


@settings(deadline=None, max_examples=60)
@given(URLS, st.sampled_from([Kind.PAGE, Kind.PART]), st.sampled_from(HOSTS))
def test_an_exam_opens_nothing(url: str, kind: Kind, only: str) -> None:
    sat = Held(sat=Exam("E", ((only, ""),), NOW.timestamp() + 60))
    assert judged(url, sat, kind).action >= judged(url, None, kind).action


@settings(deadline=None, max_examples=60)
@given(URLS, st.sampled_from(list(Kind)))
def test_relaxed_forbids_by_name_as_ever_and_reads_nothing(url: str, kind: Kind) -> None:
    before, after = judged(url, None, kind), judged(url, Held(rest=Relax("R", 0.0, "IT", "it burns")), kind)
    assert not (after.reads_words or after.reads_files) or after.action.forbids
    if before.step in FIXED or kind in (Kind.PAGE, Kind.PART):
        assert (after.action, after.rule) == (before.action, before.rule)


@pytest.mark.parametrize("action", [A.BLOCK, A.LIMIT, A.WARN, A.HELP])
def test_every_refusal_of_steps_5_to_7_can_be_lifted(action: Action) -> None:
    one = rule("category:games", action)
    school = policy(band(categories={"games": one}))
    held = Held((Pass("P", frozenset({one.digest}), 0.0, "play.test"),))
    assert decide(ask("https://play.test/"), PUPIL, school, INDEX, NOW, held).action is A.ALLOW
