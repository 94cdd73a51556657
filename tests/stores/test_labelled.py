"""Labelled texts of all the forms they come in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.stores.labelled import OTHER, LabelError, Labelled, labelled

OURS = {
    "id": "vi-adult-1",
    "lang": "vi",
    "topic": "adult",
    "label": "harmful",
    "kind": "search",
    "genre": "g",
    "text": "t",
}
ARCHIVE = {"id": "x-1", "lang": "fa", "label": "offensive", "kind": "comment", "tags": [], "source": "s", "text": "t"}


def read(path: Path, *rows: object) -> list[Labelled]:
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return list(labelled("here", path))


def test_our_own_form_and_the_archives(tmp_path: Path) -> None:
    ours, archive = read(tmp_path / "a.jsonl", OURS, ARCHIVE)
    assert ours == Labelled("here", "vi-adult-1", "vi", "adult", True, "search", "g", "t")
    assert archive == Labelled("here", "x-1", "fa", "abuse", True, "comment", "", "t")


@pytest.mark.parametrize("label, harmful", [("innocent", False), ("benign", False), ("toxic", True), ("harmful", True)])
def test_labels(tmp_path: Path, label: str, harmful: bool) -> None:
    (one,) = read(tmp_path / "a.jsonl", {**OURS, "label": label})
    assert one.harmful is harmful


def test_what_is_not_said(tmp_path: Path) -> None:
    (one,) = read(tmp_path / "a.jsonl", {"label": "benign", "lang": "de", "html": "<p>é"})
    assert (one.id, one.language, one.kind, one.html.decode()) == ("a-1", OTHER, "page", "<p>é")


@pytest.mark.parametrize(
    "row, problem",
    [
        ({"text": "t"}, "label None; known: benign, harmful"),
        ({"label": "benign"}, "one of text, html expected"),
        ({"label": "benign", "text": "t", "html": "h"}, "one of text, html expected"),
        ({"label": "benign", "text": 4}, "one of text, html expected"),
        (["benign"], "a.jsonl:2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object, problem: str) -> None:
    with pytest.raises(LabelError, match="a.jsonl:2") as error:
        read(tmp_path / "a.jsonl", OURS, row)
    assert problem in str(error.value)


def test_a_folder_of_pages_is_harmless(tmp_path: Path) -> None:
    for name, html in {
        "udhr/vie.html": "<p>x",
        "docs/handbook_fa/a.html": "<p>x",
        "docs/b.htm": '<html class=a lang="ru-RU"><p>x',
        "docs/c.html": '<html lang="de"><p>x',
        "docs/d.txt": "no page",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(html)
    (tmp_path / "e.jsonl").write_text(json.dumps(OURS))
    found = list(labelled("here", tmp_path))
    languages = {one.id: one.language for one in found}
    assert languages == {
        "docs/b.htm": "ru",
        "docs/c.html": OTHER,
        "docs/handbook_fa/a.html": "fa",
        "udhr/vie.html": "vi",
        "vi-adult-1": "vi",
    }
    assert [one.harmful for one in found] == [one.id == "vi-adult-1" for one in found]
