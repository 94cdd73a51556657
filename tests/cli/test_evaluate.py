"""``hedgerow evaluate``: what it reads, what it prints, what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE
from tests.cli.conftest import Run
from tests.stores.importing.place import put
from tests.stores.importing.test_e2baseline import LISTS

OWN = "topic: gambling\nlanguage: en\nphrases:\n  - {text: zebra jackpot, weight: 5}\n"
ROWS = [
    {"id": "1", "lang": "en", "topic": "gambling", "label": "harmful", "kind": "page", "text": "zebra jackpot"},
    {"id": "2", "lang": "en", "topic": "gambling", "label": "harmful", "kind": "page", "text": "nobody lists this"},
    {"id": "3", "lang": "en", "topic": "gambling", "label": "innocent", "kind": "post", "text": "a zebra jackpot!"},
    {"id": "4", "lang": "en", "topic": "gambling", "label": "innocent", "kind": "page", "text": "zebras"},
]


@pytest.fixture(scope="module")
def texts(school: Path) -> Path:
    (school / "local" / "words").mkdir()
    (school / "local" / "words" / "gambling.en.yaml").write_text(OWN)
    folder = school / "texts"
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (folder / "page.html").write_text('<html lang="vi"><p>toán học')
    return folder


def test_json(hedgerow: Run, texts: Path) -> None:
    code, out, _ = hedgerow("evaluate", f"mine={texts}", "--no-twins", "--json")
    told = json.loads(out)
    assert code == FINE and {row["source"] for row in told["rows"]} == {"mine"}
    pages = next(r for r in told["rows"] if r["topic"] == "gambling" and r["band"] == "ages-11-13" and not r["typed"])
    assert (pages["caught"], pages["harmful"], pages["stopped"], pages["innocent"]) == (1, 2, 0, 1)
    assert pages["recall_interval"] == [0.0945, 0.9055]
    assert [(row["error"], row["id"]) for row in told["worst"]] == [("false alarm", "3"), ("missed", "2")]
    assert any(row["target"] == "gambling: pages caught" and not row["reached"] for row in told["targets"])


def test_twice_the_same(hedgerow: Run, texts: Path) -> None:
    first, second = (hedgerow("evaluate", str(texts), "--json")[1] for _ in range(2))
    assert first == second and "disguised: zero width" in first


def test_tables_errors_and_a_baseline(hedgerow: Run, texts: Path, tmp_path: Path) -> None:
    e2 = put(tmp_path / "e2", {**LISTS, "lists/weighted": "< nobody lists ><100>\n"})
    table = tmp_path / "table.md"
    code, out, _ = hedgerow("evaluate", str(texts), "--baseline", str(e2), "--markdown", str(table))
    assert code == FINE and table.read_text().strip() in out
    caught = next(line for line in out.splitlines() if line.startswith("| gambling: pages caught | en |"))
    assert "| 50.0% | 2 | 9.5% - 90.5% | **no** | 50.0% |" in caught
    assert "+5 zebra jackpot …a zebra jackpot!… (local/words/gambling.en.yaml:4)" in out


@pytest.mark.parametrize(
    "arguments, problem",
    [
        (("/nowhere",), "/nowhere"),
        (("{texts}", "--band", "ages-99"), "unknown band 'ages-99'"),
        (("{texts}", "--baseline", "{texts}"), "no e2guardian.conf"),
        (("{empty}",), "no texts found"),
        ((), "Missing argument"),
    ],
)
def test_bad_usage(hedgerow: Run, texts: Path, tmp_path: Path, arguments: tuple[str, ...], problem: str) -> None:
    given = (argument.format(texts=texts, empty=tmp_path) for argument in arguments)
    code, _, err = hedgerow("evaluate", *given)
    assert code == BAD and problem in err


def test_a_line_without_a_label(hedgerow: Run, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": 1, "text": "a"}\n')
    code, _, err = hedgerow("evaluate", str(tmp_path / "b.jsonl"))
    assert code == BAD and "b.jsonl:1: label None" in err
