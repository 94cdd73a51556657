"""Names to addresses: cached, deadlined, and one client's dead names are nobody else's wait."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from hedgerow.proxy import resolver as module
from hedgerow.proxy.limits import LOOKUPS_PER_CLIENT
from hedgerow.proxy.resolver import NoAddress, Resolver, system_lookup


class Names:
    """A resolver's other side: counts, and can hang."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.free = threading.Event()

    def __call__(self, name: str) -> tuple[str, ...]:
        self.asked.append(name)
        if name.startswith("dead"):
            self.free.wait(10)
        return ("203.0.113.9",) if name.endswith(".test") else ()


def test_an_answer_is_kept_and_asked_for_once() -> None:
    async def run() -> None:
        names = Names()
        resolver = Resolver(names)
        answers = await asyncio.gather(*(resolver.resolve("a.test", "one client") for n in range(99)))
        assert set(answers) == {("203.0.113.9",)}
        assert await resolver.resolve("a.test", "x") == ("203.0.113.9",)
        assert names.asked == ["a.test"]
        resolver.close()

    asyncio.run(run())


@pytest.mark.parametrize("literal", ["192.0.2.1", "2001:db8::1"])
def test_a_literal_is_its_own_address(literal: str) -> None:
    names = Names()
    assert asyncio.run(Resolver(names).resolve(literal, "x")) == (literal,)
    assert not names.asked


def test_no_address_is_kept_too() -> None:
    async def run() -> None:
        names = Names()
        resolver = Resolver(names)
        for _ in range(3):
            with pytest.raises(NoAddress):
                await resolver.resolve("nowhere.example", "x")
        assert names.asked == ["nowhere.example"]

    asyncio.run(run())


def test_old_answers_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 0.05)

    async def run() -> None:
        names = Names()
        resolver = Resolver(names)
        await resolver.resolve("a.test", "x")
        await asyncio.sleep(0.1)
        await resolver.resolve("a.test", "x")
        assert names.asked == ["a.test", "a.test"]

    asyncio.run(run())


@pytest.mark.alone
def test_dead_names_end_in_time_and_hold_up_nobody() -> None:
    """K08: stock mitmproxy kept everyone waiting 19.5 s for twelve of them."""

    async def run() -> None:
        names = Names()
        resolver = Resolver(names, seconds=0.3)
        dead = [asyncio.create_task(resolver.resolve(f"dead{n}.example", "pupil")) for n in range(40)]
        await asyncio.sleep(0.05)
        started = time.monotonic()
        assert await resolver.resolve("good.test", "other") == ("203.0.113.9",)
        assert time.monotonic() - started < 0.1
        ended = await asyncio.gather(*dead, return_exceptions=True)
        assert all(isinstance(end, NoAddress) for end in ended)
        assert time.monotonic() - started < 2
        assert len(names.asked) <= LOOKUPS_PER_CLIENT + 1, "one client may not fill all threads"
        names.free.set()
        resolver.close()

    asyncio.run(run())


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ENTRIES", 5)

    async def run() -> None:
        resolver = Resolver(Names())
        for n in range(20):
            await resolver.resolve(f"n{n}.test", "x")
        assert len(resolver._answers) == 5

    asyncio.run(run())


def test_the_system_answers_or_says_nothing() -> None:
    assert "127.0.0.1" in system_lookup("localhost")
    assert system_lookup("a" * 64 + ".test") == ()
