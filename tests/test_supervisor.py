"""The supervisor over workers that filter nothing: start, reload, refusal, death, hang, drain."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from hedgerow import supervisor as module
from hedgerow.supervisor import Beside, BuildRefused, Built, Plan, Supervisor
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_sockets import Listen, close_all, open_sockets, open_unix

FAKE = (sys.executable, str(Path(__file__).parent / "fake_worker.py"))


class Disk:
    """Stands for the operator's files: what the next build finds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.version, self.mistake, self.passing = folder, "v1", "", False
        self.builds = 0

    def __call__(self) -> Built:
        self.builds += 1
        if self.mistake == "bug":
            raise TypeError("our own")
        if self.mistake:
            raise BuildRefused(self.mistake, self.passing)
        file = self.folder / f"{self.version}.snapshot"
        file.write_text(self.version)
        return Built(self.version, file)


class Running:
    def __init__(self, supervisor: Supervisor, disk: Disk, port: int) -> None:
        self.supervisor, self.disk, self.box, self.port = supervisor, disk, supervisor.box, port

    async def until(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)

    async def ask(self) -> list[str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        text = (await asyncio.wait_for(reader.read(), 10)).decode()
        writer.close()
        return text.split()

    def pid(self, number: int) -> int:
        process = self.supervisor.slots[number].process
        assert process is not None
        return process.pid


@contextlib.asynccontextmanager
async def running(folder: Path, workers: int = 2, beside: bool = False) -> AsyncIterator[Running]:
    metrics_dir = folder / "metrics"
    metrics_dir.mkdir()
    disk = Disk(folder)
    sockets = open_sockets([Listen("127.0.0.1", 0)], workers)
    config = {"metrics_dir": str(metrics_dir)}
    portal = Beside([open_unix(folder / "portal.sock")], config, FAKE) if beside else None
    plan = Plan(sockets, config, folder, disk, FAKE, portal)
    supervisor = Supervisor(plan, Box(), disk())
    task = asyncio.create_task(supervisor.run())
    try:
        yield Running(supervisor, disk, sockets[0][0].socket.getsockname()[1])
    finally:
        supervisor.stop()
        try:
            await asyncio.wait_for(task, 30)
        finally:
            close_all([*sockets, portal.sockets if portal else []])


def scenario(test: Callable[[Running], Awaitable[None]], folder: Path, beside: bool = False) -> None:
    async def main() -> None:
        async with running(folder, beside=beside) as gateway:
            await gateway.until(lambda: gateway.box.ready)
            await test(gateway)

    asyncio.run(main())


def test_all_workers_serve_and_end_when_asked(tmp_path: Path) -> None:
    pids: list[int] = []

    async def test(gateway: Running) -> None:
        answers = [await gateway.ask() for _ in range(40)]
        assert {number for number, _, _ in answers} == {"0", "1"}
        assert {version for _, version, _ in answers} == {"v1"}
        pids.extend(gateway.pid(number) for number in (0, 1))

    scenario(test, tmp_path)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_reload_reaches_every_worker_and_a_mistake_none(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        gateway.disk.version = "v2"
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.ready and gateway.box.version == "v2", 2)
        gateway.disk.mistake = "bands/x.yaml:3:1: unknown key"
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.refused, 2)
        assert gateway.box.ready and gateway.box.version == "v2"
        assert {(await gateway.ask())[1] for _ in range(20)} == {"v2"}
        gateway.disk.mistake = ""
        gateway.supervisor.reload()
        await gateway.until(lambda: not gateway.box.refused, 2)
        assert gateway.box.reloads == {"loaded": 1, "refused": 1, "unchanged": 1}

    scenario(test, tmp_path)


def test_what_was_refused_for_a_reason_that_passes_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REFUSED_SECONDS", 0.2)

    async def test(gateway: Running) -> None:
        disk = gateway.disk
        disk.version, disk.mistake, disk.passing = "v2", "changes.log: not recorded: no space left", True
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.reloads["refused"] >= 2, 5)
        disk.mistake = ""
        await gateway.until(lambda: gateway.box.ready and gateway.box.version == "v2", 5)
        assert not gateway.box.refused
        disk.mistake, disk.passing = "bands/x.yaml:3:1: unknown key", False
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.refused, 5)
        builds = disk.builds
        await asyncio.sleep(0.6)
        assert disk.builds == builds  # a mistake waits for whoever made it

    scenario(test, tmp_path)


