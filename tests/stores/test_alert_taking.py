"""Alerts in the reports' store: the same is one, a stream is held and said, a crash takes none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hedgerow.core.model import Severity
from hedgerow.stores import alert_taking
from hedgerow.stores.alert_spool import AlertSpool, waiting
from hedgerow.stores.alert_taking import A_PERSON, SAME_SECONDS, SCHOOL, AlertTaking
from hedgerow.stores.report_model import ALERT, Context, Report, ReportError
from hedgerow.stores.report_outbox import Outbox
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site
from tests.stores.reporting import Clock, opened

LEAD, DESK = "mailto:lead@school.example", "desk:Lan"
SITE = Site(reports={"alerts": (LEAD, DESK), "help": (LEAD,)})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[ReportStore]:
    yield from opened(tmp_path, clock)


@pytest.fixture
def typed(tmp_path: Path, store: ReportStore, clock: Clock) -> Callable[..., None]:
    """Somebody types something: through a worker's spool into the store."""

    def tell(person: str = "p1", topic: str = "self-harm", **more: str) -> None:
        facts = {"at": f"{clock.at:.0f}", "topic": topic, "person": person, "severity": "high", "score": "1.00"}
        facts |= {"evidence": "muốn chết quá", "site": "google.com", "band": "ages-11-13", "channel": "search"}
        spool = AlertSpool(tmp_path / "alerts", 0)
        spool.append(facts | more)
        spool.close()
        assert AlertTaking(store, tmp_path / "alerts").take() == 1

    return tell


def told(store: ReportStore) -> list[tuple[str, int]]:
    """(topic, times) of all alerts in the list."""
    return [(one.alerted.topic, one.times) for one in store.list("all", ALERT) if one.alerted]


def only(store: ReportStore) -> Report:
    (found,) = store.list("all", ALERT)
    return found


def test_an_alert_stands_in_the_list_with_what_is_needed_to_act(store: ReportStore, typed: Callable[..., None]) -> None:
    typed()
    found = store.show(only(store).code, "Lan")
    assert found.kind == ALERT and found.text == "muốn chết quá"
    assert found.alerted is not None and found.alerted.severity is Severity.HIGH
    assert (found.alerted.person, found.alerted.channel, found.context.host) == ("p1", "search", "google.com")
    assert (found.context.band, found.context.category, found.context.page_code) == ("ages-11-13", "self-harm", "")


def test_the_words_lie_in_one_place_only(tmp_path: Path, store: ReportStore, typed: Callable[..., None]) -> None:
    typed()
    assert list((tmp_path / "alerts").iterdir()) == []
    with store.file.reading() as connection:
        assert connection.execute("select count(*) from alert_files").fetchone()[0] == 0


def test_the_same_again_is_one_with_a_count_and_the_weightiest_words(
    store: ReportStore, typed: Callable[..., None], clock: Clock
) -> None:
    typed()
    clock.at += 60
    typed(evidence="tự tử bằng cách nào", score="3.00")
    clock.at += 60
    typed(evidence="chán", score="1.00")
    assert told(store) == [("self-harm", 3)] and only(store).text == "tự tử bằng cách nào"
    assert store.counts() == {("alert-new", "self-harm high"): 1, ("alert-repeated", "self-harm high"): 2}


@pytest.mark.parametrize(
    "seconds, more, alerts",
    [
        (SAME_SECONDS - 1, {}, 1),
        (SAME_SECONDS, {}, 2),  # half an hour later it is a new one
        (1, {"person": "p2"}, 2),
        (1, {"topic": "grooming"}, 2),
    ],
)
def test_what_is_the_same(
    store: ReportStore, typed: Callable[..., None], clock: Clock, seconds: float, more: dict[str, str], alerts: int
) -> None:
    typed()
    clock.at += seconds
    typed(**more)
    assert len(store.list("all", ALERT)) == alerts


def test_one_that_is_closed_is_not_grown(store: ReportStore, typed: Callable[..., None], clock: Clock) -> None:
    typed()
    store.close(only(store).code, "Lan", contact="Ms Lan spoke with the child")
    clock.at += 10
    typed()
    assert told(store) == [("self-harm", 1), ("self-harm", 1)] and len(store.list("unread", ALERT)) == 1


def test_a_stream_of_one_person_is_held_and_said(store: ReportStore, typed: Callable[..., None], clock: Clock) -> None:
    for number in range(A_PERSON + 3):
        clock.at += 1
        typed(topic=f"own-{number}", evidence=f"secret {number}")
    held = [one for one in store.list("all", ALERT) if one.alerted and one.alerted.topic == "more"]
    assert len(store.list("all", ALERT)) == A_PERSON + 1
    assert [(one.times, one.text, one.alerted.person if one.alerted else "") for one in held] == [(3, "", "p1")]
    typed(person="p2")  # nobody else is held for it
    assert ("self-harm", 1) in told(store)
    clock.at += 3700
    typed(topic="own-0")
    assert len(store.list("all", ALERT)) == A_PERSON + 3


