"""A keyholder's file opens with its passphrase, and says nothing without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.stores import keyholders
from hedgerow.stores.keyholders import make, name_in, two, unlock, write_key
from hedgerow.stores.sealed import SealError, public_key

WORDS = "four words do nicely"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyholders, "_COST", 2**4)


def test_a_file_opens_with_its_passphrase() -> None:
    holder, content = make("Cô Lan", WORDS)
    opened = unlock(content, WORDS)
    assert (opened.name, opened.public, name_in(content)) == ("Cô Lan", holder.public, "Cô Lan")
    assert public_key(json.loads(content)["public"]) == holder.public
    assert holder.private.private_bytes_raw() not in content


def test_composed_and_decomposed_letters_are_the_same() -> None:
    _, content = make("Lan", "mật khẩu của tôi")
    assert unlock(content, "mật khẩu của tôi").name == "Lan"


def test_a_wrong_passphrase_and_a_changed_file_open_nothing() -> None:
    _, content = make("Lan", WORDS)
    for file, words in (
        (content, WORDS + "!"),
        (content.replace(b'"Lan"', b'"Eve"'), WORDS),
        (content.replace(b'"public": "hedgerow1', b'"public": "hedgerow2'), WORDS),
    ):
        with pytest.raises(SealError, match="passphrase of .* is wrong"):
            unlock(file, words)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"format": "hedgerow keyholder 1"}', b"\xff", b"null"])
def test_another_file_is_told(content: bytes) -> None:
    with pytest.raises(SealError, match="no file of"):
        unlock(content, WORDS)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(SealError, match="at least 12 characters"):
        make("Lan", "short")


def test_one_person_twice_is_one_person() -> None:
    lan, minh = make("Lan", WORDS)[0], make("Minh", WORDS)[0]
    assert two([lan, minh]) == (lan, minh)
    for given in ([lan], [lan, lan], []):
        with pytest.raises(SealError, match="two keyholders"):
            two(given)


def test_a_key_is_never_overwritten_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_key(tmp_path / "lan.key", b"one")
    assert (tmp_path / "lan.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_key(tmp_path / "lan.key", b"two")


def test_the_real_cost_is_what_owasp_advises() -> None:
    source = Path(keyholders.__file__).read_text()
    assert "_COST = 2**17" in source
