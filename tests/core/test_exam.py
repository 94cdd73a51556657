from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from hedgerow.core.model import Action, Capture, Exam, Grants, Identity, Kind, NameSource, Protected, Step, Where
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy, site

UNTIL = NOW + timedelta(minutes=45)
SAT = Exam("M4THS", (("exam.test", ""), ("docs.test", "/paper")), UNTIL.timestamp())
SCHOOL = policy(
    band(categories={"games": A.BLOCK}, sites=(site("open.test", A.ALLOW),), page=A.ALLOW, part=A.ALLOW),
    floor=(site("forbidden.test", A.BLOCK),),
    protected=(Protected("help.test", Where("helplines/en.yaml", 1)),),
)
INDEX = lists(games="play.exam.test", updates="updates.test", page_parts="fonts.test")


@dataclass
class Sitting(Grants):
    sat: Exam | None = SAT

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> None:
        return None

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self.sat


@pytest.mark.parametrize(
    "url, action, step",
    [
        ("https://exam.test/", A.ALLOW, Step.DEFAULT),
        ("https://www.exam.test/q/1", A.ALLOW, Step.DEFAULT),
        ("https://notexam.test/", A.BLOCK, Step.EXAM),  # label boundary
        ("https://docs.test/paper/3", A.ALLOW, Step.DEFAULT),
        ("https://docs.test/papers", A.BLOCK, Step.EXAM),
        ("https://open.test/", A.BLOCK, Step.EXAM),  # what the band opens waits for the exam's end
        ("https://play.exam.test/", A.BLOCK, Step.CATEGORY),  # an exam opens nothing
        ("https://help.test/", A.ALLOW, Step.PROTECTED),
        ("https://forbidden.test/", A.BLOCK, Step.FLOOR),
        ("https://updates.test/", A.ALLOW, Step.DEFAULT),
        ("https://8.8.8.8/", A.BLOCK, Step.EXAM),
    ],
)
def test_only_the_exams_sites(url: str, action: Action, step: Step) -> None:
    decision = decide(ask(url, kind=Kind.PAGE), PUPIL, SCHOOL, INDEX, NOW, Sitting())
    assert (decision.action, decision.step) == (action, step)


def test_the_refusal_names_the_exam_and_its_end_and_cannot_be_continued() -> None:
    decision = decide(ask("https://open.test/"), PUPIL, SCHOOL, INDEX, NOW, Sitting())
    assert (decision.rule, decision.where, decision.digest) == ("exam:M4THS", "grant:M4THS", "")
    assert decision.until == UNTIL and "until 09:45" in decision.evidence


@pytest.mark.parametrize(
    "kind, more, action, pending",
    [
        (Kind.UNKNOWN, {}, A.ALLOW, True),  # a host of parts: what it answers says whether this is one
        (Kind.PART, {}, A.ALLOW, False),
        (Kind.PAGE, {}, A.BLOCK, False),
        (Kind.UNKNOWN, {"upgrade": "websocket"}, A.BLOCK, False),
    ],
)
def test_the_exams_page_may_be_drawn_with_known_parts(
    kind: Kind, more: dict[str, str], action: Action, pending: bool
) -> None:
    decision = decide(ask("https://fonts.test/a", kind=kind, **more), PUPIL, SCHOOL, INDEX, NOW, Sitting())
    assert (decision.action, decision.pending) == (action, pending)


def test_any_other_hosts_parts_stay_out() -> None:
    decision = decide(ask("https://answers.test/api", kind=Kind.PART), PUPIL, SCHOOL, INDEX, NOW, Sitting())
    assert decision.step is Step.EXAM


def test_the_dialled_address_is_no_site_of_its_own() -> None:
    request = ask("https://exam.test/", (NameSource.DESTINATION, "8.8.8.8"), (NameSource.SNI, "exam.test"))
    assert decide(request, PUPIL, SCHOOL, INDEX, NOW, Sitting()).action is A.ALLOW
    fronted = ask("https://exam.test/", (NameSource.SNI, "open.test"))
    assert decide(fronted, PUPIL, SCHOOL, INDEX, NOW, Sitting()).step is Step.EXAM


def test_where_nothing_is_decrypted_a_host_of_parts_stays_closed() -> None:
    guest = Identity("10.8.0.9", "ages-8-10", "guests", Capture.NAMES_ONLY)
    assert decide(ask("https://fonts.test/"), guest, SCHOOL, INDEX, NOW, Sitting()).action is A.BLOCK


def test_without_an_exam_the_step_is_silent() -> None:
    assert decide(ask("https://open.test/"), PUPIL, SCHOOL, INDEX, NOW, Sitting(None)).step is Step.SITE
