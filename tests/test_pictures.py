"""The gallery shows every page there is, in files small enough for a repository; the script that makes them runs."""

from __future__ import annotations

import importlib
import re
import shutil
import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType

import pytest

from hedgerow.proxy.pages.model import PageKind
from hedgerow.stores.messages import LANGUAGES
from tests.shipped import ROOT

FOLDER = ROOT / "deploy" / "pictures"
SHOWN = re.findall(r"\]\(([\w-]+\.png)\)", (FOLDER / "README.md").read_text("utf-8"))


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    for module in ("make", "palette", "samples"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return importlib.import_module(name)


def test_every_kind_is_shown_in_every_language() -> None:
    assert {f"{kind}-{language}.png" for kind in PageKind for language in LANGUAGES} <= set(SHOWN)


def test_what_is_shown_is_there_and_what_is_there_is_shown() -> None:
    assert sorted(SHOWN) == sorted(path.name for path in FOLDER.glob("*.png"))


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_small(name: str) -> None:
    """8 bits and a palette; 360 px wide, but for the desk and the paper."""
    picture = (FOLDER / name).read_bytes()
    width, _, depth, kind = struct.unpack(">IIBB", picture[16:26])
    assert (depth, kind) == (8, 3) and len(picture) < 32_000
    assert width == (1000 if name in ("look-desk.png", "look-paper.png") else 360)


def png(rows: list[bytes], width: int, kind: int = 2, interlaced: int = 0) -> bytes:
    """Rows with their filter byte."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, len(rows), 8, kind, 0, 0, interlaced)
    data = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "second",
    [
        b"\x00\xff\x00\x00\x00\x00\xff",
        b"\x01\xff\x00\x00\x01\x00\xff",  # minus the left
        b"\x02\xff\x00\x00\x00\x00\xff",  # minus the one above, which is black
        b"\x03\xff\x00\x00\x81\x00\xff",  # minus the mean
        b"\x04\xff\x00\x00\x01\x00\xff",  # Paeth
    ],
)
def test_a_palette_keeps_the_picture(second: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    made = script("palette", monkeypatch).small(png([bytes(7), second], 2))
    start = made.index(b"PLTE") + 4
    palette = [made[at : at + 3] for at in range(start, start + 9, 3)]
    size = struct.unpack(">I", made[made.index(b"IDAT") - 4 : made.index(b"IDAT")])[0]
    data = zlib.decompress(made[made.index(b"IDAT") + 4 :][:size])
    assert [palette[place] for place in (data[1], data[2], data[4], data[5])] == [
        bytes(3), bytes(3), b"\xff\x00\x00", b"\x00\x00\xff",
    ]  # fmt: skip


def test_a_rare_colour_becomes_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    palette = script("palette", monkeypatch)
    common = [bytes((n, n, n)) * (2 if n else 9) for n in range(0, palette.COLOURS * 3, 3)]
    row = b"\x00" + b"".join(common) + b"\x01\x01\x01"
    made = palette.small(png([row], (len(row) - 1) // 3))
    assert made.count(b"PLTE") == 1 and len(made) < 400


@pytest.mark.parametrize("kind, interlaced", [(3, 0), (2, 1)])
def test_another_form_is_refused(kind: int, interlaced: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="not interlaced"):
        script("palette", monkeypatch).small(png([bytes(7)], 2, kind, interlaced))


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_the_script_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them here: all take minutes."""
    make = script("make", monkeypatch)
    only = [next(one for one in make.pictures() if one.name == "limit-kk")]
    monkeypatch.setattr(make, "pictures", lambda: iter(only))
    make.main(tmp_path)
    assert (tmp_path / "limit-kk.png").read_bytes()[25] == 3
    assert "![limit-kk](limit-kk.png)" in (tmp_path / "README.md").read_text("utf-8")
