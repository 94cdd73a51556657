"""``hedgerow lists update``: said per source, exit code, a person's word in the record; against a real publisher."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.stores.record import Record
from hedgerow.stores.state import State
from tests.cli.conftest import Run
from tests.lab import net
from tests.lab.listnet import ROOT, ListNet, shared
from tests.stores.sources.listed import names

SOURCES = """sources:
  bets:
    title: Bets
    url: https://lists.example/cli.txt
    format: domains
    category: gambling
    licence: MIT
    home: https://lists.example
    least-names: 10
    required: true
  gone:
    title: Gone
    url: https://lists.example/nowhere.txt
    format: domains
    category: adult
    licence: MIT
    home: https://lists.example
"""
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def internet() -> ListNet:
    if reason := net.why_not():
        pytest.skip(reason)
    return shared()


@pytest.fixture
def there(internet: ListNet, tmp_path: Path) -> Command:
    """The real command in the namespace, with two sources of its own and a school's folder."""
    lists = tmp_path / "blocklists"
    (lists / "local").mkdir(parents=True)
    (tmp_path / "policies").mkdir()
    (lists / "sources.yaml").write_text(SOURCES)
    place = ["--blocklists", str(lists), "--state", str(tmp_path / "state"), "--policies", str(tmp_path / "policies")]

    def command(*arguments: str) -> tuple[int, str, str]:
        run = "import sys; from hedgerow.cli import run; sys.exit(run(sys.argv[1:]))"
        line = internet.host.command(sys.executable, "-c", run, *arguments, *place)
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}/addons:{ROOT}", "HEDGEROW_HOME": str(ROOT)}
        done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=60)
        return done.returncode, done.stdout, done.stderr

    return command


@pytest.mark.net
def test_a_run_from_first_to_undo(internet: ListNet, there: Command, tmp_path: Path) -> None:
    ca = ("--ca", str(internet.folder / "root.pem"))
    internet.serve("cli.txt", names(1000))
    code, out, err = there("lists", "update", *ca)
    assert code == FINE, err  # what did not come is not required
    assert "new        bets                       1,000 names" in out
    assert "failed     gone" in out and "the server answered 404; nothing is held of it yet" in out

    code, out, _ = there("lists", "update", "--json", *ca)
    assert [one["outcome"] for one in json.loads(out)] == ["not-due", "failed"]

    internet.serve("cli.txt", names(100))
    code, out, _ = there("lists", "update", "bets", *ca)
    assert code == FOUND and "shrank from 1,000 names to 100; what was there stays: 1,000 names" in out
    assert "hedgerow lists update --accept bets --by NAME (required)" in out

    code, out, _ = there("lists", "update", "--accept", "bets", "--by", "A. Teacher", "--reason", "cleaned up", *ca)
    assert code == FINE and "100 names, before 1,000" in out

    code, out, _ = there("lists", "update", "--undo", "bets", "--by", "A. Teacher")
    assert code == FINE and "is in force again, 1,000 names" in out

    entries = list(Record(State(tmp_path / "state").record).entries())
    assert [entry.kind for entry in entries] == ["list"] * 3
    assert entries[1].who.startswith("A. Teacher (") and entries[1].why == "cleaned up"
    assert "accepted in spite of its size" in entries[1].what and "took the list bets back" in entries[2].what


@pytest.mark.net
def test_two_at_a_time(internet: ListNet, there: Command, tmp_path: Path) -> None:
    from hedgerow.stores.sources import Downloads
    from hedgerow.stores.state import prepare

    with Downloads(prepare(tmp_path / "state").lists).writing():
        code, _, err = there("lists", "update")
    assert code == BAD and "another `hedgerow lists` command is writing" in err


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("nobody",), "unknown source 'nobody'"),
        (("ut2",), "did you mean 'ut1'"),
        (("--accept", "ut1"), "need --by"),
        (("ut1", "--proxy", "proxy.example:3128"), "http://HOST:PORT expected"),
        (("ut1", "--proxy", "env"), "is set"),
    ],
)
def test_bad_usage(hedgerow: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    code, _, err = hedgerow("lists", "update", *arguments)
    assert code == BAD and told in err


def test_check_tells_mistakes_of_the_schools_sources(hedgerow: Run, tmp_path: Path) -> None:
    lists = tmp_path / "blocklists"
    (lists / "local").mkdir(parents=True)
    (lists / "local" / "sources.yaml").write_text("sources:\n  ut1: {trust: 9}\n  ours: {title: x}\n")
    code, out, _ = hedgerow("check", "--blocklists", str(lists))
    assert code == FOUND
    assert "local/sources.yaml:2:16: a whole number from 1 to 3 expected" in out
    assert "local/sources.yaml:3:9: 'format' is missing" in out
