"""Member-only lists at rest: nothing to read, nothing to exchange, nothing half."""

from __future__ import annotations

import os
import pickle
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from hedgerow.stores import member
from hedgerow.stores.member import Held, MemberError, Sealed, SealedLists
from hedgerow.stores.member_reading import held, read_list
from hedgerow.stores.state import State, StateError, prepare

LINES = [b"http://canary-a.test/pond/duck.jpg\n", b"canary-b.test\n", b"canary-c.test/v?id=77\n"]
TEST = "http://canary-a.test/pond/duck.jpg"


@pytest.fixture
def state(tmp_path: Path) -> State:
    return prepare(tmp_path / "state")


def made(state: State, name: str = "iwf", lines: list[bytes] = LINES) -> Held:
    found = read_list(lines, member.keyed(member.new_secret(state)))
    return held(found, name, 1_700_000_000.5, "Lan", TEST)


def test_what_is_put_in_is_what_is_asked(state: State) -> None:
    member.put(state, made(state))
    lists = member.read(state)
    (opened,) = lists.open()
    assert opened == made(state) and (opened.pages, opened.hosts, opened.entries) == (2, 1, 3)
    matcher = lists.matcher()
    assert matcher and matcher.ids == ("iwf",)
    assert matcher.match("www.canary-a.test", "/pond/duck.jpg", "x=1") == "iwf"
    assert matcher.match("canary-c.test", "/v", "id=77") == "iwf" and not matcher.match("canary-c.test", "/v", "id=78")


def test_nothing_of_it_is_readable(state: State) -> None:
    member.put(state, made(state))
    lists = member.read(state)
    path = state.member / "iwf.sealed"
    assert path.stat().st_mode & 0o777 == (state.keys / "member.key").stat().st_mode & 0o777 == 0o600
    kept = b"".join(file.read_bytes() for file in state.root.rglob("*") if file.is_file())
    for seen in (kept, pickle.dumps(lists), repr(lists.open()).encode(), repr(lists.matcher()).encode()):
        assert b"canary" not in seen and b"duck" not in seen
    assert b"pages" not in path.read_bytes()  # not even how many there are


def test_the_digests_are_another_machines_for_another_secret(tmp_path: Path) -> None:
    one, other = (made(prepare(tmp_path / name)) for name in ("one", "other"))
    assert not set(one.digests) & set(other.digests)


def test_the_same_list_is_sealed_with_another_nonce(state: State) -> None:
    secret = member.new_secret(state)
    assert member.seal(made(state), secret) != member.seal(made(state), secret)


@pytest.mark.parametrize("at", [0, 20, 40, -1])
def test_a_damaged_file_is_told(state: State, at: int) -> None:
    member.put(state, made(state))
    path = state.member / "iwf.sealed"
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    with pytest.raises(MemberError, match="iwf.sealed: damaged"):
        member.read(state).open()


@pytest.mark.parametrize("content", [b"", b"hedgerow-member-1\n", b"hedgerow-member-1\n" + b"x" * 12])
def test_a_torn_file_is_told(state: State, content: bytes) -> None:
    secret = member.new_secret(state)
    with pytest.raises(MemberError, match="damaged"):
        member.unseal(Sealed("iwf", content), secret)


def test_a_file_is_no_other_list(state: State) -> None:
    member.put(state, made(state))
    (state.member / "iwf.sealed").rename(state.member / "police.sealed")
    with pytest.raises(MemberError, match="police.sealed"):
        member.read(state).matcher()


def test_without_its_key_it_is_not_opened_and_no_new_key_is_made(state: State) -> None:
    member.put(state, made(state))
    (state.keys / "member.key").unlink()
    with pytest.raises(MemberError, match="member.key is gone"):
        member.read(state).open()
    assert not (state.keys / "member.key").exists()


def test_a_key_that_others_may_read_is_none(state: State) -> None:
    member.put(state, made(state))
    (state.keys / "member.key").chmod(0o644)
    with pytest.raises(StateError, match="chmod 600"):
        member.read(state).open()


def test_no_folder_and_no_list_are_no_list(tmp_path: Path) -> None:
    for state in (State(tmp_path / "none"), prepare(tmp_path / "state")):
        assert member.read(state) == replace(member.read(state)) and member.read(state).matcher() is None
        assert not member.read(state).lists and not member.read(state).unread


def test_only_lists_are_read(state: State) -> None:
    member.put(state, made(state))
    for name in (".iwf.sealed.7.ab", "README", "IWF.sealed", "x y.sealed"):
        (state.member / name).write_text("x")
    assert [one.id for one in member.read(state).lists] == ["iwf"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else for a moment")
@pytest.mark.parametrize("closed", ["state", "state/member", "state/keys"])
def test_who_may_not_look_is_told_apart_from_nothing_there(state: State, closed: str) -> None:
    member.put(state, made(state))
    for folder in (state.root.parent, state.root.parent.parent, *(state.root, state.member, state.keys)):
        folder.chmod(0o755)
    (state.member / "iwf.sealed").chmod(0o644)
    (state.root.parent / closed).chmod(0o700)
    if closed == "state/member":
        (state.member / "iwf.sealed").chmod(0o600)
    pid = os.fork()
    if pid == 0:
        os.seteuid(65534)
        os._exit(0 if member.read(state) == SealedLists(unread=True) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_taken_out(state: State) -> None:
    member.put(state, made(state))
    member.take_out(state, "iwf")
    member.take_out(state, "iwf")  # also when it is gone
    assert not member.read(state).lists


def test_another_content_has_another_name(state: State) -> None:
    member.put(state, made(state))
    before = member.read(state).digest
    fewer = made(state, lines=LINES[:1])
    member.put(state, fewer)
    assert member.read(state).digest != before and fewer.fingerprint != made(state).fingerprint


@pytest.mark.parametrize("name, legal", [("iwf", True), ("a-1", True), ("IWF", False), ("../x", False), ("", False)])
def test_ids(name: str, legal: bool) -> None:
    assert member.legal_id(name) is legal and member.legal_id("a" * 33) is False


def test_it_is_little_endian_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = array("Q", [1, 2**63])
    raw = member._bytes(numbers)
    assert raw[0] == 1 and member._numbers(raw) == numbers
    monkeypatch.setattr("sys.byteorder", "big")
    assert member._bytes(member._numbers(raw)) == raw and numbers[0] == 1
