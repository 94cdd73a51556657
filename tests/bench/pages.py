"""What the bench's origin serves: HTML of an exact size, every page different, and pictures nobody reads.

The pages are slices of real ones (``HEDGEROW_DATA``/pages) when they are there, else ordinary messages. A page in which
the shipped words find what counts is left out, so that each one ends as an allowed page that was read from its first
byte to its last.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon
from hedgerow.stores.words import in_force
from tests.shipped import word_lists

PNG = b"\x89PNG\r\n\x1a\n"
ORDINARY = Path(__file__).parents[1] / "quality" / "words" / "training"
_END = b"</div></body></html>\n"


def write(folder: Path, kilobytes: int, count: int) -> None:
    """``count`` pages of exactly ``kilobytes`` KB as ``folder/N.html``."""
    folder.mkdir(parents=True)
    for number, page in enumerate(itertools.islice(allowed(kilobytes * 1024), count)):
        (folder / f"{number}.html").write_bytes(page)


@cache
def _lexicon() -> Lexicon:
    return Lexicon.build(in_force(word_lists()))


def allowed(size: int) -> Iterator[bytes]:
    """Endless pages of that many bytes in which the shipped words find nothing that counts: no topic reaches a third of
    three, the lowest threshold of a page. Raises RuntimeError when few are."""
    lexicon, left_out = _lexicon(), 0
    for page in _slices(size):
        if all(found.score < 1 for found in lexicon.scan(visible_text(page, "text/html").passages)):
            yield page
        elif (left_out := left_out + 1) > 1_000:
            raise RuntimeError(f"the shipped words find something in nearly every page of {size} bytes")


def write_pictures(folder: Path, kilobytes: int, count: int) -> None:
    """Bytes that say they are a PNG: nobody reads on."""
    folder.mkdir(parents=True)
    draw = random.Random(1)
    for number in range(count):
        (folder / f"{number}.png").write_bytes(PNG + draw.randbytes(kilobytes * 1024 - len(PNG)))


def _slices(size: int) -> Iterator[bytes]:
    """Endless: a head of its own, then markup from a place of its own, cut at a character and filled up with spaces."""
    draw = random.Random(2)
    markup = _real() or _sentences()
    starts = [at for at in range(0, len(markup) - size, 997)]
    for number in itertools.count():
        at = draw.choice(starts)
        at = markup.find(b"<", at)
        head = b'<!doctype html><html><head><meta charset="utf-8"><title>Page %d</title></head><body><div>' % number
        body = markup[at : at + size - len(head) - len(_END)].decode("utf-8", "ignore").encode()
        yield (head + body + _END).ljust(size)


def real_pages() -> list[Path]:
    """The real saved pages of this machine, the largest folder of them when there are none: empty."""
    folder = Path(os.environ.get("HEDGEROW_DATA") or "../data") / "pages"
    return sorted(path for path in folder.rglob("*.html") if path.is_file()) if folder.is_dir() else []


def _real() -> bytes:
    return b"\n".join(_inside(path.read_bytes()) for path in real_pages())


def _inside(page: bytes) -> bytes:
    """What stands between a page's body tags, as UTF-8."""
    start, end = page.find(b"<body"), page.rfind(b"</body")
    inner = page[page.find(b">", start) + 1 : end if end > start else None] if start >= 0 else page
    return inner.decode("utf-8", "ignore").encode()


@cache
def sentences() -> tuple[tuple[str, ...], ...]:
    """Ordinary messages, by language. Not the lists' examples: each of these was written to be nearly found, and a
    page of nothing else costs ten times what a page costs."""
    files = (path.read_text("utf-8").splitlines() for path in sorted(ORDINARY.glob("*/crisis-6.txt")))
    texts = ([line.partition("|")[2].strip() for line in lines] for lines in files)
    return tuple(tuple(text for text in found if len(text) > 24) for found in texts)


def _sentences() -> bytes:
    draw, known = random.Random(3), list(itertools.chain.from_iterable(sentences()))
    parts = [
        f'<section><h2>{draw.choice(known)}</h2><p class="t">'
        + ". ".join(draw.choices(known, k=6))
        + f'.</p><ul><li><a href="/{n}">{draw.choice(known)}</a></li></ul></section>'
        for n in range(4_000)
    ]
    return "\n".join(parts).encode()
