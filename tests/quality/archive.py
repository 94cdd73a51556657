"""The shipped sources, as far as the data archive has files of theirs: what quality and size are measured on.

The archive keeps plain names, one a line, in a file a category; the shipped ``sources.yaml`` says how they are mapped,
trusted and related. Where a source is not in the archive, an older or smaller cousin stands in, named here.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.categories import load_categories
from hedgerow.stores.list_base import Fetched
from hedgerow.stores.sources import Held, Source, load_sources

ROOT = Path(__file__).parents[2]
DAY = datetime(2026, 8, 20, tzinfo=UTC)

_BP_OTHERS = {"blocklistproject-tracking": ("tracking", "scam", "smart-tv"), "blocklistproject-redirect": ("redirect",)}
_BP_OTHERS |= {"blocklistproject-gambling": ("gambling", "gambling_2020")}
_SW_UT1 = ("dating", "dynamic", "gambling", "tunnels", "urlshortener")

FILES: Mapping[str, tuple[str, ...]] = {
    "ut1": ("domains/ut1/*.txt", "domains/ut1/urls/*.txt"),
    "ut1-must-reach": tuple(
        f"benign/ut1_benign/{n}.txt" for n in ("child", "liste_blanche", "liste_bu", "sexual_education")
    ),
    "sinfonietta": ("domains/sinfonietta/*.txt",),
    "blocklistproject": ("domains/blocklistproject/*.txt",),
    "blocklistproject-tracking": tuple(
        f"domains/blocklistproject/{n}.txt" for n in _BP_OTHERS["blocklistproject-tracking"]
    ),
    "blocklistproject-redirect": ("domains/blocklistproject/redirect.txt",),
    "blocklistproject-gambling": ("domains/blocklistproject/gambling.txt",),
    "shadowwhisperer": ("domains/shadowwhisperer/*.txt",),
    "shadowwhisperer-ut1": tuple(f"domains/shadowwhisperer/{n}.txt" for n in _SW_UT1),
    "hosts-vn": ("domains/hostsVN/*.txt",),
    "stevenblack": ("domains/adblock_rust_lists/hosts_urlfilter.txt",),  # a hosts file of ads, like StevenBlack's
    "v2fly": ("domains/v2fly/*.txt",),  # the same data, with all includes resolved
    "swot": ("benign/education_swot.txt",),
    "majestic": ("benign/top100k_alexa2016_ranked.txt",),  # popularity of 2016
}
"""Of each source the archive's files. A file that another source of the same author has is left to that one."""

_TAKEN = {
    "blocklistproject": {name for names in _BP_OTHERS.values() for name in names},
    "shadowwhisperer": set(_SW_UT1),
}


def shipped_sources() -> tuple[Source, ...]:
    lists = ROOT / "blocklists"
    return load_sources(lists / "sources.yaml", categories=load_categories(lists / "categories.yaml").ids)


def archive(data: Path, work: Path) -> list[Fetched]:
    """The sources with the archive's files, laid out in ``work`` as if they had been fetched."""
    by_id = {source.id: source for source in shipped_sources()}
    found = []
    for name, patterns in FILES.items():
        files = [path for pattern in patterns for path in sorted(data.glob(pattern))]
        files = [path for path in files if path.stem not in _TAKEN.get(name, ())]
        if files:
            found.append(_fetched(by_id[name], files, work / name))
    reviewed = ROOT / "blocklists" / by_id["reviewed"].path
    return [*found, Fetched(by_id["reviewed"], Held(reviewed, "reviewed", DAY, DAY, 0))]


def _fetched(source: Source, files: list[Path], folder: Path) -> Fetched:
    held = files[0]
    if len(files) > 1:
        held = folder
        for path in files:
            under = folder / ("urls" if path.parent.name == "urls" else "")
            under.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, under / _called(source.id, path.name))
    return Fetched(replace(source, format="domains"), Held(held, f"archive-{source.id}", DAY, DAY, 0))


def _called(source: str, name: str) -> str:
    """As the source itself calls it: the archive has v2fly's category-social-media-!cn as social-media-not-cn."""
    return f"category-{name.replace('not-cn', '!cn')}" if source == "v2fly" else name
