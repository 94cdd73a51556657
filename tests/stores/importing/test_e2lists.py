from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.stores.importing.e2lists import ListReader
from hedgerow.stores.importing.model import Lists
from hedgerow.stores.importing.reading import Root
from hedgerow.stores.importing.report import Report
from tests.stores.importing.place import put, said

SITES = b"""#listcategory: "Games"
#time: 9 0 17 0 01234
silly.example   # a comment
  Casino.Example
foo.example/path
10.0.0.1-10.0.0.3
**
\xff\xfe.example
a..b
.Include<more>
.Include<gone>
"""


def read(folder: Path, kind: str) -> tuple[ListReader, Report]:
    report = Report("x")
    reader = ListReader(Root(folder), Lists(), report)
    reader.names(folder / "a", kind)
    return reader, report


def test_sites(tmp_path: Path) -> None:
    put(tmp_path, {"a": SITES, "more": "other.example\n.Include<a>\n"})
    reader, report = read(tmp_path, "sitelist")
    first, second = reader.lists.lists
    assert first.names == ["silly.example", "casino.example", "10.0.0.1", "10.0.0.2/31"]
    assert [str(where) for _, where, _ in first.entries()] == ["a:3", "a:4", "a:6", "a:6"]
    assert first.category == "games" and first.week is not None and len(first.week.spans) == 5
    assert second.names == ["other.example"] and second.week is None  # a time holds for its own file
    assert list(reader.blankets.values()) == [[("**", reader.blankets[tmp_path / "a"][0][1])]]
    told = said(report)
    assert "never matched" in told["a:5"] and "not UTF-8" in told["a:8"] and "cannot be read" in told["a:9"]
    assert "no such file" in told["a:11"] and "back to itself" in told["more:2"]


def test_a_file_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, {"a": "one.example\n"})
    reader, _ = read(tmp_path, "sitelist")
    reader.names(tmp_path / "a", "sitelist")
    assert len(reader.lists.lists) == 1


@pytest.mark.parametrize("kind, line, names", [
    ("urllist", "foo.example/path/", ["foo.example/path"]),
    ("urllist", "http://foo.example/x", ["foo.example/x"]),
    ("ipsitelist", "192.0.2.0/255.255.255.0", ["192.0.2.0/24"]),
    ("regexpboollist", r"(^|\.)casino\.com", ["casino.com"]),
    ("regexpboollist", "sex", []),
    ("sitelist", ".gov", ["*.gov"]),
])  # fmt: skip
def test_kinds(tmp_path: Path, kind: str, line: str, names: list[str]) -> None:
    put(tmp_path, {"a": line + "\n"})
    reader, report = read(tmp_path, kind)
    assert reader.lists.lists[0].names == names
    assert bool(names) is not bool(report.rows)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["sitelist", "urllist", "ipsitelist", "regexpboollist"]))
def test_any_bytes(tmp_path: Path, content: bytes, kind: str) -> None:
    put(tmp_path, {"a": content})
    read(tmp_path, kind)
