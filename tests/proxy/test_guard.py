"""The border: every way a hook can fail is a fault, and none leaves it."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from hedgerow import metrics
from hedgerow.proxy.guard import Guard, HookTimeout


@pytest.fixture
def guard() -> Iterator[Guard]:
    made = Guard(seconds=0.2)
    made.watch()
    yield made
    made.stop()


def faults(name: str) -> float:
    value: float = metrics.FAULTS.labels(name)._value.get()
    return value


def raises(_data: object) -> None:
    raise ValueError("www.secret.example")


def hangs(_data: object) -> None:
    time.sleep(30)


def spins(_data: object) -> None:
    while True:
        pass


def swallows(_data: object) -> None:
    while True:
        try:
            time.sleep(30)
        except Exception:
            continue


async def waits(_data: object) -> None:
    return None


@pytest.mark.parametrize("hook", [raises, hangs, spins, swallows, waits, lambda _: 7, lambda _: True])
def test_a_hook_that_fails_is_a_fault_and_is_counted(guard: Guard, hook: Callable[[object], object]) -> None:
    before, started = faults("request"), time.monotonic()
    assert guard.call("request", (hook,), None) is False
    assert faults("request") == before + 1
    assert time.monotonic() - started < 2


def test_a_fault_stops_the_chain_and_a_good_hook_passes(guard: Guard) -> None:
    heard: list[str] = []
    assert guard.call("request", (lambda d: heard.append(d),), "a")
    assert not guard.call("request", (raises, lambda d: heard.append(d)), "b")
    assert heard == ["a"]


def test_a_message_that_could_name_a_site_is_not_logged(guard: Guard, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        guard.call("request", (raises,), None)
    assert "ValueError" in caplog.text and "test_guard.py" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "hooks, answer",
    [
        ((), True),
        ((lambda a, b: True,), True),
        ((lambda a, b: True, lambda a, b: False), False),
        ((lambda a, b: None,), None),
        ((lambda a, b: 1,), None),
        ((lambda a, b: hangs(a),), None),
    ],
)
def test_a_question_is_answered_yes_or_no_or_was_a_fault(
    guard: Guard, hooks: tuple[Callable[[object, object], object], ...], answer: bool | None
) -> None:
    assert guard.ask("response_prefix", hooks, 1, 2) is answer


def test_a_late_signal_hurts_nobody(guard: Guard) -> None:
    """The watchdog aims at one call; when that has ended, its signal must not break off the next one."""
    for seconds in (0.19, *[0.01] * 40):
        started = time.monotonic()
        done = guard.call("request", (lambda _, seconds=seconds: time.sleep(seconds),), None)
        assert done or time.monotonic() - started >= 0.2  # what a busy machine held up is late by itself
    time.sleep(0.3)


def test_a_hook_late_in_a_finaliser_is_broken_off_behind_it(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python throws away what is raised there, so one signal is not enough."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda seen: lost.append(seen.exc_type))

    class Lingers:
        def __del__(self) -> None:
            time.sleep(30)

    def hook(_data: object) -> None:
        Lingers()
        time.sleep(30)

    start = time.monotonic()
    assert not guard.call("test", [hook], None)
    assert time.monotonic() - start < 10
    assert set(lost) <= {HookTimeout}  # none on a machine so busy that the second came while the first was noted


def test_a_fault_that_is_told_slowly_stays_inside(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that hangs is broken off as well, and telling of that is not."""
    told: list[float] = []

    def slowly(*_: object) -> None:
        told.append(30 if not told else 0.8)
        time.sleep(told[-1])

    monkeypatch.setattr(logging.getLogger("hedgerow.proxy.guard"), "error", slowly)
    assert not guard.call("test", [raises], None)
    assert told == [30, 0.8]


def test_calls_within_calls_belong_to_the_outer_one(guard: Guard) -> None:
    def outer(_data: object) -> None:
        assert not guard.call("inner", (raises,), None)
        time.sleep(30)

    assert not guard.call("outer", (outer,), None)
    assert guard.call("after", (lambda _: None,), None)


def test_protocol_code_may_take_its_time_but_not_fail(guard: Guard) -> None:
    assert guard.survive("layers", lambda: time.sleep(0.4))
    assert not guard.survive("layers", lambda: raises(None))


def test_a_timeout_is_no_exception_an_addon_could_catch() -> None:
    assert not issubclass(HookTimeout, Exception)


def test_the_watchdog_ends(guard: Guard) -> None:
    guard.stop()
    time.sleep(0.2)
    assert not [thread for thread in threading.enumerate() if thread.name == "guard" and thread.is_alive()]