def test_a_stream_of_the_whole_school_is_held_and_hides_nothing_more_serious(
    store: ReportStore, typed: Callable[..., None]
) -> None:
    most = SCHOOL[0][0]
    for number in range(most + 5):
        typed(person=f"p{number}", topic="extremism", severity="medium")
    typed(person="p999", topic="grooming", severity="high")
    assert sum(times for topic, times in told(store) if topic == "extremism") == most
    (more,) = (one for one in store.list("all", ALERT) if one.alerted and one.alerted.topic == "more")
    assert more.times == 5 and more.alerted and more.alerted.person == "" and more.context.band == ""
    assert ("grooming", 1) in told(store)
    assert store.counts()[("alert-held", "extremism medium")] == 5


def test_a_day_has_its_measure_too(
    store: ReportStore, typed: Callable[..., None], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_taking, "SCHOOL", ((30, 600.0), (3, 86_400.0)))
    for number in range(5):
        clock.at += 700
        typed(person=f"p{number}")
    assert sorted(told(store)) == [("more", 2)] + [("self-harm", 1)] * 3


def test_a_process_that_ends_between_takes_nothing_twice(
    tmp_path: Path, store: ReportStore, typed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(path: Path) -> None:
        raise OSError("the disk is read-only")

    monkeypatch.setattr(alert_taking, "destroy", killed)
    typed()
    assert len(waiting(tmp_path / "alerts")) == 1
    AlertTaking(store, tmp_path / "alerts").take()
    assert told(store) == [("self-harm", 1)]
    monkeypatch.undo()
    AlertTaking(store, tmp_path / "alerts").take()
    assert told(store) == [("self-harm", 1)] and not waiting(tmp_path / "alerts")


def test_what_is_no_alert_is_passed_over(store: ReportStore, typed: Callable[..., None]) -> None:
    typed(severity="urgent")
    typed(topic="")
    typed(score="many", at="yesterday", evidence="\x1b[31mred\n" + "x" * 200)
    assert only(store).text == "[31mred " + "x" * 72


def test_high_goes_alone_medium_with_others_low_to_nobody(store: ReportStore, typed: Callable[..., None]) -> None:
    outbox = Outbox(store)
    typed(person="p1", topic="self-harm", severity="high")
    typed(person="p2", topic="extremism", severity="medium")
    typed(person="p3", topic="bullying", severity="medium")
    typed(person="p4", topic="cheating", severity="low")
    outbox.route(SITE)
    sent = [sorted((item.topic, item.severity, item.band) for item in message.items) for message in outbox.due()]
    assert sent == [
        [("self-harm", "high", "ages-11-13")],
        [("bullying", "medium", "ages-11-13"), ("extremism", "medium", "ages-11-13")],
    ]
    assert {message.recipient for message in outbox.due()} == {LEAD}
    outbox.route(Site(reports={"alerts": ("mailto:other@school.example",)}))
    assert {item.topic for message in outbox.due() for item in message.items} == {"self-harm", "extremism", "bullying"}


def test_it_is_closed_with_a_word_and_has_no_answer(store: ReportStore, typed: Callable[..., None]) -> None:
    typed()
    code = only(store).code
    with pytest.raises(ReportError, match="nobody reads an answer"):
        store.answer(code, "Lan", "All is well.")
    with pytest.raises(ReportError, match="of high severity: say what was done"):
        store.close(code, "Lan")
    assert store.outcome(code) is None
    store.close(code, "Lan", contact="A song text, the child is well")
    assert store.list("open", ALERT) == ()
    assert not [name for name, _ in store.counts() if name in ("asked", "answered")]


def test_a_less_serious_one_is_closed_as_it_is(store: ReportStore, typed: Callable[..., None]) -> None:
    typed(severity="medium")
    store.close(only(store).code, "Lan")
    assert store.list("open", ALERT) == ()


def test_the_list_has_help_first_then_the_severe(store: ReportStore, typed: Callable[..., None], clock: Clock) -> None:
    typed(person="p1", topic="extremism", severity="medium")
    clock.at += 1
    typed(person="p2", severity="high")
    store.new("wrong", "mine", Context(host="a.example"))
    clock.at += 1
    store.new("help", "please", Context())
    kinds = [(one.kind, str(one.alerted.severity) if one.alerted else "") for one in store.list()]
    assert kinds == [("help", ""), ("alert", "high"), ("alert", "medium"), ("wrong", "")]


def test_it_goes_with_its_time(tmp_path: Path, store: ReportStore, typed: Callable[..., None], clock: Clock) -> None:
    typed()
    store.expire(30)
    clock.at += 29 * 86_400
    store.expire(30)
    assert len(store.list("all", ALERT)) == 1
    clock.at += 3 * 86_400
    assert store.expire(30) == 1
    assert store.counts()[("expired-unread", ALERT)] == 1
    with store.file.reading() as connection:
        assert connection.execute("select count(*) from alerts").fetchone()[0] == 0
    assert not any("muốn chết".encode() in path.read_bytes() for path in tmp_path.glob("reports.sqlite*"))