def test_what_is_taken_back_stays_on_the_disk_for_workers_that_start(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        for version in ("v2", "v1", "v2", "v1"):
            gateway.disk.version = version
            gateway.supervisor.reload()
            await gateway.until(lambda now=version: gateway.box.ready and gateway.box.version == now)  # type: ignore[misc]
        await gateway.until(lambda: gateway.box.reloads["loaded"] == 4)
        os.kill(gateway.pid(0), signal.SIGKILL)
        await gateway.until(lambda: gateway.box.restarts["exit"] == 1 and gateway.box.ready)
        assert (tmp_path / "v1.snapshot").exists()

    scenario(test, tmp_path)


def test_a_bug_of_ours_while_reading_does_not_end_a_filter_that_works(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        gateway.disk.mistake = "bug"
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.reloads["failed"] == 1, 2)
        assert gateway.box.refused and gateway.box.ready and gateway.box.version == "v1"
        assert {(await gateway.ask())[1] for _ in range(5)} == {"v1"}

    scenario(test, tmp_path)


def test_thirty_reloads_fail_no_connection(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        for number in range(30):
            gateway.disk.version = f"n{number}"
            gateway.disk.mistake = "broken" if number % 3 == 0 else ""
            builds = gateway.disk.builds
            gateway.supervisor.reload()
            await gateway.until(lambda before=builds: gateway.disk.builds > before)  # type: ignore[misc]
            assert len(await gateway.ask()) == 3
        await gateway.until(lambda: gateway.box.ready and gateway.box.version == "n29")
        assert len(list(tmp_path.glob("*.snapshot"))) <= 2 + 10  # refused versions wrote none; old ones are gone

    scenario(test, tmp_path)


def test_wishes_during_a_build_become_one(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        before = gateway.disk.builds
        for _ in range(20):
            gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.reloads["unchanged"] >= 1)
        assert gateway.disk.builds - before <= 2

    scenario(test, tmp_path)


def test_a_killed_worker_is_replaced_and_its_queue_waits(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        old = gateway.pid(0)
        os.kill(old, signal.SIGKILL)
        answers = await asyncio.gather(*(gateway.ask() for _ in range(40)))
        assert all(len(answer) == 3 for answer in answers)
        await gateway.until(lambda: gateway.box.ready and gateway.pid(0) != old)
        assert gateway.box.restarts["exit"] == 1

    scenario(test, tmp_path)


def test_a_hanging_worker_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.5)

    async def test(gateway: Running) -> None:
        old = gateway.pid(1)
        os.kill(old, signal.SIGSTOP)
        await gateway.until(lambda: gateway.box.restarts["hang"] == 1)
        await gateway.until(lambda: gateway.box.ready and gateway.pid(1) != old)

    scenario(test, tmp_path)


def test_a_worker_that_does_not_follow_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOAD_SECONDS", 0.5)
    monkeypatch.setenv("FAKE", "stubborn")

    async def test(gateway: Running) -> None:
        gateway.disk.version = "v2"
        gateway.supervisor.reload()
        await gateway.until(lambda: gateway.box.ready and gateway.box.version == "v2")
        assert gateway.box.restarts["load"] == 2
        assert gateway.box.reloads == {"failed": 1}

    scenario(test, tmp_path)


def test_a_worker_that_never_gets_ready_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_SECONDS", 0.5)
    monkeypatch.setenv("FAKE", "mute")

    async def main() -> None:
        async with running(tmp_path) as gateway:
            await gateway.until(lambda: gateway.box.restarts["start"] >= 2)
            assert not gateway.box.ready
            monkeypatch.delenv("FAKE")
            monkeypatch.setattr(module, "START_SECONDS", 10.0)  # for one that had begun before it could speak, too
            await gateway.until(lambda: gateway.box.ready, 60)

    asyncio.run(main())


def test_a_worker_that_cannot_be_started_is_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with running(tmp_path) as gateway:
            await gateway.until(lambda: gateway.box.ready)
            plan = gateway.supervisor._plan
            object.__setattr__(plan, "command", ("/nowhere/python",))
            os.kill(gateway.pid(0), signal.SIGKILL)
            await gateway.until(lambda: gateway.box.restarts["exit"] >= 2)
            object.__setattr__(plan, "command", FAKE)
            await gateway.until(lambda: gateway.box.ready)

    asyncio.run(main())


def test_no_worker_listens_after_the_end(tmp_path: Path) -> None:
    port = 0

    async def test(gateway: Running) -> None:
        nonlocal port
        port = gateway.port

    scenario(test, tmp_path)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_what_is_kept_beside_is_replaced_and_follows_but_readiness_does_not_wait_for_it(tmp_path: Path) -> None:
    async def test(gateway: Running) -> None:
        supervisor, box = gateway.supervisor, gateway.box
        assert supervisor.portal is not None and supervisor.portal.process is not None
        await gateway.until(lambda: box.portal == "v1")
        supervisor.portal.process.kill()
        await gateway.until(lambda: box.portal == "")
        assert box.ready
        await gateway.until(lambda: box.portal == "v1")
        gateway.disk.version = "v2"
        supervisor.reload()
        await gateway.until(lambda: box.portal == "v2")
        assert box.portal_restarts == {"exit": 1} and not box.restarts

    scenario(test, tmp_path, beside=True)
