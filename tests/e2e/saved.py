"""Twenty saved pages for a browser, each drawn with parts from a host that stands in no list.

Every relative picture, style and script of a saved page is moved to ``parts-N.test``; what was not saved with it is
replaced by a stand-in of its type. At the end of each page stands one probe of every kind of part, a part of a listed
adult site, and a frame of an unlisted page. Without a folder of real data the pages are invented here.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

PAGES = 20
ADULT, KNOWN_GOOD = "www.pornhub.com", "cdn.datatables.net"
_FOLDERS = {"docs/handbook_en": 4, "docs/handbook_fa": 2, "docs/handbook_ru": 2, "docs/handbook_ar": 1,
            "docs/install_vi": 2, "docs/install_ru": 1, "docs/maint_vi": 1, "docs/libreoffice_vi": 1,
            "docs/gimp_ru": 2, "udhr": 4}  # fmt: skip
_DECLARATIONS = ("kaz", "pes_1", "rus", "vie")  # one for each language of ours that is not English
_PART = re.compile(r"""(<(?:img|script|link)\b[^>]*?\b(?:src|href)=)(["'])(?![a-z]+:|//|#)([^"'>]+)\2""", re.IGNORECASE)
_DRAWN = re.compile(r"\.(png|gif|jpe?g|svg|css|js|ico|woff2?|ttf)$", re.IGNORECASE)
_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")
_WORDS = "The pond behind our school froze last winter, and in spring the frogs came back to it one by one. "


@dataclass(frozen=True, slots=True)
class Saved:
    """One page: its host, the unlisted host of its parts, and sentences a reader must find on it."""

    host: str
    parts: str
    source: str
    said: tuple[str, ...]


def save(served: Path, data: Path | None) -> list[Saved]:
    """Write the pages with all their parts below ``served/HOST/``, as the lab's origin serves them."""
    pages = list(_real(data / "pages") if data else _own())
    assert len(pages) == PAGES
    done = [_write(served, number, *page) for number, page in enumerate(pages, 1)]
    for host in (ADULT, KNOWN_GOOD):
        _put(served / host / "picture.png", _png(120, (190, 40, 90)))
    _put(served / KNOWN_GOOD / "table.css", b":root{--known-good:yes}")
    _put(served / "frame.test" / "index.html", b"<!doctype html><p>origin-ok framed words</p>")
    return done


def _real(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Pages of a middle size from each collection: the same ones at every run."""
    for name, count in _FOLDERS.items():
        files = sorted(p for p in (folder / name).rglob("*.html") if 9_000 < p.stat().st_size < 60_000)
        files = [path for path in files if name != "udhr" or path.stem in _DECLARATIONS]
        step = max(1, len(files) // count)
        for path in files[step // 2 :: step][:count]:
            yield f"{name}/{path.name}", path.read_bytes().decode("utf-8", "replace"), path.parent


def _own() -> Iterator[tuple[str, str, Path]]:
    for number in range(PAGES):
        text = f"<p>{_WORDS}</p>" * (8 + number)
        head = '<link rel="stylesheet" href="own/style.css"><script src="own/code.js"></script>'
        yield (
            f"own-{number}",
            f'<!doctype html><html lang="en"><head>{head}</head><body><h1>Our pond, part {number}</h1>\
<img src="own/pond.png" alt="">{text}</body></html>',
            Path("/nonexistent"),
        )


def _write(served: Path, number: int, source: str, page: str, beside: Path) -> Saved:
    host, parts = f"saved-{number}.test", f"parts-{number}.test"
    page = re.sub(r"<meta[^>]+http-equiv=[\"']?content-security[^>]*>", "", page, flags=re.IGNORECASE)

    def moved(match: re.Match[str]) -> str:
        path = match[3].partition("?")[0]
        if not _DRAWN.search(path):
            return match[0]
        path = re.sub(r"^(\.*/)+|//+", lambda m: "" if m.start() == 0 else "/", path)
        _put(served / parts / path, _part(beside, path))
        return f"{match[1]}{match[2]}https://{parts}/{path}{match[2]}"

    page = _PART.sub(moved, page)
    told = LexborHTMLParser(page)
    for name in ("probe.png", "probe.css", "probe.js", "probe.ttf", "probe.json"):
        _put(served / parts / name, _part(Path("/nonexistent"), name))
    cut = page.lower().rfind("</body>")
    page = page[:cut] + _probes(parts) + page[cut:] if cut >= 0 else page + _probes(parts)
    _put(served / host / "index.html", page.encode())
    return Saved(host, parts, source, _sentences(told))


def _probes(parts: str) -> str:
    """One part of every kind, below the text."""
    return f"""<link rel="stylesheet" href="https://{parts}/probe.css">
<link rel="stylesheet" href="https://{KNOWN_GOOD}/table.css">
<p id="probe-font" style="font-family:probe,monospace">iiiiiiii</p>
<style>@font-face{{font-family:probe;src:url(https://{parts}/probe.ttf)}}</style>
<img id="probe-image" src="https://{parts}/probe.png" alt="pond">
<img id="known-good" src="https://{KNOWN_GOOD}/picture.png" alt="known">
<img id="adult" src="https://{ADULT}/picture.png" alt="closed">
<iframe id="frame" src="https://frame.test/" width="300" height="60"></iframe>
<script src="https://{parts}/probe.js"></script>
<script>fetch("https://{parts}/probe.json").then(r => r.ok ? r.json() : {{}})
  .then(j => window.json = j.pond || "refused",
  () => window.json = "refused")</script>"""


def _part(beside: Path, path: str) -> bytes:
    real = beside / path
    if real.is_file() and not path.endswith(".css"):
        return real.read_bytes()
    suffix = path.rpartition(".")[2].lower()
    if suffix == "css":
        own = real.read_bytes() if real.is_file() else b"body{max-width:60em;margin:1em auto;line-height:1.5}"
        return own + b"\n:root{--drawn:yes}"
    if suffix == "js":
        return b"window.drawn = (window.drawn || 0) + 1;"
    if suffix == "json":
        return b'{"pond": "json of another host"}'
    if suffix in ("ttf", "woff", "woff2"):
        return next((Path(font).read_bytes() for font in _FONTS if Path(font).is_file()), b"")
    if suffix == "svg":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90"/></svg>'
    return _png(90, (60, 120, 180))


def _png(side: int, colour: tuple[int, int, int]) -> bytes:
    """A square of one colour (PNG, RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * side) * side
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _sentences(page: LexborHTMLParser) -> tuple[str, ...]:
    """Beginnings of the longest paragraphs, without spaces: a browser sets those as it likes."""
    texts = ["".join(node.text().split()) for node in page.css("p, li")]
    return tuple(text[:40] for text in sorted(texts, key=len, reverse=True)[:8] if len(text) > 30)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
