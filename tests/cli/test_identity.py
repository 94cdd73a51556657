"""``hedgerow identity``: two keyholders open a pseudonym, and nothing of it goes unseen."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from hedgerow.stores import keyholders
from hedgerow.stores.events import Event
from hedgerow.stores.pseudonyms import Pair
from hedgerow.stores.record import Record
from hedgerow.stores.sealed_store import encode, sealed_pseudonyms
from hedgerow.stores.spool import EventSpool
from tests.cli.conftest import Run

NOW = datetime(2026, 11, 23, 10, 31, 42, 5, timezone(timedelta(hours=7)))
WORDS = {"Lan": "four words of Lan", "Minh": "four words of Minh", "Mai": "four words of Mai"}
REASON = ("--reason", "a threat against a pupil, 14 Nov")
Type = Callable[..., None]


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    """What is typed, in turn, where a passphrase is asked for."""

    def typed(*words: str) -> None:
        answers = list(words)
        monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _prompt: answers.pop(0))

    monkeypatch.setattr(keyholders, "_COST", 2**4)
    return typed


@pytest.fixture
def keys(hedgerow: Run, types: Type, tmp_path: Path) -> dict[str, str]:
    """Three people's key files; their lines for site.yaml are read back from what was printed."""
    public = {}
    for name, words in WORDS.items():
        types(words, words)
        code, out, err = hedgerow("identity", "key", "make", name, "--out", str(tmp_path / name), here=False)
        assert code == 0 and "not on the gateway" in err
        public[name] = out.partition(": ")[2].strip()
    return public


@pytest.fixture
def pseudonym(school: Path, keys: dict[str, str]) -> Iterator[str]:
    """Somebody's pseudonym, sealed to Lan and Minh, with an event of theirs in the log."""
    state = school / "state"
    for name in ("record", "keys", "sealed", "events"):
        shutil.rmtree(state / name, ignore_errors=True)
    (state / "keys").mkdir()
    pseudonyms = sealed_pseudonyms(state / "keys" / "pseudonyms", state / "sealed" / "0")
    found = pseudonyms.of("10.20.3.4", NOW, "day", {name: keys[name] for name in ("Lan", "Minh")})
    pseudonyms.close()
    spool = EventSpool(state / "events" / "0", lambda count: None)
    for person, code in ((found, "AAAA-1111"), (found, "BBBB-2222"), ("0" * 16, "BBBB-2222")):
        event = Event("2026-11-23T10:31:00+07:00", "block", "staff", "5-site", "r", "w:1", code, "v", person=person)
        spool.append(event.as_dict())
    spool.close()
    yield found


def opened(hedgerow: Run, folder: Path, code: str, *names: str, more: tuple[str, ...] = REASON) -> tuple[int, str, str]:
    given = [part for name in names for part in ("--key", str(folder / name))]
    return hedgerow("identity", "open", code, *more, *given, "--json")


def why(out: str) -> str:
    """Why it failed, as it is told where JSON was asked for: nothing else stands there."""
    failed = json.loads(out)
    assert failed.keys() == {"ok", "error", "mistakes"} and failed["ok"] is False
    return str(failed["error"])


def entries(school: Path) -> list[tuple[str, str, str, str]]:
    record = Record(school / "state" / "record")
    return [(entry.kind, entry.who.partition(",")[0], entry.what, entry.why) for entry in record.entries()]


