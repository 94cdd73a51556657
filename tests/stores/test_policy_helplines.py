"""Helplines as data, and which names they may protect."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.model import Protected, Where
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_floor import FloorBuilder
from hedgerow.stores.policy_helplines import Helpline, Translated, protected_names, read_helplines, shared_platform
from tests.stores.small_world import root, told

ENTRY = """
  - name: "Đường dây"
    number: "111"
    hours: "24/7"
    place: {country: VN, province: "Lào Cai", formerly: ["Yên Bái"]}
    source: "a portal, 2025-07-01"
    verified: 2026-11-20
    status: documented
    host: HOST
"""


def read(
    folder: Path, host: str, shipped: bool = True
) -> tuple[list[Helpline], dict[str, tuple[Protected, ...]], list[str]]:
    (folder / "helplines").mkdir()
    (folder / "helplines" / "vi.yaml").write_text("helplines:" + ENTRY.replace("HOST", host), encoding="utf-8")
    mistakes, floor = Mistakes(), FloorBuilder()
    floor.add(root("sites: {bad.test: block}\ncategories: {malware: block}\n")[0], frozenset({"malware"}))
    found = read_helplines(folder, "", shipped, mistakes)
    names = protected_names(found, floor)
    return [line for line, _ in found], dict(names), told(mistakes)


def test_all_of_it(tmp_path: Path) -> None:
    (line,), names, mistakes = read(tmp_path, "[line.test, facebook.com/our.line]")
    assert mistakes == []
    assert line == Helpline(
        "Đường dây",
        "vi",
        Where("helplines/vi.yaml", 2),
        number="111",
        hours="24/7",
        languages=("vi",),
        country="VN",
        province="Lào Cai",
        formerly=("Yên Bái",),
        source="a portal, 2025-07-01",
        verified=date(2026, 11, 20),
        status="documented",
        hosts=("line.test", "facebook.com/our.line"),
    )
    assert names == {
        "line.test": (Protected("line.test", Where("helplines/vi.yaml", 9)),),
        "facebook.com": (Protected("facebook.com", Where("helplines/vi.yaml", 9), "/our.line"),),
    }


def test_readers_of_another_language_are_told_in_theirs(tmp_path: Path) -> None:
    more = 'HOST\n    short: "Dây"\n    translations: {en: {name: "Line", hours: "all day"}, ru: {hours: "день"}}'
    (line,), _, mistakes = read(tmp_path, more.replace("HOST", "line.test"))
    assert mistakes == []
    assert line.told_in("en") == Translated("Line", "", "all day") and line.short_in("en") == "Line"
    assert line.told_in("ru") == Translated("Đường dây", "", "день") and line.short_in("ru") == "Dây"
    assert line.told_in("vi") == line.told_in("fa") == Translated("Đường dây", "", "24/7")


@pytest.mark.parametrize("wrong", ["{de: {name: a}}", "{en: {number: 1}}"])
def test_a_translation_is_of_what_is_told_in_a_language_of_ours(tmp_path: Path, wrong: str) -> None:
    assert len(read(tmp_path, f"line.test\n    translations: {wrong}")[2]) == 1


@pytest.mark.parametrize(
    "host",
    ["facebook.com", "m.facebook.com", "t.me", "co.uk", "vn", "github.io", "bad.test", "www.bad.test", "=line.test"],
)
def test_names_that_must_not_be_protected(tmp_path: Path, host: str) -> None:
    _, names, mistakes = read(tmp_path, host)
    assert len(mistakes) == 1
    assert names == {} or host.startswith("=")


def test_a_schools_own_ranks_below(tmp_path: Path) -> None:
    _, names, _ = read(tmp_path, "line.test", shipped=False)
    assert [entry.shipped for entry in names["line.test"]] == [False]


@pytest.mark.parametrize(
    "host, platform", [("facebook.com", "facebook.com"), ("a.b.vk.com", "vk.com"), ("notvk.com", ""), ("gov.vn", "")]
)
def test_shared_platform(host: str, platform: str) -> None:
    assert shared_platform(host) == platform


def test_hours_nobody_knows_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "helplines").mkdir()
    text = "helplines:" + ENTRY.replace('"24/7"', "unknown").replace("HOST", "line.test")
    (tmp_path / "helplines" / "vi.yaml").write_text(text, encoding="utf-8")
    mistakes = Mistakes()
    found = read_helplines(tmp_path, "", True, mistakes)
    assert [line.hours for line, _ in found] == [""] and not told(mistakes)
