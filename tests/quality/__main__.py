"""What the shipped sources close of what ought to be open: ``python -m tests.quality DATA`` (the unpacked archive).

Prints the tables of ``blocklists/README.md``, "How good the lists are". Three ways to believe the same lists stand side
by side: any word counts; the written rule; and the rule with half of the education evidence, asked about the other
half, for a school whose name nobody has noted down.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hedgerow.core.by_lists import Verdict, by_lists
from hedgerow.core.model import Band, Floor, Index
from hedgerow.stores.categories import load_categories
from hedgerow.stores.formats import Found, parts
from hedgerow.stores.index_layers import AnyIndex
from hedgerow.stores.list_base import Fetched, build_base, gather
from hedgerow.stores.list_quality import Judge, Tally, site_names, tally
from hedgerow.stores.lists import Report, build, open_index
from hedgerow.stores.policies import load_policy
from hedgerow.stores.sources import Role
from tests.quality.archive import ROOT, archive

HARM = ("adult", "gambling", "malware", "phishing", "proxy-vpn")
MUST = ("liste_bu", "child", "sexual_education")
Sites = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class House:
    """Shipped bands and floor, and what is built and asked."""

    data: Path
    work: Path
    categories: tuple[str, ...]
    bands: Mapping[str, Band]
    floor: Floor

    def index(self, name: str, fetched: Sequence[Fetched]) -> AnyIndex:
        out = self.work / name
        build_base(fetched, self.categories, out, Report())
        return open_index(build([ROOT / "blocklists" / "seed"], self.categories, out))

    def tallies(self, index: AnyIndex, sites: Sites) -> dict[str, Tally]:
        def judge(band: Band) -> Judge:
            return lambda host, path: by_lists(index, host, path, band, self.floor)

        return tally(sites, {name: judge(band) for name, band in self.bands.items()}, lambda v: _sources(index, v))


def _sources(index: Index, verdict: Verdict) -> Iterator[str]:
    if verdict.match is not None:
        yield from (entry.source for entry in index.explain(verdict.match, verdict.category))


def house(data: Path, work: Path) -> House:
    table = load_categories(ROOT / "blocklists" / "categories.yaml")
    policy = load_policy(ROOT / "policies", work / "none", table, {}).policy
    return House(data, work, table.ids, policy.bands, policy.floor)


def believed_all(fetched: Sequence[Fetched]) -> list[Fetched]:
    """Any word counts: full trust, no evidence."""
    return [replace(one, source=replace(one.source, trust=9)) for one in fetched if one.source.role is Role.LIST]


def halved(fetched: Sequence[Fetched], work: Path) -> tuple[list[Fetched], Sites]:
    """The sources with every second school left out, and those left out."""
    found, left = [], []
    for one in fetched:
        if one.source.id == "swot":
            lines = one.held.path.read_text().splitlines()
            half = work / "half.txt"
            half.write_text("\n".join(lines[::2]))
            left = [(name, "/") for name in lines[1::2]]
            one = replace(one, held=replace(one.held, path=half, version="half"))
        found.append(one)
    return found, left


def agreement(fetched: Sequence[Fetched], index: AnyIndex) -> dict[str, tuple[int, int]]:
    """Of names that two or more publishers call so: how many there are, and how many stay so."""
    said: dict[str, dict[str, set[str]]] = {category: defaultdict(set) for category in HARM}
    for one in fetched:
        if one.source.role is Role.LIST:
            _note(one, said)
    return {category: _kept(category, names, index) for category, names in said.items()}


def _note(one: Fetched, said: Mapping[str, dict[str, set[str]]]) -> None:
    publisher = one.source.id.split("-")[0]
    for part in parts(one.held.path, one.source.format, one.source.options):
        for category in set(one.source.ours(part.category) or ()) & said.keys():
            for row in part.rows():
                if isinstance(row, Found) and not row.path:
                    said[category][row.host].add(publisher)


def _kept(category: str, names: Mapping[str, set[str]], index: AnyIndex) -> tuple[int, int]:
    agreed = [name for name, publishers in names.items() if len(publishers) > 1]
    kept = sum(any(category in match.categories for match in index.match(name)) for name in agreed)
    return len(agreed), kept


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "none").mkdir()
        school, fetched = house(data, work), archive(data, work / "fetched")
        half, unknown_schools = halved(fetched, work)
        indexes = {
            "any word": school.index("any", believed_all(fetched)),
            "the rule": school.index("rule", fetched),
        }
        half_index = school.index("half", half)
        top = list(site_names(data / "benign" / "top100k_alexa2016_ranked.txt"))
        sets = {
            "top 10,000": top[:10_000],
            "top 100,000": top,
            "education": list(site_names(data / "benign" / "education_swot.txt")),
            "must reach": [s for n in MUST for s in site_names(data / "benign" / "ut1_benign" / f"{n}.txt")],
        }
        _print(school, indexes, half_index, unknown_schools, sets)
        report = Report()
        gather(fetched, school.categories, report)
        print("\nnames in the archive:", {name: f"{count:,}" for name, count in report.names.items()})
        print("\n| said by two publishers or more | names | stay so |\n|---|---:|---:|")
        for category, (agreed, kept) in agreement(fetched, indexes["the rule"]).items():
            print(f"| {category} | {agreed:,} | {kept / agreed:.1%} |")


def _print(
    school: House, indexes: Mapping[str, AnyIndex], half: AnyIndex, unknown: Sites, sets: Mapping[str, Sites]
) -> None:
    print("| sites | believed | " + " | ".join(school.bands) + " |\n|---|---|" + "---:|" * len(school.bands))
    for name, sites in sets.items():
        for how, index in indexes.items():
            _row(f"{name} ({len(sites):,})", how, school.tallies(index, sites))
    _row(f"education, not noted down ({len(unknown):,})", "the rule", school.tallies(half, unknown))
    found = school.tallies(indexes["the rule"], sets["top 10,000"])["ages-11-13"]
    print("\ntop 10,000 at ages-11-13, by category:", dict(found.by_category.most_common()))
    _by_source(school, indexes, sets)
    for one in school.tallies(indexes["the rule"], sets["must reach"])["ages-8-10"].closed:
        print("must reach, closed at ages-8-10:", one.host, one.category, ", ".join(one.sources))


def _by_source(school: House, indexes: Mapping[str, AnyIndex], sets: Mapping[str, Sites]) -> None:
    """Sites that each source has a word in at ages-11-13; one closed by two sources counts for both."""
    asked = [(how, name) for name in sets for how in indexes]
    counts = {
        (how, name): school.tallies(indexes[how], sites)["ages-11-13"].by_source
        for name, sites in sets.items()
        for how in indexes
    }
    print("\n| source | " + " | ".join(f"{name}, {how}" for how, name in asked) + " |\n|---|" + "---:|" * len(asked))
    for source in sorted({source for found in counts.values() for source in found}):
        print(f"| {source} | " + " | ".join(f"{counts[pair][source]:,}" for pair in asked) + " |")


def _row(name: str, how: str, found: Mapping[str, Tally]) -> None:
    print(f"| {name} | {how} | " + " | ".join(f"{len(one.closed):,}" for one in found.values()) + " |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
