"""Whoever asks for JSON gets JSON, also when nothing works: every command that takes ``--json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from hedgerow.cli import BAD, FINE, FOUND, cli, run


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that takes ``--json``, with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command and any("--json" in parameter.opts for parameter in command.params):
            yield (*path, name), command


def needed(command: click.Command) -> Iterator[str]:
    """Something for everything a command must be given."""
    for parameter in command.params:
        if parameter.required:
            yield from ["1"] if isinstance(parameter, click.Argument) else [parameter.opts[0], "1"]


ALL = [pytest.param([*path, *needed(command)], id=" ".join(path)) for path, command in commands(cli)]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("broken")
    (root / "local" / "bands").mkdir(parents=True)
    (root / "local" / "bands" / "ages-8-10.yaml").write_text("band: ages-8-10\ncategories: {gamblng: block}\n")
    (root / "local" / "site.yaml").write_text("school: [\n")
    (root / "state").mkdir(mode=0o700)
    return root


def values(out: str) -> list[object]:
    """All of it as one JSON value, or each line as one."""
    try:
        return [json.loads(out)]
    except ValueError:
        return [json.loads(line) for line in out.splitlines()]


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 15


@pytest.mark.parametrize("words", ALL)
@pytest.mark.parametrize("folder", ["local", "nowhere"])
def test_with_files_that_cannot_be_used(
    words: Sequence[str], folder: str, broken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_: "")
    code = run([*words, "--json", "--policies", str(broken / folder), "--state", str(broken / "state")])
    captured = capsys.readouterr()
    told = values(captured.out)
    assert code in (FINE, FOUND, BAD)
    assert "Traceback" not in captured.err
    if code == BAD:
        (failure,) = told
        assert isinstance(failure, dict) and failure["ok"] is False and failure["error"]


def test_the_mistakes_have_places(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--policies", str(broken / "local"), "--state", str(broken / "state")]
    assert run(["explain", "http://example.org/", "--band", "staff", "--json", *place]) == BAD
    other = json.loads(capsys.readouterr().out)
    assert run(["check", "--json", *place]) == FOUND
    assert json.loads(capsys.readouterr().out)["mistakes"] == other["mistakes"]
    assert {mistake["file"] for mistake in other["mistakes"]} == {"local/bands/ages-8-10.yaml", "local/site.yaml"}
    assert all(mistake["line"] and mistake["message"] for mistake in other["mistakes"])


@pytest.mark.parametrize("words", [["explain", "--json"], ["check", "--json", "--colour"], ["nothing", "--json"]])
def test_bad_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == BAD
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"] and not captured.err


def test_without_json_it_is_told_in_words(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["test", "--policies", str(broken / "local"), "--state", str(broken / "state")]) == BAD
    captured = capsys.readouterr()
    assert not captured.out and "gamblng" in captured.err
