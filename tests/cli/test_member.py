"""``hedgerow lists member``: put in, list, test, take out; nothing of a list is ever said."""

from __future__ import annotations

import json
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.stores.state import State
from tests.cli.conftest import Run

TEXT = "# comment\nhttp://canary.test/pond/duck.jpg\nduckling.test\ncanary.test/v?id=5\nnot an address of ducks\n"
TEST = "http://canary.test/pond/duck.jpg"
BY = ("--by", "Ms Lan")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(TEXT)
    return path


def add(hedgerow: Run, file: Path | str, *more: str, name: str = "iwf", test: str = TEST) -> tuple[int, str, str]:
    return hedgerow("lists", "member", "add", str(file), "--id", name, "--test-url", test, *BY, *more)


def rows(hedgerow: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(hedgerow("lists", "member", "list", "--json")[1])
    return found


def test_its_whole_life(hedgerow: Run, file: Path, school: Path) -> None:
    assert rows(hedgerow) == [] and hedgerow("lists", "member", "list")[0] == FINE
    code, out, err = add(hedgerow, file)
    assert code == FOUND and "3 entries are sealed (2 pages, 1 whole hosts)" in out
    assert "1 lines are no addresses and close nothing: 5" in out and "shred -u FILE" in out
    assert file.exists()  # it is the operator's to destroy
    (row,) = rows(hedgerow)
    assert (row["id"], row["entries"], row["by"], row["selftest"]) == ("iwf", 3, "Ms Lan", "pass")
    code, said, _ = hedgerow("lists", "member", "test")
    assert code == FINE and said.count("pass  iwf  ") == 5 and "ages-5-7" in said and "staff" in said
    explained = hedgerow("explain", "http://duckling.test/x", "--band", "staff", "--json")[1]
    assert json.loads(explained)["rule"] == "member:iwf" and "duckling" not in explained
    listed = hedgerow("lists", "member", "list")[1]
    code, gone, _ = hedgerow("lists", "member", "remove", "iwf", "--reason", "the contract ended", *BY)
    assert code == FINE and rows(hedgerow) == []
    record = hedgerow("record", "list")[1]
    assert "member-only list iwf put in: 3 entries" in record and "taken out  (the contract ended)" in record
    everything = "".join((out, err, said, listed, gone, record, hedgerow("record", "export")[1]))
    assert "duck" not in everything and "canary" not in everything
    kept = b"".join(path.read_bytes() for path in school.rglob("*") if path.is_file())
    assert b"duck" not in kept and b"canary" not in kept


def test_from_standard_input_and_another_content(hedgerow: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"canary.test/pond\n")))
    code, out, _ = add(hedgerow, "-", "--json")
    assert code == FINE and json.loads(out)["entries"] == 1 and json.loads(out)["bad_lines"] == []
    assert add(hedgerow, file)[0] == FOUND
    assert "iwf replaced: 3 entries" in hedgerow("record", "list")[1]
    assert [row["entries"] for row in rows(hedgerow)] == [3]


@pytest.mark.parametrize(
    "text, more, test, code, told",
    [
        (TEXT, (), "http://canary.test/another", FOUND, "does not name its --test-url"),
        (TEXT, (), "not an address", BAD, "--test-url is no address"),
        ("", (), TEST, BAD, "no address in it"),
        ("<html>\n<p>\n<b>\nduckling.test\n", (), "duckling.test", BAD, "no such list"),
        ("duckling.test\n", (), "duckling.test", BAD, "say --smaller"),
        ("duckling.test\n", ("--smaller",), "duckling.test", FINE, ""),
    ],
)
def test_what_is_not_put_in(
    hedgerow: Run, file: Path, text: str, more: tuple[str, ...], test: str, code: int, told: str
) -> None:
    assert add(hedgerow, file)[0] == FOUND
    before = hedgerow("record", "list")[1]
    file.write_text(text)
    found, _, err = add(hedgerow, file, *more, test=test)
    assert found == code and told in err and "canary" not in err and "duckling" not in err
    assert (hedgerow("record", "list")[1] == before) is (code != FINE)


