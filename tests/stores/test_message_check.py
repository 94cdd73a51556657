"""Every mistake in a file of sentences is told, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.errors import Mistakes, PolicyError
from hedgerow.stores.message_check import checked, main_form, merged, spread
from hedgerow.stores.yamlfile import load

ENGLISH = """\
texts:
  title: {young: "Oh", older: "Closed"}
  lead: {young: "Not now", older: "{host} is closed", staff: "{host}: closed"}
  count: {one: "{n} report", other: "{n} reports"}
  name: "Hedgerow"
"""
WHOLE = """\
language: ru
same-as-english: [name]
texts:
  title: {young: "Ой", older: "Закрыто"}
  lead: {young: "Не сейчас", older: "{host} закрыт", staff: "{host}: закрыт"}
  count: {one: "{n} отчёт", few: "{n} отчёта", many: "{n} отчётов"}
  name: "Hedgerow"
"""


def told(folder: Path, text: str, complete: bool = True, language: str = "ru") -> list[str]:
    mistakes = Mistakes()
    (folder / "en.yaml").write_text(ENGLISH, "utf-8")
    (folder / "other.yaml").write_text(text, "utf-8")
    english = checked(load(folder / "en.yaml", "en.yaml", mistakes), None, "en")
    checked(load(folder / "other.yaml", "x.yaml", mistakes), english, language, complete)
    try:
        mistakes.raise_if_any()
    except PolicyError as error:
        return str(error).splitlines()
    return []


def test_a_whole_file_has_no_mistake(tmp_path: Path) -> None:
    assert told(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    "before, after, mistake",
    [
        ('young: "Ой", ', "", "x.yaml:4:10: 'title' lacks the register 'young'"),
        ('older: "Закрыто"', 'oldest: "Закрыто"', "unknown key 'oldest'; did you mean 'older'?"),
        (', staff: "{host}: закрыт"', "", "'lead' lacks the register 'staff'"),
        ('{young: "Ой", older: "Закрыто"}', '"Закрыто"', "'title' lacks the register 'young'"),
        ('few: "{n} отчёта", ', "", "x.yaml:6:10: 'count' lacks the plural form 'few'"),
        ('{one: "{n} отчёт", few: "{n} отчёта", many: "{n} отчётов"}', '"{n}?"', "'count' lacks the plural form 'one'"),
        ("{n} отчётов", "много отчётов", "'count' lacks the placeholder {n}"),
        ('older: "{host} закрыт"', 'older: "закрыт"', "x.yaml:5:37: 'lead' lacks the placeholder {host}"),
        ("Не сейчас", "{host} потом", "'lead' has a placeholder {host} that nothing fills"),
        ("Закрыто", "Closed", "'title' is only the English sentence"),
        ("[name]", "[]", "x.yaml:7:9: 'name' is only the English sentence; a name that stays so goes to"),
        ("[name]", "[name, nome]", "x.yaml:2:25: same-as-english: there is no sentence 'nome'"),
        ('  name: "Hedgerow"\n', "", "'name' is missing"),
        ('"Закрыто"', '""', "nothing stands here"),
        ('"Закрыто"', "[a]", "text expected, not a list"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, before: str, after: str, mistake: str) -> None:
    assert before in WHOLE
    assert any(mistake in line for line in told(tmp_path, WHOLE.replace(before, after))), mistake


def test_vietnamese_has_one_form_for_every_number(tmp_path: Path) -> None:
    vietnamese = 'texts: {count: "{n} báo cáo"}\n'
    assert told(tmp_path, vietnamese, complete=False, language="vi") == []
    assert "lacks the plural form 'one'" in told(tmp_path, vietnamese, complete=False, language="kk")[0]


def test_a_school_may_change_one_register_and_no_other(tmp_path: Path) -> None:
    own = 'texts:\n  title: {young: "Ай"}\n  count: {few: "{n} письма"}\n'
    assert told(tmp_path, own, complete=False) == []
    base = {"title": {"young": "Ой", "older": "Нет"}, "count": {"one": "1"}}
    assert merged(base, {"title": {"young": "Ай"}})["title"] == {"young": "Ай", "older": "Нет"}
    assert merged(base, {"title": {"": "Ай"}})["title"] == {"": "Ай"}
    assert merged({"title": {"": "Нет"}}, {"title": {"young": "Ай"}})["title"] == {"": "Нет", "young": "Ай"}


@pytest.mark.parametrize(
    "form, spoken, main",
    [
        ({"": "a"}, ("a", "a", "a", "a"), "a"),
        ({"": "a", "young": "y"}, ("y", "a", "a", "a"), "a"),
        ({"middle": "m", "older": "o"}, ("m", "m", "o", "o"), "o"),
        ({"young": "y", "older": "o", "staff": "s"}, ("y", "o", "o", "s"), "o"),
    ],
)
def test_a_register_left_out_speaks_as_the_next_older_one(
    form: dict[str, str], spoken: tuple[str, ...], main: str
) -> None:
    assert tuple(spread(form).values()) == spoken and main_form(form) == main


def test_the_plurals_main_form_is_the_most_general_one() -> None:
    assert main_form({"one": "1", "few": "2", "many": "5"}) == "5"
    assert spread({"one": "1", "other": "2"}) == {"one": "1", "other": "2"}
