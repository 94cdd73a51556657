"""The notice and the impact assessment: whole in five languages, with the settings in force, and a school's own."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from hedgerow.stores.errors import PolicyError
from hedgerow.stores.messages import LANGUAGES
from hedgerow.stores.privacy_facts import privacy_folder
from hedgerow.stores.privacy_text import dpia, notice, own_mistakes, privacy_html
from hedgerow.stores.site import Privacy, Site

SCHOOL = Site(
    school="Hoa & Phượng <1>",
    contact={language: "Minh, 12" for language in LANGUAGES},
    reports={"help": ("desk:Lan",), "harmful": ("mailto:lead@school.example",)},
    privacy=Privacy("term", "all", "url", "second", 90, {"Lan": "k", "Minh": "k"}),
)
ON = date(2026, 11, 24)


def source(kind: str, language: str) -> str:
    return (privacy_folder() / f"{kind}.{language}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_texts_are_whole_and_hold_what_is_in_force(language: str) -> None:
    for text in (notice(SCHOOL, language), dpia(SCHOOL, language, ON)):
        assert not re.search(r"\{[a-z]", text)
        assert "Hoa & Phượng <1>" in text and "lead@school.example" in text
        assert ("۹۰" if language == "fa" else "90") in text
    assert "Lan" in notice(SCHOOL, language) and "2026-11-24" in dpia(SCHOOL, language, ON)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["notice", "dpia"])
def test_every_language_has_the_same_parts(kind: str, language: str) -> None:
    """Headings, list lines, rows and filled-in facts stand in the same order as in English."""

    def shape(text: str) -> list[str]:
        lines = [re.match(r"#+|-|\||\{|$|", line) for line in text.splitlines()]
        return [found[0] for found in lines if found is not None]

    english, own = source(kind, "en"), source(kind, language)
    assert shape(own) == shape(english)
    assert sorted(re.findall(r"\{[a-z-]+\}", own)) == sorted(re.findall(r"\{[a-z-]+\}", english))
    assert sorted(re.findall(r"`[^`]+`", own)) == sorted(re.findall(r"`[^`]+`", english))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_a_table_has_all_its_cells(language: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", dpia(SCHOOL, language, ON), re.MULTILINE):
        assert len({row.count("|") for row in table.splitlines()}) == 1, table


def test_less_is_told_where_less_is_kept() -> None:
    assert "full address" in notice(SCHOOL, "en")
    assert "full address" not in notice(Site(), "en") and "30 days" in notice(Site(), "en")


def test_the_portals_page_is_escaped_html() -> None:
    html = privacy_html(SCHOOL, "vi")
    assert "Hoa &amp; Phượng &lt;1&gt;" in html and "<1>" not in html
    assert html.startswith("<h2>") and "<h1" not in html and "<ul><li>" in html


def test_a_school_may_write_its_own_notice(tmp_path: Path) -> None:
    (tmp_path / "privacy").mkdir()
    own = tmp_path / "privacy" / "notice.en.md"
    own.write_text("# Ours\n\nKept for {keep}.\n")
    assert notice(SCHOOL, "en", tmp_path) == "# Ours\n\nKept for 90 days.\n"
    assert notice(SCHOOL, "ru", tmp_path) == notice(SCHOOL, "ru")
    own.write_text("# Ours\n\nKept for {days}.\n")
    with pytest.raises(PolicyError, match=r"local/privacy/notice.en.md:3:10: nothing fills \{days\}; known: .*keep"):
        notice(SCHOOL, "en", tmp_path)


def test_what_is_wrong_with_a_schools_own_texts_is_told_with_its_place(tmp_path: Path) -> None:
    assert list(own_mistakes(SCHOOL, tmp_path)) == []
    own = tmp_path / "privacy"
    own.mkdir()
    (own / "dpia.kk.md").write_text("{school} {date} {keep}\n")
    (own / "notice.vi.md").write_text("Ok\n{keep} {date}\n")
    (own / "notice.ru.md").write_bytes(b"\xff")
    (own / "notice.md").write_text("?")
    told = [str(mistake) for mistake in own_mistakes(SCHOOL, tmp_path)]
    assert [line.partition(": ")[0] for line in told] == [
        "local/privacy/notice.md",
        "local/privacy/notice.ru.md",
        "local/privacy/notice.vi.md:2:8",  # a notice has no date
    ]
    assert "known: notice.vi.md" in told[0] and "is not UTF-8: byte 0xff" in told[1]
