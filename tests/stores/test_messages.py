from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hedgerow.core.model import REGISTERS
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.messages import LANGUAGES, Texts, load_messages, shipped_folder, shipped_messages

ENGLISH = shipped_messages()["en"].texts


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_sentence_is_only_the_english_one(language: str) -> None:
    texts = shipped_messages()[language]
    assert not [key for key, text in texts.texts.items() if text == ENGLISH[key]]
    english = {text for form in shipped_messages()["en"].forms.values() for text in form.values()}
    assert not english & {text for form in texts.forms.values() for text in form.values()}


def test_persian_runs_from_right_to_left() -> None:
    assert {language for language in LANGUAGES if shipped_messages()[language].direction == "rtl"} == {"fa"}


def test_a_schools_sentence_lies_over_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text('texts:\n  block.title: "Ask Mr Minh"\n')
    messages = load_messages(shipped_folder(), tmp_path)
    assert messages["en"]["block.title"] == "Ask Mr Minh"
    assert messages["en"]["warn.title"] == ENGLISH["warn.title"]


@pytest.mark.parametrize(
    "text, told",
    [
        (
            'texts:\n  block.lead: "It is closed."\n',
            "local/messages/en.yaml:2:15: 'block.lead' lacks the placeholder {host}",
        ),
        ('texts:\n  block.title: "{host}"\n', "'block.title' has a placeholder {host} that nothing fills"),
        (
            'texts:\n  blok.title: "x"\n',
            "local/messages/en.yaml:2:3: unknown key 'blok.title'; did you mean 'block.title'?",
        ),
        ("direction: rtl\ntexts: {}\n", "unknown key 'direction'"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "en.yaml").write_text(text)
    with pytest.raises(PolicyError) as refused:
        load_messages(shipped_folder(), tmp_path)
    assert told in str(refused.value)


def test_a_shipped_language_says_everything(tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / "ideas", tmp_path / "ideas")
    shutil.copy(shipped_folder() / "fact-checks.yaml", tmp_path)
    for language in LANGUAGES:
        text = (shipped_folder() / f"{language}.yaml").read_text()
        gone = "help.closed" if language == "ru" else "no such key"
        lines = [line for line in text.splitlines() if not line.strip().startswith(gone)]
        (tmp_path / f"{language}.yaml").write_text("\n".join(lines))
    with pytest.raises(PolicyError, match="messages/ru.yaml.*'help.closed' is missing"):
        load_messages(tmp_path)


def test_a_sentence_comes_in_registers_and_plural_forms() -> None:
    forms = {
        "title": {"young": "Oh", "middle": "Hm", "older": "No", "staff": "No"},
        "count": {"one": "{n} отчёт", "few": "{n} отчёта", "many": "{n} отчётов"},
    }
    texts = Texts("ru", "ltr", {"title": "No", "count": "{n} отчётов", "plain": "Hier {n}"}, forms)
    assert [texts.get("title", register) for register in REGISTERS] == ["Oh", "Hm", "No", "No"]
    assert [texts.get("count", n=n) for n in (1, 3, 11, 21)] == ["1 отчёт", "3 отчёта", "11 отчётов", "21 отчёт"]
    assert texts.get("plain", "young") == "Hier {n}" and texts.get("plain", n=4) == "Hier 4"
    with pytest.raises(KeyError):
        texts.get("nowhere")


def test_a_schools_ideas_and_fact_checks_lie_over_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "ideas").mkdir()
    (tmp_path / "ideas" / "en.yaml").write_text('ideas:\n  chess: {idea: "It is old.", question: "Whose move?"}\n')
    (tmp_path / "fact-checks.yaml").write_text(
        'fact-checks: [{name: "Ours", url: "https://ours.example/", languages: [en], source: us, verified: 2026-11-24}]'
    )
    texts = load_messages(shipped_folder(), tmp_path, {"chess"})["en"]
    chess, games = texts.idea("chess"), texts.idea("games")
    assert chess and chess.question == "Whose move?" and games and texts.idea("nothing") is None
    assert [fact.host for fact in texts.fact_checks("")][0] == "ours.example"
    with pytest.raises(PolicyError, match="local/messages/ideas/en.yaml:2:3: unknown key 'chess'"):
        load_messages(shipped_folder(), tmp_path)


def test_a_school_changes_one_register(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text('texts:\n  block.title: {young: "Oh!"}\n')
    texts = load_messages(shipped_folder(), tmp_path)["en"]
    assert texts.get("block.title", "young") == "Oh!" and texts.get("block.title", "middle") != "Oh!"