@pytest.mark.parametrize("name", ["IWF", "a b", "../iwf", "x" * 33, ""])
def test_ids(hedgerow: Run, file: Path, name: str) -> None:
    code, _, err = add(hedgerow, file, name=name)
    assert code == BAD and "--id" in err


def test_a_file_where_files_are_watched_and_recorded_is_refused(hedgerow: Run, school: Path) -> None:
    path = school / "local" / "iwf.txt"
    path.write_text(TEXT)
    code, _, err = add(hedgerow, path)
    path.unlink()
    assert code == BAD and "move it away" in err


def test_damaged_gone_and_unknown(hedgerow: Run, file: Path, school: Path) -> None:
    add(hedgerow, file)
    path = State(school / "state").member / "iwf.sealed"
    path.write_bytes(path.read_bytes()[:-3])
    for words in (("list",), ("test",)):
        code, _, err = hedgerow("lists", "member", *words)
        assert code == BAD and "iwf.sealed: damaged" in err
    assert hedgerow("explain", "http://a.test/", "--band", "staff")[0] == BAD
    assert hedgerow("check")[0] == FOUND
    path.unlink()
    code, out, _ = hedgerow("lists", "member", "list")
    assert code == FOUND and "iwf" in out and "GONE" in out
    assert add(hedgerow, file)[0] == FOUND  # put in again
    path.write_bytes(b"torn")
    assert add(hedgerow, file)[0] == FOUND  # also over a damaged one
    path.write_bytes(b"torn")
    assert hedgerow("lists", "member", "remove", "iwf", "--reason", "damaged", *BY)[0] == FINE
    assert hedgerow("lists", "member", "remove", "iwf", "--reason", "again", *BY)[0] == FOUND
    assert hedgerow("lists", "member", "test", "iwf")[0] == FOUND


def test_a_failing_test_is_recorded(hedgerow: Run, file: Path, school: Path) -> None:
    file.write_text("http://canary.test:81/pond\n")
    assert add(hedgerow, file, "--smaller", test="http://canary.test:81/pond")[0] == FINE  # a port the school closes
    code, out, _ = hedgerow("lists", "member", "test")
    assert code == FOUND and "FAIL  iwf  ages-8-10" in out
    assert "failed its self-test in ages-11-13" in hedgerow("record", "list")[1]
    assert rows(hedgerow)[0]["selftest"] == "FAIL" and hedgerow("lists", "member", "list")[0] == FOUND
    hedgerow("lists", "member", "remove", "iwf", "--reason", "x", *BY)


def test_helplines_are_counted_not_named(hedgerow: Run, file: Path) -> None:
    """``hedgerow.internal`` and ``ready.`` below it are protected in every school; here they stand for helplines."""
    for lines, told in (
        ("hedgerow.internal\n", "2 of the helplines are closed"),
        ("hedgerow.internal/x\n", "1 of the helplines have pages"),
    ):
        file.write_text(lines)
        assert add(hedgerow, file, "--smaller", test=lines.strip())[0] == FINE
        warnings = json.loads(hedgerow("check", "--json")[1])["warnings"]
        found = [one["message"] for one in warnings if one["where"] == "state/member"]
        assert any(told in message for message in found) and "internal" not in str(found)
    hedgerow("lists", "member", "remove", "iwf", "--reason", "x", *BY)


def test_at_most_sixteen(hedgerow: Run, file: Path) -> None:
    for number in range(16):
        assert add(hedgerow, file, name=f"l{number}")[0] == FOUND
    code, _, err = add(hedgerow, file, name="one-more")
    assert code == BAD and "16" in err
    assert add(hedgerow, file, name="l3")[0] == FOUND
