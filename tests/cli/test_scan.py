"""``hedgerow scan``: the contract, by files and by lines, with every way a text can fail to be read."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from tests.cli.conftest import Run

KEYS = {"action", "topic", "score", "language", "alert", "hits"}
OWN = """topic: gambling
language: en
phrases:
  - {text: quizzical lootbox, weight: 2}
  - {text: zebra jackpot, weight: 5}
"""


@pytest.fixture(autouse=True, scope="module")
def words(school: Path) -> None:
    (school / "local" / "words").mkdir()
    (school / "local" / "words" / "gambling.en.yaml").write_text(OWN)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_line_a_file(hedgerow: Run, tmp_path: Path) -> None:
    page, calm = tmp_path / "page.html", tmp_path / "calm.txt"
    page.write_text("<h1>Zebra <b>jackpot</b></h1><script>quizzical lootbox</script>")
    calm.write_text("algebra")
    code, out, err = hedgerow("scan", str(page), str(calm), "--band", "ages-11-13", "--json")
    first, second = map(json.loads, out.splitlines())
    assert code == FOUND and "2 texts" in err
    assert {"file", *KEYS} <= first.keys() and first["file"] == str(page)
    assert (first["action"], first["topic"], first["language"]) == ("block", "gambling", "en")
    by_list = [hit["phrase"] for hit in first["hits"] if hit["where"].startswith("local")]
    assert by_list == ["zebra jackpot"]  # scripts say nothing
    assert first["hits"][0]["where"] == "local/words/gambling.en.yaml:5"
    assert (second["action"], second["topic"], second["score"], second["hits"]) == ("allow", None, 0.0, [])


def test_a_line_a_text(hedgerow: Run, tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        {"id": 1, "text": "quizzical lootbox"},  # 2 is too little for a page
        {"id": "two", "search": "quizzical lootbox"},
        {"id": [3], "text": "quizzical lootbox", "kind": "chat"},
        {"id": None, "html": "<p>zebra jackpot"},
    )
    code, out, _ = hedgerow("scan", "--jsonl", str(path), "--band", "ages-11-13", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == FOUND
    assert [(row["id"], row["action"]) for row in told] == [
        (1, "allow"),
        ("two", "block"),
        ([3], "block"),
        (None, "block"),
    ]
    assert all(KEYS <= row.keys() for row in told) and "file" not in told[0]
    assert told[0]["topic"] == "gambling" and told[0]["score"] == 2.0


def test_bands_differ(hedgerow: Run, tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"id": 1, "search": "zebra jackpot"})
    actions = {}
    for band in ("ages-5-7", "staff"):
        _, out, _ = hedgerow("scan", "--jsonl", str(path), "--band", band, "--json")
        actions[band] = json.loads(out)["action"]
    assert actions == {"ages-5-7": "block", "staff": "monitor"}


def test_files_may_be_what_was_typed(hedgerow: Run, tmp_path: Path) -> None:
    typed = tmp_path / "typed"
    typed.write_text("quizzical lootbox")
    assert hedgerow("scan", str(typed), "--band", "ages-11-13")[0] == FINE
    code, out, _ = hedgerow("scan", str(typed), "--as", "post", "--band", "ages-11-13")
    assert code == FOUND and out.startswith("block") and "local/words/gambling.en.yaml:4" in out


def test_a_bad_line_is_told_and_the_others_are_judged(hedgerow: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "algebra"}\nnonsense\n\n{"id": 4}\n{"id": 5, "text": "algebra"}\n')
    code, out, err = hedgerow("scan", "--jsonl", str(path), "--band", "ages-11-13", "--json")
    assert code == BAD and [json.loads(line)["id"] for line in out.splitlines()] == [1, 5]
    assert f"{path}:2: no JSON" in err and f"{path}:4: one of text, html, search expected" in err
    assert "2 could not be read" in err


def test_standard_input(hedgerow: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments, data in (
        (("-",), b"zebra jackpot"),
        (("--jsonl", "-"), b'{"id": 1, "text": "zebra jackpot"}'),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        code, out, _ = hedgerow("scan", *arguments, "--band", "ages-11-13", "--json")
        assert code == FOUND and json.loads(out)["action"] == "block"


def test_what_cannot_be_opened(hedgerow: Run, tmp_path: Path) -> None:
    calm = tmp_path / "calm.txt"
    calm.write_text("algebra")
    code, out, err = hedgerow("scan", str(tmp_path / "none"), str(tmp_path), str(calm), "--band", "staff", "--json")
    assert code == BAD and len(out.splitlines()) == 1
    assert "none: No such file or directory" in err and f"{tmp_path}: Is a directory" in err


@pytest.mark.parametrize(
    "arguments, problem",
    [
        (("--band", "ages-11-13"), "name files, or --jsonl FILE"),
        (("x.txt",), "--band"),
        (("x.txt", "--band", "ages-99"), "unknown band 'ages-99'; known: ages-5-7"),
        (("x.txt", "--band", "staff", "--at", "soon"), "expected a time such as"),
        (("--jsonl", "/nowhere/a.jsonl", "--band", "staff"), "No such file"),
    ],
)
def test_bad_usage(hedgerow: Run, arguments: tuple[str, ...], problem: str) -> None:
    code, _, err = hedgerow("scan", *arguments)
    assert code == BAD and problem in err


@pytest.mark.parametrize(
    "text", ["\ud800 zebra jackpot", "zebra\u0000 jackpot", "ze\u200bbra jackpot", "ＺＥＢＲＡ jackpot"]
)
def test_strange_characters(hedgerow: Run, tmp_path: Path, text: str) -> None:
    rows = [{"id": key, key: text} for key in ("text", "html", "search")]
    _, out, _ = hedgerow("scan", "--jsonl", str(lines(tmp_path / "a.jsonl", *rows)), "--band", "ages-11-13", "--json")
    assert [json.loads(line)["action"] for line in out.splitlines()] == ["block"] * 3


def test_ten_thousand_lines_take_seconds(hedgerow: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "The teacher wrote twenty sums on the board, and nobody knew what the seventeenth was about. "
    rows = [{"id": number, ("text", "search", "html")[number % 3]: f"{told}{number}"} for number in range(10_000)]
    path = lines(tmp_path / "a.jsonl", *rows)
    started = sum(os.times()[:4])  # with that of the forks
    code, out, _ = hedgerow("scan", "--jsonl", str(path), "--band", "ages-11-13", "--json")
    seconds = sum(os.times()[:4]) - started
    assert code == FINE and len(out.splitlines()) == 10_000
    with capsys.disabled():
        print(f" [scan: {10_000 / seconds:,.0f} lines a second of processor time, start included]", end="")
    assert seconds < 30
