"""Lists of any size for measuring: real names first, then made ones that look alike.

A made name is a hashed label below a real registrable domain, as trackers and malware use them: it shares as much
with its neighbours as real ones do. Three sources list them, so that many names are listed more than once.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from hedgerow.core.hosts import registrable
from hedgerow.core.model import Where
from hedgerow.stores.formats import Options
from hedgerow.stores.list_base import Fetched
from hedgerow.stores.sources import Held, Role, Source

CATEGORIES = ("adult", "ads-trackers", "education", "gambling", "games", "malware", "phishing", "shopping", "video")
DAY = datetime(2026, 8, 20, tzinfo=UTC)
_OURS = {"phishing_scam": "phishing", "ads_tracking": "ads-trackers", "video_audio": "video", "typosquat": "phishing"}
_OURS |= {name: name for name in CATEGORIES}
_ENDINGS = ("com", "net", "org", "ru", "vn", "co.uk", "xyz", "info", "com.br", "top")
FAMILIES = ("one", "two", "three")

type Row = tuple[str, tuple[str, ...]]
"""A name and its categories."""


def real(data: Path, most: int) -> list[Row]:
    """Of the archive's merged lists, at most so many, evenly from all of them; [] without the archive."""
    path = data / "domains/merged/ALL.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    random.Random(4).shuffle(rows)
    return [(name, _categories(given)) for name, given in rows[:most]]


def _categories(given: str) -> tuple[str, ...]:
    return tuple(sorted({_OURS.get(one, "shopping") for one in given.split(",")}))


def made(count: int, roots: list[str], salt: str = "") -> Iterator[Row]:
    """So many names that nobody lists; ``roots`` are real registrable domains, or none are known."""
    for number in range(count):
        digest = blake2b(f"{salt}{number}".encode(), digest_size=8).hexdigest()
        ending = _ENDINGS[number % len(_ENDINGS)]
        root = roots[number * 7919 % len(roots)] if roots else f"{digest[9:]}{number % 977:x}.{ending}"
        yield f"{digest[: 6 + number % 5]}.{root}", (CATEGORIES[number % len(CATEGORIES)],)


def rows(data: Path, count: int, salt: str = "") -> Iterator[Row]:
    """``count`` names."""
    known = real(data, count)
    yield from known
    roots = sorted({registrable(name) or name for name, _ in islice(known, 50_000)})
    yield from made(count - len(known), roots, salt)


def lists(names: Iterable[Row], folder: Path) -> list[Fetched]:
    """Three sources in ``folder``, a file a category: one has every name, the others a third of them each."""
    with ExitStack() as stack:
        files = {
            (family, category): stack.enter_context(_new(folder / family / f"{category}.txt").open("w"))
            for family in FAMILIES
            for category in CATEGORIES
        }
        for number, (name, categories) in enumerate(names):
            for place, family in enumerate(FAMILIES):
                if place in (0, number % 3):
                    for category in categories:
                        files[family, category].write(f"{name}\n")
    return [fetched(folder / family, family) for family in FAMILIES]


def _new(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def fetched(path: Path, name: str, role: Role = Role.LIST, category: str = "") -> Fetched:
    """A file, or a folder of files called after our categories, as a source."""
    source = Source(
        id=name,
        title=name,
        urls=(f"https://{name}.example/",),
        names=(name,),
        path="",
        format="domains",
        options=Options(),
        category=category,
        categories={one: (one,) for one in CATEGORIES},
        role=role,
        trust=2,
        family=name,
        licence="MIT",
        home=f"https://{name}.example/",
        refresh=timedelta(days=1),
        least_names=1,
        shrink=0.5,
        grow=10.0,
        most_bytes=1 << 30,
        required=False,
        share=True,
        where=Where("sources.yaml", 1),
    )
    return Fetched(source, Held(path, f"{name}-{path.stat().st_mtime_ns:x}", DAY, DAY, 0))
