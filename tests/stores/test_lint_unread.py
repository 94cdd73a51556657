"""What a school leaves undecrypted although the bands judge its inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.model import NoDecrypt, Where
from hedgerow.stores.lint_unread import unread
from hedgerow.stores.linting import Linting
from tests.core.house import lists
from tests.stores.small_world import NOW, loaded

LISTS = lists(
    search="find.test", video="www.films.test", social="chat.test", user_content="pages.test", gambling="bet.test",
    news="paper.test",
)  # fmt: skip


def told(
    folder: Path, host: str, index: object = LISTS, *, file: str = "local/no-decrypt.yaml", below: bool = True
) -> list[str]:
    entry = NoDecrypt(host, "Vendor", "pinned", Where(file, 7), below=below)
    linting = Linting(loaded(folder, {host: entry}), NOW, index)  # type: ignore[arg-type]
    return [str(finding) for finding in unread(linting)]


@pytest.mark.parametrize(
    "host, why",
    [
        ("find.test", "listed as search"),
        ("images.find.test", "listed as search"),
        ("films.test", "listed as video"),
        ("chat.test", "listed as social"),
        ("pages.test", "listed as user-content"),
        ("bet.test", "listed as gambling"),
        ("www.google.com.vn", "a search engine"),
        ("duckduckgo.com", "a search engine"),
        ("m.youtube.com", "a search engine"),
    ],
)
def test_it_is_told(tmp_path: Path, host: str, why: str) -> None:
    (line,) = told(tmp_path, host)
    assert line.startswith(f"local/no-decrypt.yaml:7: {host} is never decrypted and is {why}: what is searched")


@pytest.mark.parametrize("host", ["bank.test", "paper.test", "google.example", "films.example"])
def test_what_no_band_judges_is_not(tmp_path: Path, host: str) -> None:
    assert told(tmp_path, host) == []


def test_only_the_schools_own_lines(tmp_path: Path) -> None:
    assert told(tmp_path, "find.test", file="no-decrypt.yaml") == []


def test_an_exact_line_reaches_nothing_below(tmp_path: Path) -> None:
    assert told(tmp_path, "films.test", below=False) == []


def test_without_an_index_engines_are_known(tmp_path: Path) -> None:
    assert told(tmp_path, "find.test", None) == []
    assert len(told(tmp_path, "bing.com", None)) == 1
