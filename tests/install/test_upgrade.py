"""Versions side by side: an upgrade, the way back, one that does not filter, and the end.

The tests are steps of one story and run in their order.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.install.machine import Machine
from tests.install.story import BLOCKED, ask, installs, next_source, shown, version

pytestmark = pytest.mark.long

DOES_NOT_SERVE = "\n\ndef serve(*_: object, **__: object) -> None:\n    raise ServeError('this version is broken')\n"


@pytest.fixture(scope="module")
def running(installed: Machine) -> Iterator[Machine]:
    """Booted, and so for all tests of this file."""
    with installed.booted():
        assert installed.run("timeout", "90", "systemctl", "start", "hedgerow").code == 0
        yield installed


def test_a_mistake_of_the_schools_holds_up_an_upgrade_and_nothing_else(running: Machine) -> None:
    before, site = version(running), running.path("/etc/hedgerow/site.yaml")
    source, right = next_source(running, "next", "CHANGELOG.md", "\n- next\n"), site.read_text()
    site.write_text(right.replace("timezone: Asia/Ho_Chi_Minh", "timezone: Asia/Hanoi"))
    done = installs(running, source=source)
    assert done.code == 2 and "site.yaml:" in done.out and f"{before} stays in force" in done.out, done.out
    assert version(running) == before and ask(running, BLOCKED) == "403 block"
    site.write_text(right)


def test_an_upgrade_and_the_way_back(running: Machine) -> None:
    before = version(running)
    done = installs(running, source="/root/next")
    assert done.code == 0, done.out
    after = version(running)
    assert after != before and version(running, "previous") == before
    assert ask(running, BLOCKED) == "403 block"
    assert shown(running, "hedgerow-names.timer", "ActiveState") == "active"
    older = running.path(f"/opt/hedgerow/{before}/deploy/systemd")
    for unit in older.glob("hedgerow-names.*"):
        unit.unlink()  # as a version from before there was such a unit
    assert running.run("/root/next/deploy/install", "--rollback").code == 0
    assert shown(running, "hedgerow-names.timer", "LoadState") == "not-found"
    assert (version(running), version(running, "previous")) == (before, after)
    assert ask(running, BLOCKED) == "403 block"


def test_a_version_that_does_not_filter_is_taken_back(running: Machine) -> None:
    before, older = version(running), version(running, "previous")
    done = installs(
        running, source=next_source(running, "broken", "addons/hedgerow/supervisor_serve.py", DOES_NOT_SERVE)
    )
    assert done.code == 1 and "this version is broken" in done.out and f"{before} filters again" in done.out, done.out
    assert (version(running), version(running, "previous")) == (before, older)
    assert ask(running, BLOCKED) == "403 block"


def test_it_is_gone_after_the_uninstall(running: Machine) -> None:
    done = running.run("/src/deploy/install", "--uninstall")
    assert done.code == 0, done.out
    assert running.run("systemctl", "list-unit-files", "hedgerow*", "--no-legend").out.strip() == ""
    assert running.run("systemctl", "list-units", "--all", "hedgerow*", "--no-legend").out.strip() == ""
    left = r'grep -lE "^Uid:\s+$(id -u hedgerow)\b" /proc/[0-9]*/status || echo nobody'
    assert running.sh(left).out.strip() == "nobody"
