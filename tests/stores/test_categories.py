"""categories.yaml and no-decrypt.yaml: what they give, and every mistake with its place."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from hedgerow.core.model import Action
from hedgerow.stores.categories import load_categories, load_no_decrypt
from hedgerow.stores.errors import PolicyError

_NAMES = 'names: {vi: "v", en: "e", fa: "f", kk: "k", ru: "r"}'
_DEFAULTS = "defaults: {ages-5-7: block, ages-8-10: limit, ages-11-13: warn, ages-14-17: monitor, staff: allow}"
_CATEGORY = f"    description: d\n    {_NAMES}\n    {_DEFAULTS}\n    why: w\n"
_KEPT = "".join(f"  {name}:\n{_CATEGORY}" for name in ("illegal", "malware", "phishing"))
_VENDOR = 'vendor: V, reason: r, source: "a page", date: 2026-11-23'


def categories(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "categories.yaml"
    path.write_text(f"categories:\n{_KEPT}{text}", encoding="utf-8")
    return path


def no_decrypt(folder: Path, *items: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "no-decrypt.yaml"
    path.write_text("no-decrypt:\n" + "".join(f"  - {{{item}}}\n" for item in items), encoding="utf-8")
    return path


def test_a_table_of_categories(tmp_path: Path) -> None:
    table = load_categories(categories(tmp_path, f"  games:\n{_CATEGORY}"))
    assert table.ids == ("illegal", "malware", "phishing", "games") == tuple(table)
    assert len(table) == 4 and "games" in table and "gamse" not in table
    games = table["games"]
    assert games.defaults["ages-8-10"] is Action.LIMIT
    assert (games.description, games.why, games.where.line) == ("d", "w", 18)
    assert (table.name("games", "kk"), table.name("games", "de"), table.name("other", "kk")) == ("k", "e", "other")
    assert pickle.loads(pickle.dumps(table)) == table  # the supervisor hands it to its workers


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("  games: {}\n", "'description' is missing"),
        (f"  games:\n{_CATEGORY.replace('staff: allow', 'staff: open')}", "unknown action 'open'; known: allow"),
        (f"  games:\n{_CATEGORY.replace(', staff: allow', '')}", "'staff' is missing"),
        (f"  games:\n{_CATEGORY.replace('staff: ', 'teachers: ')}", "unknown key 'teachers'"),
        (f"  games:\n{_CATEGORY.replace(', kk: "k"', '')}", "'kk' is missing"),
        (f"  games:\n{_CATEGORY}    color: red\n", "unknown key 'color'"),
        ("  malware: {}\n", "malware"),  # a key twice
    ],
)
def test_mistakes_in_categories(tmp_path: Path, text: str, mistake: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_categories(categories(tmp_path, text))
    assert any(mistake in str(one) and str(one).startswith("categories.yaml:") for one in caught.value.mistakes)


def test_what_the_floor_blocks_must_be_a_category(tmp_path: Path) -> None:
    path = tmp_path / "categories.yaml"
    path.write_text(f"categories:\n  games:\n{_CATEGORY}")
    with pytest.raises(PolicyError, match="category 'malware' is missing: the package's floor blocks it"):
        load_categories(path)


def test_vendors(tmp_path: Path) -> None:
    path = no_decrypt(tmp_path, f'names: [Push.Apple.com, "=gs.apple.com"], {_VENDOR}')
    table = load_no_decrypt(path)
    assert {host: entry.below for host, entry in table.items()} == {"push.apple.com": True, "gs.apple.com": False}
    assert str(table["gs.apple.com"].where) == "no-decrypt.yaml:2"
    assert (table["gs.apple.com"].vendor, table["gs.apple.com"].reason) == ("V", "r")
    assert pickle.loads(pickle.dumps(table)) == table


def test_the_schools_own_vendors_are_laid_over(tmp_path: Path) -> None:
    shipped = no_decrypt(tmp_path, f"names: [bank.example], {_VENDOR}")
    own = no_decrypt(tmp_path / "local", f'names: ["=bank.example", exam.example], {_VENDOR}')
    table = load_no_decrypt(shipped, own, tmp_path / "missing.yaml")
    assert table["bank.example"].below is False
    assert str(table["exam.example"].where) == "local/no-decrypt.yaml:2"


@pytest.mark.parametrize(
    ("item", "mistake"),
    [
        (f"names: [github.io], {_VENDOR}", "strangers' sites would pass unread"),
        (f"names: [com], {_VENDOR}", "strangers' sites would pass unread"),
        (f'names: ["192.0.2.1"], {_VENDOR}', "an address"),
        (f"names: [a.example/path], {_VENDOR}", "is no host name"),
        (f'names: ["*.a.example"], {_VENDOR}, port: 5', "unknown key 'port'"),
        (f"names: a.example, {_VENDOR}", "a list expected"),
        ('names: [a.example], vendor: V, reason: r, source: ""', "'date' is missing"),
        ('names: [a.example], vendor: V, reason: r, source: "", date: 2026-11-23', "nothing stands here"),
        ("names: [a.example], vendor: V, reason: r, source: s, date: today", "a date YYYY-MM-DD expected"),
    ],
)
def test_mistakes_in_vendors(tmp_path: Path, item: str, mistake: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_no_decrypt(no_decrypt(tmp_path, item))
    assert any(mistake in one.message and one.line == 2 for one in caught.value.mistakes), str(caught.value)


@pytest.mark.parametrize("encoding, told", [("utf-16", "begins with a byte order mark"), ("utf-16-le", "U+0000")])
@pytest.mark.parametrize("name", ["categories", "no-decrypt"])
def test_a_file_that_is_no_text_is_told_as_that_and_nothing_else(
    tmp_path: Path, name: str, encoding: str, told: str
) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(f"{name}: []\n".encode(encoding))
    with pytest.raises(PolicyError) as caught:
        load_categories(path) if name == "categories" else load_no_decrypt(path)
    (mistake,) = caught.value.mistakes
    assert told in mistake.message
