"""Compiled word lists are opened again only where they are what would be compiled, and nobody else could write them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgerow.stores import kept_words as kept
from hedgerow.stores.kept_words import Words, keep, kept_words, opened

LIST = "topic: frogs\nlanguage: en\nphrases: [green frog]\n"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """Each process remembers its last lists; here nothing but the folder does."""
    kept._LAST.clear()


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "words"
    folder.mkdir()
    (folder / "frogs.en.yaml").write_text(LIST)
    return folder


def made(shipped: Path, folder: Path) -> Words:
    kept._LAST.clear()
    return kept_words(shipped, shipped / "none", [folder])


def test_made_once(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(shipped, tmp_path / "kept")
    monkeypatch.setattr(kept, "load_folder", lambda *_: pytest.fail("read again"))
    again = made(shipped, tmp_path / "kept")
    assert again is not first and again.phrases == first.phrases
    assert [score.topic for score in again.lexicon.scan(["a GREEN frog"], typed=True)] == ["frogs"]


@pytest.mark.parametrize("there", [True, False])
def test_what_was_opened_is_kept_elsewhere_as_it_lies(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """The supervisor gives its workers forty megabytes at each start; when the file is gone, they are made again."""
    made(shipped, tmp_path / "kept")
    words = made(shipped, tmp_path / "kept")  # opened
    (tmp_path / "workers").mkdir()
    if there:
        monkeypatch.setattr(kept, "_pickled", lambda _: pytest.fail("pickled again"))
    else:
        next((tmp_path / "kept").glob(f"*{kept.ENDING}")).unlink()
    keep(words, tmp_path / "workers")
    found = opened(tmp_path / "workers", words.key)
    assert found is not None and found.phrases == words.phrases


def test_another_list_is_made_anew(shipped: Path, tmp_path: Path) -> None:
    first = made(shipped, tmp_path / "kept")
    (shipped / "frogs.en.yaml").write_text(LIST.replace("green frog", "green frog, red toad"))
    assert len(made(shipped, tmp_path / "kept").phrases) == 2 > len(first.phrases)
    (shipped / "frogs.en.yaml").rename(shipped / "toads.en.yaml")
    with pytest.raises(Exception, match=r"frogs\.en\.yaml"):
        made(shipped, tmp_path / "kept")


@pytest.mark.parametrize("mode", [0o666, 0o664])
def test_what_others_could_have_written_is_not_opened(shipped: Path, tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "kept"
    words = made(shipped, folder)
    kept._LAST.clear()
    assert opened(folder, words.key) is not None
    next(folder.glob(f"*{kept.ENDING}")).chmod(mode)
    assert opened(folder, words.key) is None
    next(folder.glob(f"*{kept.ENDING}")).chmod(0o644)
    folder.chmod(0o777)
    assert opened(folder, words.key) is None


def test_half_a_file_is_made_anew(shipped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    words = made(shipped, folder)
    path = folder / f"{words.key}{kept.ENDING}"
    path.write_bytes(path.read_bytes()[:100])
    assert made(shipped, folder).phrases == words.phrases


def test_where_nothing_can_be_kept_it_works_all_the_same(shipped: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert made(shipped, blocked / "kept").phrases


def test_the_newest_stay(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    folder = tmp_path / "kept"
    for number, phrase in enumerate(["a b", "c d", "e f"]):
        (shipped / "frogs.en.yaml").write_text(LIST.replace("green frog", phrase))
        words = made(shipped, folder)
        os.utime(folder / f"{words.key}{kept.ENDING}", (number, number))
    assert [len(list(folder.glob(f"*{kind}"))) for kind in (kept.ENDING, kept.SHIPPED)] == [2, 2]
    assert opened(folder, words.key) is not None


def test_a_schools_edit_reads_nothing_shipped_again(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school, folder = tmp_path / "school", tmp_path / "kept"
    school.mkdir()
    before = kept_words(shipped, school, [folder])
    edit = school / f"{next(shipped.glob('*.yaml')).stem}.yaml"
    topic, _, language = edit.stem.partition(".")
    edit.write_text(f"topic: {topic}\nlanguage: {language}\nphrases: [quite another phrase]\n")
    monkeypatch.setattr(kept, "load_weights", None)  # the shipped half cannot be read now
    after = kept_words(shipped, school, [folder])
    assert {phrase.text for phrase in after.phrases} - {phrase.text for phrase in before.phrases} == {
        "quite another phrase"
    }