def test_two_open_it_and_the_record_says_so(
    hedgerow: Run, school: Path, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    types(WORDS["Lan"], WORDS["Minh"])
    code, out, err = opened(hedgerow, tmp_path, pseudonym, "Lan", "Minh")
    assert code == 0, err
    assert json.loads(out) == {
        "pseudonym": pseudonym,
        "person": "10.20.3.4",
        "first": "2026-11-23T10:31+07:00",
        "period": "2026-11-23",
        "forged": 0,
    }
    assert entries(school) == [("identity", "Lan and Minh", f"opened {pseudonym}", REASON[1])]
    [entry] = Record(school / "state" / "record").entries()
    assert [name.split()[0] for name in list(entry.detail["opened-by"])] == ["Lan", "Minh"]  # type: ignore[call-overload]
    assert "keyholders" not in entry.detail  # that is what the supervisor calls whom site.yaml names
    assert "10.20.3.4" not in Record(school / "state" / "record").log.read_text()


def test_the_code_of_a_page_leads_to_its_only_person(
    hedgerow: Run, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    types(WORDS["Lan"], WORDS["Minh"])
    assert json.loads(opened(hedgerow, tmp_path, "aaaa-1111", "Lan", "Minh")[1])["person"] == "10.20.3.4"
    code, out, _ = opened(hedgerow, tmp_path, "BBBB-2222", "Lan", "Minh")
    assert code == 2 and "was shown to 2 people" in why(out) and pseudonym in why(out)
    assert opened(hedgerow, tmp_path, "CCCC-3333", "Lan", "Minh")[0] == 2


@pytest.mark.parametrize(
    "names, words, told, tried",
    [
        (("Lan",), ("Lan",), "two keyholders are needed: give --key twice, not 1 times", False),
        ((), (), "two keyholders are needed", False),
        (("Lan", "Lan"), ("Lan", "Lan"), "the keys of two keyholders are needed", True),
        (("Lan", "Mai"), ("Lan", "Mai"), "two of them are needed, 1 given", True),
        (("Lan", "Minh"), ("Lan", "Lan"), "the passphrase of Minh is wrong", True),
    ],
)
def test_nobody_else_does_and_whoever_tries_is_recorded(
    hedgerow: Run, school: Path, types: Type, pseudonym: str, tmp_path: Path,
    names: tuple[str, ...], words: tuple[str, ...], told: str, tried: bool,
) -> None:  # fmt: skip
    types(*(WORDS[name] for name in words))
    code, out, err = opened(hedgerow, tmp_path, pseudonym, *names)
    assert code in (1, 2) and told in why(out) and "10.20.3.4" not in out + err
    assert [what for _, _, what, _ in entries(school)] == ([f"tried to open {pseudonym}: {why(out)}"] if tried else [])


def test_without_a_reason_nobody_is_asked_for_a_passphrase(
    hedgerow: Run, school: Path, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    types()
    for more in ((), ("--reason", "because"), ("--reason", " x  \t\n        ")):
        assert opened(hedgerow, tmp_path, pseudonym, "Lan", "Minh", more=more)[0] == 2
    assert entries(school) == []


def test_nothing_is_shown_when_it_cannot_be_recorded(
    hedgerow: Run, school: Path, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    (school / "state" / "record").write_text("a file where the folder should be")
    types(WORDS["Lan"], WORDS["Minh"])
    code, out, err = opened(hedgerow, tmp_path, pseudonym, "Lan", "Minh")
    assert code == 2 and "not recorded" in why(out) and "10.20.3.4" not in out + err
    (school / "state" / "record").unlink()


def test_a_forged_line_is_passed_over_and_told(
    hedgerow: Run, school: Path, types: Type, keys: dict[str, str], pseudonym: str, tmp_path: Path
) -> None:
    forged = Pair(pseudonym, "2026-11-23", "10.20.3.99", bytes(32), "2026-11-23T10:31+07:00")
    (school / "state" / "sealed" / "0" / "2026-11-22.sealed").write_bytes(
        encode(forged, {name: keys[name] for name in ("Lan", "Minh")})
    )
    types(WORDS["Lan"], WORDS["Minh"])
    code, out, err = opened(hedgerow, tmp_path, pseudonym, "Lan", "Minh")
    assert code == 0 and json.loads(out)["person"] == "10.20.3.4" and "1 lines" in err


def test_what_was_never_sealed_or_is_too_old_is_told(
    hedgerow: Run, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    types(WORDS["Lan"], WORDS["Minh"])
    code, out, _ = opened(hedgerow, tmp_path, "f" * 16, "Lan", "Minh")
    assert code == 1 and "nothing is sealed under ffffffffffffffff" in why(out)


def test_the_keys_need_not_come_to_the_gateway(
    hedgerow: Run, school: Path, types: Type, pseudonym: str, tmp_path: Path
) -> None:
    """A request is given out with an entry; elsewhere, where there is no state, two keyholders open it."""
    file = tmp_path / "request.json"
    code, out, err = hedgerow("identity", "request", pseudonym, *REASON, "--by", "Mai", "--out", str(file))
    assert (code, out) == (0, "") and "hedgerow identity open" in err and b"10.20" not in file.read_bytes()
    [(kind, who, what, why)] = entries(school)
    assert (kind, why) == ("identity", REASON[1]) and who.startswith("Mai (") and what.startswith("gave out what is")
    code, out, err = hedgerow("identity", "request", pseudonym, *REASON, "--out", "-")
    assert code == 0 and out.encode() == file.read_bytes() and "identity open FILE" in err
    types(WORDS["Minh"], WORDS["Lan"])
    given = ("--key", str(tmp_path / "Minh"), "--key", str(tmp_path / "Lan"))
    code, out, _ = hedgerow("identity", "open", str(file), *given, "--json", "--state", str(tmp_path), here=False)
    assert code == 0 and json.loads(out)["person"] == "10.20.3.4"
    types(WORDS["Mai"], WORDS["Lan"])
    code, out, err = hedgerow("identity", "open", str(file), *given[2:], "--key", str(tmp_path / "Mai"), here=False)
    assert code == 1 and out == ""
    (tmp_path / "nonsense").write_text("[[]]")
    for text in ("{", "[[]]", "7"):
        (tmp_path / "nonsense").write_text(text)
        types(WORDS["Minh"], WORDS["Lan"])
        assert hedgerow("identity", "open", str(tmp_path / "nonsense"), *given, here=False)[0] == 1


def test_nothing_is_given_out_without_reason_entry_or_seal(
    hedgerow: Run, school: Path, pseudonym: str, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    assert hedgerow("identity", "request", pseudonym, "--reason", "because", "--out", str(file))[0] == 2
    assert hedgerow("identity", "request", "f" * 16, *REASON, "--out", str(file))[0] == 1
    shutil.rmtree(school / "state" / "record")
    (school / "state" / "record").write_text("a file where the folder should be")
    assert hedgerow("identity", "request", pseudonym, *REASON, "--out", str(file))[0] == 2
    assert not file.exists()
    (school / "state" / "record").unlink()


def test_a_request_that_could_not_be_written_is_taken_back(
    hedgerow: Run, school: Path, pseudonym: str, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    file.write_text("another one")
    before = len(list(Record(school / "state" / "record").entries()))
    code, _, err = hedgerow("identity", "request", pseudonym, *REASON, "--out", str(file))
    assert code == 2 and "ever overwritten" in err and file.read_text() == "another one"
    told, undone = list(Record(school / "state" / "record").entries())[before:]
    assert told.what.startswith("gave out") and undone.what == f"did not take place: {told.what}"


def test_a_key_is_not_overwritten(hedgerow: Run, types: Type, keys: object, tmp_path: Path) -> None:
    types("four other words", "four other words")
    make = ("identity", "key", "make", "Lan", "--out")
    assert "ever overwritten" in hedgerow(*make, str(tmp_path / "Lan"), here=False)[2]
    types("short", "short")
    code, _, err = hedgerow(*make, str(tmp_path / "new"), here=False)
    assert code == 2 and "at least 12 characters" in err and not (tmp_path / "new").exists()


def test_at_a_real_terminal_the_passphrase_is_not_shown(tmp_path: Path) -> None:
    """The real command, the real cost, a real terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hedgerow", "identity", "key", "make", "Cô Lan", "--out", str(tmp_path / "lan")]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = b""
    for _ in range(2):
        while not shown.endswith(b": "):
            shown += os.read(ours, 1000)
        os.write(ours, b"four words of Lan\n")
        shown += os.read(ours, 1000)
    while process.poll() is None or b"hedgerow1" not in shown:
        try:
            shown += os.read(ours, 1000)
        except OSError:  # EIO: the other side is closed
            break
    process.wait(10)
    os.close(ours)
    assert process.returncode == 0 and b"four words" not in shown and b"hedgerow1" in shown
    assert keyholders.unlock((tmp_path / "lan").read_bytes(), "four words of Lan").name == "Cô Lan"
