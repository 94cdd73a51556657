"""How many pupils: the arithmetic, the files a page is made of, and the whole measurement in its smallest size."""

from __future__ import annotations

import gzip
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hedgerow.core.sniff import is_readable
from tests.bench import mix
from tests.bench.capacity import (
    BEHAVIOURS,
    CONNECTIONS,
    OPEN,
    SYSTEM_MIB,
    USED,
    Behaviour,
    Box,
    Costs,
    Memory,
    fits,
    size,
)
from tests.bench.needs import why_not
from tests.bench.sizingplot import drawn
from tests.lab.lab import ROOT

COSTS = Costs({kind.key: 1.0 for kind in mix.KINDS}, 2.0)
MEMORY = Memory(worker=200, supervisor=100, portal=50, connection=64)
TYPES = {"html": "text/html", "json": "application/json", "css": "text/css", "js": "application/javascript",
         "woff2": "font/woff2", "jpg": "image/jpeg"}  # fmt: skip


def test_a_page_is_the_issues() -> None:
    assert mix.REQUESTS == 42
    assert [kind.key for kind in mix.KINDS if kind.read] == [k.key for k in mix.KINDS if is_readable(TYPES[k.ending])]


def test_a_page_costs_the_sum_of_its_files_and_connections() -> None:
    assert COSTS.page() == 42 + CONNECTIONS * 2
    assert COSTS.page(cached=1.0) == 10  # one HTML and nine JSON are asked for each time
    assert COSTS.page(cached=0.5) == (COSTS.page() + COSTS.page(1.0)) / 2


def test_pupils_follow_from_the_page() -> None:
    behaviour = Behaviour("x", online=0.25, pages=2, cached=0)
    found = size(COSTS, MEMORY, Box(4, 8192), behaviour, megabytes=2.0)
    a_second = USED * 1000 / 66
    assert found.pages_a_second == pytest.approx(a_second)
    assert found.online == int(a_second * 30) and found.school == int(a_second * 30 * 4 / 0.25)
    assert found.mbit == pytest.approx(a_second * 4 * 16)
    assert found.mib == pytest.approx(SYSTEM_MIB + 150 + 800 + a_second * 30 * 4 * OPEN * 64 / 1024)
    assert fits([found], Box(4, int(found.mib) + 1)) and not fits([found], Box(4, int(found.mib) - 1))


def test_the_worst_is_the_last() -> None:
    schools = [size(COSTS, MEMORY, Box(4, 8192), behaviour, 2.4).school for behaviour in BEHAVIOURS]
    assert schools == sorted(schools, reverse=True)


def test_the_files_are_what_they_say(tmp_path: Path) -> None:
    """Ten seconds: the word lists are compiled, to leave out pages in which they find something."""
    written = mix.write(tmp_path, 3)
    megabytes = sum(one.size * one.kind.count for one in written) / 1e6
    assert 2.2 < megabytes < 2.6, "the median page travels with 2.4 MB"
    for one in written:
        files = [path.read_bytes() for path in sorted((tmp_path / mix.folder(one.kind)).iterdir())]
        assert len(set(files)) == 3, "no cache may answer"
        whole = [gzip.decompress(data) if one.kind.packed else data for data in files]
        assert all(abs(len(data) / 1024 / one.kind.kilobytes - 1) < 0.05 for data in whole)


def test_the_document_speaks_of_these_behaviours() -> None:
    text = (ROOT / "deploy" / "SIZING.md").read_text()
    assert (ROOT / "deploy" / "pictures" / "sizing.svg").read_text().count("<rect") == 1 + len(mix.KINDS) + 1 + 3
    assert [one.name for one in BEHAVIOURS if one.name.rpartition(", ")[2].rpartition(": ")[2] not in text] == []
    assert [kind.label for kind in mix.KINDS if f"| {kind.label}" not in text] == []


def test_the_picture_is_one() -> None:
    picture = ET.fromstring(drawn(COSTS, MEMORY, Box(4, 8192), 2.4))
    assert len([part for part in picture.iter() if part.tag.endswith("rect")]) == 1 + len(mix.KINDS) + 1 + len(
        BEHAVIOURS
    )


@pytest.mark.net
@pytest.mark.long
@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_it_measures_and_every_round_is_valid(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.sizing", "--seconds", "1", "--rounds", "1", "--files", "20"]
    done = subprocess.run(
        [*command, "--svg", str(tmp_path / "x.svg")], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "invalid" not in done.stdout and all(f"| {one.name} |" in done.stdout for one in BEHAVIOURS)
    assert (tmp_path / "x.svg").stat().st_size > 1_000
