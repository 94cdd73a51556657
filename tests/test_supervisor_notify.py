"""systemd is told when the gateway filters, not when a process exists; and hears of it as long as it does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow import supervisor_notify
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_notify import standing, tell_systemd, teller


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.setblocking(False)
        yield sock


def heard(manager: socket.socket) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(manager.recv(4096).decode())
    return found


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1"}])
def test_without_a_manager_nobody_is_told(environ: dict[str, str]) -> None:
    assert teller(environ) is None


def test_no_child_inherits_the_address(manager: socket.socket) -> None:
    environ = {"NOTIFY_SOCKET": str(manager.getsockname())}
    tell = teller(environ)
    assert tell is not None and environ == {}
    tell("READY=1")
    assert heard(manager) == ["READY=1"]


def test_an_abstract_address_is_one_too() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0hedgerow-test-notify")
        tell = teller({"NOTIFY_SOCKET": "@hedgerow-test-notify"})
        assert tell is not None
        tell("READY=1")
        assert sock.recv(100) == b"READY=1"


def test_a_manager_that_is_gone_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tell = teller({"NOTIFY_SOCKET": str(tmp_path / "gone")})
    assert tell is not None
    tell("READY=1")
    assert "systemd was not told" in caplog.text


def test_ready_is_told_once_all_workers_are_and_then_that_it_lives(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_notify, "READY_SECONDS", 0.01)
    monkeypatch.setattr(supervisor_notify, "AGAIN_SECONDS", 0.02)
    tell = teller({"NOTIFY_SOCKET": str(manager.getsockname())})
    assert tell is not None
    box = Box(version="b", workers={0: "b", 1: "a"})

    async def story() -> list[str]:
        task = asyncio.create_task(tell_systemd(box, tell))
        await asyncio.sleep(0.1)
        before = heard(manager)
        box.workers = {0: "b", 1: "b"}
        await asyncio.sleep(0.1)
        task.cancel()
        return before

    assert asyncio.run(story()) == []
    first, *rest = heard(manager)
    assert first == "READY=1" and len(rest) >= 2
    assert set(rest) == {"WATCHDOG=1\nSTATUS=filters, policy b, 2 workers"}


def test_the_status_says_how_it_stands() -> None:
    assert standing(Box(version="b", workers={0: "a"})) == "waits for its workers, policy b, 1 workers"
    assert "a file has a mistake" in standing(Box(version="b", workers={0: "b"}, refused=True))
