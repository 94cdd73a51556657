from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.stores.report_model import Context
from hedgerow.stores.report_outbox import PAUSES, Outbox
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site
from tests.stores.reporting import Clock, opened

LEAD, HOOK = "mailto:lead@school.example", "https://hooks.school.example/x"
SITE = Site(reports={"help": (LEAD, HOOK), "wrongly-blocked": (LEAD,), "harmful": ("desk:lead",)})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[ReportStore]:
    yield from opened(tmp_path, clock)


@pytest.fixture
def outbox(store: ReportStore) -> Outbox:
    return Outbox(store)


def page(number: int) -> Context:
    return Context(host=f"site{number}.example", person=f"p{number}")


def test_everybody_named_is_told_once(store: ReportStore, outbox: Outbox) -> None:
    code = store.new("help", "", page(1))
    for _ in range(3):
        outbox.route(SITE)
    due = outbox.due()
    assert sorted((m.recipient, m.channel, [i.code for i in m.items]) for m in due) == [
        (HOOK, "webhook", [code]),
        (LEAD, "mail", [code]),
    ]
    assert len({m.id for m in due}) == 2 and all(len(m.id) == 32 for m in due)
    outbox.sent(due[0])
    assert [m.id for m in outbox.due()] == [due[1].id]
    outbox.sent(due[1])
    assert outbox.due() == () and store.show(code, "Lan").told == (f"{HOOK}: told", f"{LEAD}: told")


def test_an_id_outlives_the_process(store: ReportStore, outbox: Outbox) -> None:
    store.new("help", "", page(1))
    outbox.route(SITE)
    second = Outbox(store)  # the first was killed, perhaps after sending
    second.route(SITE)
    assert {m.id for m in second.due()} == {m.id for m in outbox.due()}


def test_pauses_grow_and_do_not_end(store: ReportStore, outbox: Outbox, clock: Clock) -> None:
    store.new("wrong", "", page(1))
    outbox.route(SITE)
    for tries, pause in enumerate((*PAUSES, PAUSES[-1], PAUSES[-1])):
        (message,) = outbox.due()
        assert message.tries == tries
        outbox.failed(message, "451 later")
        clock.at += pause - 0.5
        assert outbox.due() == ()
        clock.at += 1
    assert sum(PAUSES[:3]) < 60 and list(PAUSES) == sorted(PAUSES)
    assert store.counts()[("failed", "mail")] == len(PAUSES) + 2


def test_a_clock_set_back_holds_nothing_up(store: ReportStore, outbox: Outbox, clock: Clock) -> None:
    store.new("wrong", "", page(1))
    outbox.route(SITE)
    outbox.failed(outbox.due()[0], "x")
    clock.at -= 86_400
    assert len(outbox.due()) == 1


def test_a_flood_is_told_in_few_messages_and_help_alone(store: ReportStore, outbox: Outbox, clock: Clock) -> None:
    for number in range(100):
        store.new("wrong", "", page(number))
        outbox.route(SITE)
    for number in range(3):
        store.new("help", "", page(number))
    outbox.route(SITE)
    messages = outbox.due()
    assert [len(m.items) for m in messages if m.items[0].kind == "wrong"] == [1]
    assert [m.items[0].kind for m in messages] == ["help"] * 6 + ["wrong"]
    clock.at += 31
    outbox.route(SITE)
    assert sum(len(m.items) for m in outbox.due() if m.items[0].kind == "wrong") == 100
    assert len(outbox.due()) == 8


def test_nor_does_a_flood_of_requests_for_help_bury_the_desk(store: ReportStore, outbox: Outbox, clock: Clock) -> None:
    told: dict[str, list[int]] = {}
    for second in range(70):
        clock.at += 1
        for number in range(2):
            store.new("help", f"{second} {number}", page(number))
        outbox.route(SITE)
        for message in outbox.due(1000):
            outbox.sent(message)
            told.setdefault(message.recipient, []).append(len(message.items))
            assert all(clock.at - item.at <= 30 for item in message.items)  # none is late
    assert told[LEAD] == told[HOOK] and len(told[LEAD]) <= 10 + 3 and told[LEAD][:10] == [1] * 10


def test_a_report_without_a_recipient_waits_for_one(store: ReportStore, outbox: Outbox) -> None:
    code = store.new("untrue", "", page(1))
    outbox.route(SITE)
    assert outbox.due() == ()
    outbox.route(Site(reports={"fake-news": (HOOK,)}))
    assert [m.items[0].code for m in outbox.due()] == [code]


def test_a_changed_recipient_gets_what_the_old_one_was_not_told(store: ReportStore, outbox: Outbox) -> None:
    told, waiting = store.new("wrong", "", page(1)), ""
    outbox.route(SITE)
    outbox.sent(outbox.due()[0])
    waiting = store.new("help", "", page(2))
    outbox.route(SITE)
    outbox.failed(outbox.due()[0], "550 no such user")
    outbox.route(
        Site(reports={"help": ("mailto:new@school.example",), "wrongly-blocked": ("mailto:new@school.example",)})
    )
    assert [(m.recipient, m.items[0].code) for m in outbox.due()] == [("mailto:new@school.example", waiting)]
    assert store.show(told, "Lan").told == (f"{LEAD}: told",)


def test_desks_read_for_themselves_and_closed_is_closed(store: ReportStore, outbox: Outbox) -> None:
    store.new("harmful", "", page(1))
    code = store.new("wrong", "", page(1))
    outbox.route(SITE)
    assert [m.items[0].kind for m in outbox.due()] == ["wrong"]
    store.close(code, "Lan", "It is open now.")
    assert outbox.due() == ()


def test_another_persons_same_report_is_not_told_again(store: ReportStore, outbox: Outbox) -> None:
    for person in ("p1", "p2", "p3"):
        store.new("wrong", "please", Context(host="site.example", person=person))
    outbox.route(SITE)
    assert [len(m.items) for m in outbox.due()] == [1]


def test_deleted_reports_take_their_messages_along(store: ReportStore, outbox: Outbox, clock: Clock) -> None:
    store.new("wrong", "", page(1))
    outbox.route(SITE)
    store.expire(30)
    clock.at += 40 * 86_400
    store.expire(30)
    outbox.tidy()
    with store.file.reading() as connection:
        for table in ("reports", "deliveries", "messages"):
            assert connection.execute(f"select count(*) from {table}").fetchone()[0] == 0
