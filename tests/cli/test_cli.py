"""Every command: its contract, its exit code, and a mistake told in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.cli import BAD, COMMANDS, FINE, FOUND, run
from hedgerow.stores.events import Event
from hedgerow.stores.spool import EventSpool
from tests.cli.conftest import Run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == FINE
    assert "Usage:" in capsys.readouterr().out


def test_the_list_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == FINE
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    assert run(["--version"]) == FINE


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["nothing"], "No such command 'nothing'"),
        (["explain"], "Missing argument 'URL'"),
        (["check", "--colour"], "No such option"),
        (["check", "--policies", "/nowhere"], "/nowhere: no such folder. deploy/up makes it"),
        (["serve", "--listen", "80"], "expected HOST:PORT"),
        (["serve", "--listen", ":80/socks"], "unknown mode 'socks'"),
        (["lists", "lookup"], "Missing argument 'URL'"),
        (["schema", "nothing"], "name one of: band"),
    ],
)
def test_bad_usage_is_told(hedgerow: Run, arguments: list[str], told: str) -> None:
    code, _, err = hedgerow(*arguments, here="--policies" not in arguments and arguments[0] != "nothing")
    assert code == BAD
    assert told in err and "Traceback" not in err


def test_explain_tells_the_contract(hedgerow: Run) -> None:
    code, out, _ = hedgerow("explain", "https://m.youtube.com/watch?v=1", "--band", "ages-8-10", "--json")
    assert code == FINE
    told = json.loads(out)
    assert {"action", "capture", "band", "rule", "where", "evidence", "code", "steps"} <= told.keys()
    assert told["band"] == "ages-8-10" and told["where"].startswith("bands/")
    assert told["steps"][0]["step"] == "band"


@pytest.mark.parametrize(
    "arguments, action, rule",
    [
        (["http://10.0.0.1/"], "block", "builtin:private-address"),
        (["http://blocked.test../"], "block", "builtin:bad-name"),
        (["https://example.org:9999/"], "block", "builtin:port"),
        (["https://www.wikipedia.org/", "--host", "en.wikipedia.org"], "block", "builtin:names-disagree"),
        (["https://example.org/", "--sni", "bet365.com"], "block", "category:gambling"),
        (["https://bet365.com/"], "block", "category:gambling"),
        (["https://unheard-of.example/"], "block", "unknown:page"),
    ],
)
def test_explain_sees_every_name(hedgerow: Run, arguments: list[str], action: str, rule: str) -> None:
    _, out, _ = hedgerow("explain", *arguments, "--band", "ages-8-10", "--json")
    told = json.loads(out)
    assert (told["action"], told["rule"]) == (action, rule)


def test_explain_in_words_and_as_a_device(hedgerow: Run) -> None:
    code, out, _ = hedgerow("explain", "https://bet365.com/", "--client", "203.0.113.9")
    assert code == FINE
    assert out.startswith("block: ") and "category:gambling" in out and "code " in out


def test_explain_reads_a_page(hedgerow: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>" + "online casino real money. poker bonus. place your bets. " * 5)
    arguments = ("explain", "https://unheard-of.example/", "--band", "ages-14-17", "--continued", "--json")
    assert json.loads(hedgerow(*arguments)[1])["action"] == "allow"
    assert hedgerow(*arguments, "--text", str(page))[0] == FINE


@pytest.mark.parametrize(
    "arguments, told",
    [
        ([], "name either --band or --client; bands: ages-5-7"),
        (["--band", "x"], "unknown band 'x'; known: ages-5-7"),
        (["--band", "staff", "--client", "::1"], "name either --band or --client"),
        (["--client", "somebody"], "--client somebody"),
        (["--band", "staff", "--at", "noon"], "--at 'noon': expected a time"),
    ],
)
def test_explain_says_what_it_needs(hedgerow: Run, arguments: list[str], told: str) -> None:
    code, _, err = hedgerow("explain", "http://example.org/", *arguments)
    assert code == BAD and told in err


def test_check_is_fine_and_remembers_what_is_shipped(hedgerow: Run, school: Path) -> None:
    code, out, err = hedgerow("check")
    assert code == FINE, out + err
    assert "fine: 5 bands" in out
    seen = school / "state" / "seen" / "shipped.json"
    rules = json.loads(seen.read_text())
    rules["ages-8-10"]["category:games"] = "something else"
    seen.write_text(json.dumps(rules))
    assert "category:games: something else ->" in hedgerow("check")[1]
    assert "something else" in hedgerow("check", "--json")[1]
    hedgerow("check", "--accept")
    assert "something else" not in hedgerow("check")[1]


def test_check_tells_all_mistakes_of_all_files(hedgerow: Run, school: Path) -> None:
    edit = school / "local" / "bands" / "ages-8-10.yaml"
    words = school / "local" / "floor.yaml"
    edit.write_text("band: ages-8-10\ncategories: {gamblng: block}\n")
    words.write_text("categories:\n\tx: block\n")
    try:
        code, out, err = hedgerow("check")
        assert code == FOUND
        assert "local/bands/ages-8-10.yaml:2:14: unknown category 'gamblng'; did you mean 'gambling'?" in out
        assert "local/floor.yaml:2" in out
        assert "what is in force stays in force" in err
        report = json.loads(hedgerow("check", "--json")[1])
        assert report["ok"] is False and {m["line"] for m in report["mistakes"]} == {2}
        code, _, err = hedgerow("explain", "http://example.org/", "--band", "staff")
        assert code == BAD and "gamblng" in err  # another command cannot go on, and says why
    finally:
        edit.unlink()
        words.unlink()


def test_the_shipped_promises_are_kept(hedgerow: Run) -> None:
    code, out, _ = hedgerow("test")
    assert code == FINE, out
    assert "0 not as promised" in out
    code, out, _ = hedgerow("test", "--band", "staff", "--json")
    assert all(json.loads(line)["kept"] for line in out.splitlines())


def test_a_broken_promise_is_found(hedgerow: Run, school: Path) -> None:
    edit = school / "local" / "bands" / "staff.yaml"
    edit.write_text('band: staff\nexamples:\n  - {url: "http://10.0.0.1/", expect: allow}\n')
    try:
        code, out, _ = hedgerow("test", "--band", "staff")
        assert code == FOUND
        assert "local/bands/staff.yaml:3" in out and "expected allow, but it is block by builtin:private-address" in out
    finally:
        edit.unlink()


def test_lists(hedgerow: Run) -> None:
    code, out, _ = hedgerow("lists", "build", "--json")
    assert code == FINE, out
    built = json.loads(out)
    assert built["names"] > 1000
    assert json.loads(hedgerow("lists", "status", "--json")[1])["version"] == built["version"]
    code, out, _ = hedgerow("lists", "lookup", "https://www.bet365.com/x", "--json")
    assert code == FOUND
    assert [row["category"] for row in json.loads(out)["entries"]] == ["gambling"]
    assert hedgerow("lists", "lookup", "unheard-of.example")[0] == FINE


def test_schemas_are_those_that_are_shipped(hedgerow: Run, tmp_path: Path) -> None:
    assert json.loads(hedgerow("schema", "site")[1])["$schema"].startswith("https://json-schema.org")
    assert hedgerow("schema", "--out", str(tmp_path))[0] == FINE
    assert {path.name for path in tmp_path.iterdir()} >= {"band.json", "site.json", "words.json"}


def test_ca(hedgerow: Run, school: Path) -> None:
    code, out, _ = hedgerow("ca", "--json")
    facts = json.loads(out)
    assert code == FINE and len(facts["sha256"].split(":")) == 32
    assert hedgerow("ca", "--pem")[1] == Path(facts["certificate"]).read_text()
    assert "PRIVATE" not in hedgerow("ca", "--pem")[1]
    assert facts["sha256"] in hedgerow("ca")[1]


def test_events(hedgerow: Run, school: Path) -> None:
    spool = EventSpool(school / "state" / "events" / "0", lambda count: None)
    for minute, action in ((1, "block"), (2, "warn")):
        event = Event(f"2026-11-23T10:0{minute}:00+07:00", action, "staff", "5-site", "r", "w:1", "C", "v")
        spool.append(event.as_dict())
    spool.close()
    rows = [json.loads(line) for line in hedgerow("events", "--json")[1].splitlines()]
    assert [row["action"] for row in rows] == ["block", "warn"]
    assert hedgerow("events", "--action", "warn")[1].count("\n") == 1
    assert hedgerow("events", "--since", "2026-11-23T10:02")[1].count("\n") == 1
    assert hedgerow("events", "--band", "ages-5-7")[1] == ""
    assert hedgerow("events", "--new")[1].count("\n") == 2
    assert hedgerow("events", "--new")[1] == ""
    assert hedgerow("events")[1].count("\n") == 2


def test_a_reader_that_hangs_up_is_no_error(hedgerow: Run, school: Path) -> None:
    command = f"{sys.executable} -m hedgerow schema band | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""


def test_stopping_what_does_not_run(hedgerow: Run) -> None:
    code, out, _ = hedgerow("up", "--stop")
    assert (code, out) == (FINE, "Hedgerow is not running\n")
