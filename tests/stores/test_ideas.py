from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from hedgerow.stores.errors import Mistakes
from hedgerow.stores.ideas import Idea, read_ideas
from hedgerow.stores.yamlfile import load

ENGLISH = {"games": Idea("Games are made so that one goes on.", "When do I stop?")}


def read(folder: Path, text: str, known: Collection[str] = ()) -> tuple[dict[str, Idea], str]:
    (folder / "x.yaml").write_text(text, "utf-8")
    mistakes = Mistakes()
    found = dict(read_ideas(load(folder / "x.yaml", "ideas/x.yaml", mistakes), ENGLISH, known))
    return found, "\n".join(str(mistake) for mistake in mistakes.found)


def test_an_idea_and_its_question(tmp_path: Path) -> None:
    found, told = read(tmp_path, 'ideas:\n  games: {idea: "Nó giữ ta lại.", question: "Khi nào dừng?"}\n')
    assert found == {"games": Idea("Nó giữ ta lại.", "Khi nào dừng?")} and told == ""


def test_children_up_to_ten_are_told_it_in_one_breath(tmp_path: Path) -> None:
    found, told = read(tmp_path, 'ideas:\n  games: {idea: "Nó giữ ta lại.", question: "Khi nào?", young: "Vui."}\n')
    assert told == "" and [found["games"].told(register) for register in ("young", "middle", "staff")] == [
        "Vui.",
        "Nó giữ ta lại.",
        "Nó giữ ta lại.",
    ]
    assert ENGLISH["games"].told("young") == ENGLISH["games"].idea  # where nothing shorter is written


@pytest.mark.parametrize(
    "text, mistake",
    [
        ('ideas:\n  games: {idea: "Nó."}\n', "ideas/x.yaml:2:10: 'question' is missing"),
        ('ideas:\n  gams: {idea: "A.", question: "B?"}\n', "unknown key 'gams'; did you mean 'games'?"),
        ("ideas: {}\n", "no idea for 'games'"),
        ('ideas:\n  games: {idea: "A.", question: "When do I stop?"}\n', "2:33: the question for 'games' is only the"),
        (f'ideas:\n  games: {{idea: "{"a" * 201}", question: "B?"}}\n', "at most 200"),
        ("language: vi\n", "'ideas' is missing"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistake in read(tmp_path, text)[1]


def test_a_school_writes_what_it_changes_and_what_is_its_own(tmp_path: Path) -> None:
    found, told = read(tmp_path, 'ideas:\n  chess: {idea: "A.", question: "B?"}\n', known={"games", "chess"})
    assert set(found) == {"chess"} and told == ""
