"""Which files changed, and how: told from the record's digests, not from what the files' own dates say."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from hedgerow.stores.file_changes import Change, FileStates, compare, digest_of, load_texts, recorded, save_texts
from hedgerow.stores.record_entry import Entry

PATTERNS = ("*.yaml", "bands/*")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "school"
    (folder / "bands").mkdir(parents=True)
    (folder / "site.yaml").write_text("school: A\nports: [80]\n")
    (folder / "bands" / "x.yaml").write_text("band: x\n")
    return folder


def look(states: FileStates, folder: Path) -> dict[str, tuple[str, str | None]]:
    return states.look({"local/": (folder, PATTERNS)})


def changes(folder: Path, known: dict[str, str], texts: dict[str, str]) -> list[Change]:
    return list(compare(known, texts, look(FileStates(), folder)))


def test_a_changed_line_is_shown_with_its_place(folder: Path) -> None:
    before = look(FileStates(), folder)
    known, texts = (
        {name: pair[0] for name, pair in before.items()},
        {name: pair[1] or "" for name, pair in before.items()},
    )
    (folder / "site.yaml").write_text("school: A\nports: [80, 443]\n")
    [change] = changes(folder, known, texts)
    assert str(change) == "changed local/site.yaml: 1 lines added, 1 removed"
    assert "-ports: [80]\n+ports: [80, 443]" in change.diff and "@@ -1,2 +1,2 @@" in change.diff
    assert (change.before, change.after) == (known["local/site.yaml"], digest_of("school: A\nports: [80, 443]\n"))


def test_new_and_removed_files(folder: Path) -> None:
    known, texts = {"local/old.yaml": digest_of("a: b\n")}, {"local/old.yaml": "a: b\n"}
    found = {change.file: str(change) for change in changes(folder, known, texts)}
    assert found == {
        "local/bands/x.yaml": "new local/bands/x.yaml: 1 lines added, 0 removed",
        "local/old.yaml": "removed local/old.yaml: 0 lines added, 1 removed",
        "local/site.yaml": "new local/site.yaml: 2 lines added, 0 removed",
    }


def test_kept_texts_that_were_changed_are_not_believed(folder: Path) -> None:
    """Whoever edits a policy while the gateway is down, and the kept copy with it, hides nothing."""
    known = {"local/bands/x.yaml": digest_of("band: x\n"), "local/site.yaml": digest_of("school: B\n")}
    [change] = changes(folder, known, {"local/site.yaml": (folder / "site.yaml").read_text()})
    assert change.file == "local/site.yaml" and "not kept" in change.diff


def test_a_file_changed_under_the_same_date_and_size_is_noticed(folder: Path) -> None:
    states = FileStates()
    before, path = look(states, folder), folder / "site.yaml"
    stat = path.stat()
    path.write_text("school: Z\nports: [80]\n")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert path.stat().st_mtime_ns == stat.st_mtime_ns and path.stat().st_size == stat.st_size
    assert look(states, folder)["local/site.yaml"] != before["local/site.yaml"]


def test_an_unchanged_file_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = FileStates()
    before = look(states, folder)
    monkeypatch.setattr("hedgerow.stores.file_changes._content", lambda path: 1 / 0)
    assert look(states, folder) == before


def test_hidden_files_and_folders_are_no_files(folder: Path) -> None:
    (folder / ".site.yaml").write_text("x")
    (folder / "bands" / "deeper").mkdir()
    assert set(look(FileStates(), folder)) == {"local/site.yaml", "local/bands/x.yaml"}


def test_what_is_no_text_is_told_by_its_digest(folder: Path) -> None:
    (folder / "site.yaml").write_bytes(b"\xff\x00")
    [change] = [one for one in changes(folder, {}, {}) if one.file == "local/site.yaml"]
    assert change.after and "is no text" in change.diff


def test_a_long_list_is_compared_as_a_set(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("".join(f"host{number}.example\n" for number in range(50_000)) + "new.example\n")
    old = "".join(f"host{number}.example\n" for number in reversed(range(50_000))) + "old.example\n"
    [change] = compare({"a.yaml": digest_of(old)}, {"a.yaml": old}, FileStates().look({"": (tmp_path, ("*",))}))
    assert change.diff == "-old.example\n+new.example" and (change.added, change.removed) == (1, 1)


def test_a_flood_of_lines_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x" * 500_000)
    [change] = compare({}, {}, FileStates().look({"": (tmp_path, ("*",))}))
    assert len(change.diff) <= 20_000 and change.diff.endswith(" [cut]")


def _entries(*details: dict[str, object]) -> Iterable[Entry]:
    return (Entry(number, "", "policy", "", "", "", detail) for number, detail in enumerate(details, 1))


def test_the_record_knows_each_file_as_it_was_last() -> None:
    entries = _entries(
        {"file": "a", "before": "", "after": "1"},
        {"files": {"b": ["", "2"], "c": ["", "3"], "d": "nonsense"}},
        {"file": "a", "before": "1", "after": "4"},
        {"files": {"c": ["3", ""]}},
        {"files": "cut to a text", "file": 7},
        {},
    )
    assert recorded(entries) == {"a": "4", "b": "2"}


def test_texts_are_kept_and_a_damaged_file_is_none(tmp_path: Path) -> None:
    save_texts(tmp_path / "files.json", {"a": ("1", "school: Hoa Phượng"), "b": ("2", None)})
    assert load_texts(tmp_path / "files.json") == {"a": "school: Hoa Phượng"}
    for damage in (b"{", b"[]", b"\xff"):
        (tmp_path / "files.json").write_bytes(damage)
        assert load_texts(tmp_path / "files.json") == {}
    assert load_texts(tmp_path / "none") == {}
