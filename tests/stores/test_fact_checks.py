from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.errors import Mistakes
from hedgerow.stores.fact_checks import FactCheck, fitting, laid_over, read_fact_checks
from hedgerow.stores.yamlfile import load

ENTRY = """\
fact-checks:
  - name: "Factcheck (a club)"
    url: "https://factcheck.example/"
    languages: [kk, ru]
    place: {country: KZ}
    source: "its own page"
    verified: 2026-11-24
"""


def read(folder: Path, text: str) -> tuple[tuple[FactCheck, ...], str]:
    (folder / "x.yaml").write_text(text, "utf-8")
    mistakes = Mistakes()
    found = read_fact_checks(load(folder / "x.yaml", "x.yaml", mistakes))
    return found, "\n".join(str(mistake) for mistake in mistakes.found)


def test_an_entry(tmp_path: Path) -> None:
    found, told = read(tmp_path, ENTRY)
    assert told == "" and (found[0].host, found[0].country) == ("factcheck.example", "KZ")


@pytest.mark.parametrize(
    "before, after, mistake",
    [
        ("https://factcheck.example/", "http://factcheck.example/", "x.yaml:3:10: an address such as"),
        ("https://factcheck.example/", "https://me@factcheck.example/", "an address such as"),
        ("https://factcheck.example/", "https://[/", "an address such as"),
        ("[kk, ru]", "[kz]", "unknown language 'kz'; known: en, fa"),
        ("KZ", "Kazakhstan", "ISO 3166-1"),
        ("2026-11-24", "2026-11-31", "there is no day"),
        ('    source: "its own page"\n', "", "'source' is missing"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, before: str, after: str, mistake: str) -> None:
    assert mistake in read(tmp_path, ENTRY.replace(before, after))[1]


def check(url: str, languages: tuple[str, ...], country: str = "") -> FactCheck:
    return FactCheck(url, url, languages, country)


ALL = (check("a", ("en",)), check("b", ("kk", "ru"), "KZ"), check("c", ("ru",)), check("d", ("vi",), "VN"))


@pytest.mark.parametrize(
    "language, country, shown",
    [("ru", "KZ", "bc"), ("en", "KZ", "ba"), ("ru", "", "c"), ("fa", "", ""), ("fa", "VN", "d"), ("en", "VN", "da")],
)
def test_the_schools_country_first_then_what_the_reader_can_read(language: str, country: str, shown: str) -> None:
    assert "".join(entry.url for entry in fitting(ALL, language, country)) == shown


def test_a_schools_entry_replaces_ours_with_the_same_address() -> None:
    own = (check("e", ("en",)), FactCheck("better", "a", ("en",)))
    assert [entry.name for entry in laid_over(ALL, own)] == ["e", "better", "b", "c", "d"]
