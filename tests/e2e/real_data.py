"""The verdict table again, with real saved pages and real names: ``python -m tests.e2e.real_data [FOLDER]``.

FOLDER (default: ``$HEDGEROW_DATA``, else ``../data``) is the unpacked data. Every name answers with a page of
``pages/``; a sample of the lists in ``domains/merged/ALL.tsv`` becomes the school's own lists. Each name of
``expected.yaml`` and each listed name is asked for from an ages-8-10 and an ages-14-17 address, explicit and
transparent, over h1 and h2, some with curl. Needs root. Prints what disagrees; exit 0 when nothing does.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.hosts import canonical_host, parents
from hedgerow.core.urls import parse_url
from tests.e2e.browse import curl
from tests.e2e.verdicts import BANDS, agrees, ask, rows, told
from tests.lab import net, school
from tests.lab.client import MODES
from tests.lab.gateway import Gateway
from tests.lab.lab import ROOT, Lab
from tests.lab.wire import Reply
from tests.shipped import action, resolved

LISTED = {
    "adult": "adult", "gambling": "gambling", "malware": "malware", "phishing_scam": "phishing", "drugs": "drugs",
    "violence_weapons": "weapons", "dating": "dating", "social": "social", "chat_messaging": "messaging",
    "games": "games", "video_audio": "video", "ai": "ai-chat", "proxy_vpn": "proxy-vpn", "doh_dns": "doh",
    "hacking_warez": "piracy", "fakenews": "misinformation", "shopping": "shopping", "ads_tracking": "ads-trackers",
    "filehosting": "file-sharing", "shortener": "shorteners", "translation": "translators-caches",
    "news_press": "news", "bank_finance": "banking-government",
}  # fmt: skip
"""Categories of the real lists and ours."""
PER_CATEGORY, ASKED_PER_CATEGORY = 5_000, 12


@dataclass(frozen=True, slots=True)
class Job:
    """One request and what must come of it. ``client`` is h1, h2 or curl."""

    url: str
    category: str
    band: str
    mode: str
    client: str
    expected: str


def folder() -> Path:
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("HEDGEROW_DATA", "../data")
    return Path(given)


def listed(data: Path) -> Mapping[str, list[str]]:
    """Real names of real lists, sampled: the same ones at every run."""
    found: dict[str, list[str]] = {category: [] for category in LISTED.values()}
    with (data / "domains" / "merged" / "ALL.tsv").open() as lines:
        for line in lines:
            name, _, categories = line.strip().partition("\t")
            for category in categories.split(","):
                if category in LISTED:
                    found[LISTED[category]].append(name)
    chance = random.Random(2)
    return {category: chance.sample(names, min(PER_CATEGORY, len(names))) for category, names in found.items()}


def seeds() -> Mapping[str, set[str]]:
    """Name -> categories of the shipped lists, read as plain lines."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "blocklists" / "seed").glob("*.txt"):
        for line in path.read_text().splitlines():
            if name := line.partition("#")[0].strip():
                found.setdefault(name, set()).add(path.stem)
    return found


class Law:
    """What must come of a listed name, worked out from the files alone and without the engine's help."""

    def __init__(self, names: Mapping[str, list[str]]) -> None:
        self._categories = {name: set(found) for name, found in seeds().items()}
        for category, hosts in names.items():
            for host in hosts:
                self._categories.setdefault(host, set()).add(category)

    def categories(self, host: str) -> set[str]:
        return set[str]().union(*(self._categories.get(parent, ()) for parent in parents(host)))

    def says(self, host: str, band: str) -> str:
        """The nearest site rule, else the strictest of all categories of the name and its parents."""
        sites, rules = resolved(band, "sites"), resolved(band, "categories")
        by_site = [action(sites[parent]) for parent in parents(host) if parent in sites]
        return str(by_site[0] if by_site else max(action(rules[name]) for name in self.categories(host)))


def jobs(names: Mapping[str, list[str]]) -> Iterator[Job]:
    """The table as it stands, unless a real list names the site as well; then as the law says."""
    law, hit = Law(names), {name for listed_names in names.values() for name in listed_names}
    expected: list[tuple[str, str, Mapping[str, str]]] = []
    for row in rows():
        host = canonical_host(parse_url(row.url).host_raw)
        also = hit.intersection(parents(host))
        says = {band: law.says(host, band) for band in BANDS} if also else row.expected
        expected.append((row.url, row.category, says))
    for category, asked in names.items():
        for name in asked[:ASKED_PER_CATEGORY]:
            expected.append((f"https://{name}/", category, {band: law.says(name, band) for band in BANDS}))
    for number, (url, category, actions) in enumerate(expected):
        for turn, (band, mode) in enumerate((band, mode) for band in BANDS for mode in MODES):
            client = "curl" if number % 10 == 0 and url.isascii() else ("h1", "h2")[(number + turn) % 2]
            yield Job(url, category, band, mode, client, actions[band])


def run(lab: Lab, gateway: Gateway, work: list[Job]) -> list[tuple[Job, Reply]]:
    def one(job: Job) -> tuple[Job, Reply]:
        device = lab.device(BANDS[job.band], job.mode, gateway.ca, second=True)
        return job, curl(device, job.url) if job.client == "curl" else ask(device, job.url, job.client)

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(one, work))


def gateway_with(lab: Lab, names: Mapping[str, list[str]]) -> Gateway:
    """The lab's school, with the sampled lists as its own."""
    lists = {f"local/{category}.txt": "\n".join(hosts) + "\n" for category, hosts in names.items()}
    return school.start(lab, "real", lists=lists)


def print_table(done: list[tuple[Job, Reply]]) -> None:
    """Names, answers that agreed and answers that did not, by category."""
    print(f"{'category':20}{'names':>8}{'agreed':>8}{'different':>11}")
    for category in sorted({job.category for job, _ in done}):
        mine = [(job, reply) for job, reply in done if job.category == category]
        good = sum(agrees(reply, job.expected) for job, reply in mine)
        print(f"{category:20}{len({job.url for job, _ in mine}):>8}{good:>8}{len(mine) - good:>11}")


def main() -> int:
    """Run everything; the number of disagreements is told, never hidden."""
    if reason := net.why_not():
        print(reason, file=sys.stderr)
        return 2
    os.environ["HEDGEROW_LAB_PAGES"] = str(folder() / "pages")
    names, lab = listed(folder()), Lab()
    try:
        gateway = gateway_with(lab, names)
        done = run(lab, gateway, list(jobs(names)))
        events = gateway.cli("events", "--json").stdout.count("\n")
        counted = gateway.metric("hedgerow_decisions_total")
        gateway.stop()
    finally:
        lab.close()
    wrong = [(job, reply) for job, reply in done if not agrees(reply, job.expected)]
    for job, reply in wrong:
        print(f"{job.url} {job.band} {job.mode} {job.client}: expected {job.expected}, got {told(reply)}")
    print_table(done)
    print(f"{len(done)} requests for {len({job.url for job, _ in done})} names, {len(wrong)} disagree; "
          f"{events} log lines, {counted:.0f} decisions counted")  # fmt: skip
    return 1 if wrong or events < len(done) * 0.9 or counted < len(done) * 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
