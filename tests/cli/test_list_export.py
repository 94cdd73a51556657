"""``hedgerow lists export``: real resolvers with the file give the verdicts that ``hedgerow explain`` gives."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE
from hedgerow.cli.asked import Asked, identity_of, request_of
from hedgerow.cli.common import Place, home
from hedgerow.core.explain import explain
from hedgerow.core.hosts import parents
from hedgerow.core.model import Action
from hedgerow.runtime import Snapshot
from hedgerow.stores.exports.verdicts import Verdicts
from hedgerow.stores.exports.wanted import Wanted
from hedgerow.stores.exports.writing import About, export, write
from hedgerow.stores.lists import open_index
from tests.cli.conftest import Run
from tests.e2e.real_data import LISTED
from tests.lab.dns import AAAA
from tests.stores.exports.resolvers import HTTPS, ORIGIN, ask, configured, origin, program, refused, resolver

NOON, MORNING = "2026-11-25 12:00", "2026-11-25 10:00"  # games and music are open at noon for some
CASES = [
    ("ages-5-7", MORNING),
    ("ages-8-10", NOON),
    ("ages-11-13", MORNING),
    ("ages-14-17", MORNING),
    ("staff", NOON),
]
ASKED = 2_000
Expected = Callable[[str, str], dict[str, bool]]
PROGRAM = {"rpz": "unbound", "unbound": "unbound", "dnsmasq": "dnsmasq", "hosts": "dnsmasq"}
SAYING_ALL = ["rpz", "unbound", "dnsmasq"]

SCHOOL = """band: {band}
sites:
  open.casino.example: allow
  deep.down.open.casino.example: block
  far.away.below.casino.example: allow
  =exactly.example: block
  =only.closed.example: allow
  closed.example: block
  part.example/of: block
  github.io: block
  =someone.github.io: allow
  пример.рф: block
  открыто.пример.рф: allow
  45.90.20.40: allow
"""
LISTS = {
    "gambling": "casino.example\n*.bets.blogspot.com\n=exact-list.example\nmoc.example/bets\n45.90.20.0/24\n",
    "education": "learn.casino.example\nedu.kz\nschule.example\n*.lernen.example\n=nur.example\n",
    "malware": "bad.schule.example\nxn--80ak6aa92e.com\nunder_score.example\n-dash.example\n2001:db8::/32\n",
    "adult": "*.blogspot.de\ntumblr.com\nübel.example\n",
}
CORRECTIONS = """corrections:
  - {name: good.casino.example, action: allow, reason: r, author: a, date: 2026-11-23}
  - {name: 45.90.20.7, action: allow, reason: r, author: a, date: 2026-11-23}
  - {name: moved.casino.example, action: recategorise, categories: [education], reason: r, author: a, date: 2026-11-23}
"""
HELPLINE = """helplines:
  - name: "Our line"
    number: "150"
    hours: "24 hours a day"
    languages: [en]
    place: {country: KZ}
    source: "a letter"
    verified: 2026-11-23
    status: documented
    host: [help.casino.example, www.help.casino.example, open.example]
"""


@pytest.fixture(scope="module")
def place(school: Path) -> Place:
    """The shipped lists and some of our own, with everything a name can be."""
    lists = school / "blocklists" / "local"
    lists.mkdir(parents=True)
    (school / "blocklists" / "seed").symlink_to(home() / "blocklists" / "seed")
    for category, text in LISTS.items():
        (lists / f"{category}.txt").write_text(text)
    (lists / "corrections.yaml").write_text(CORRECTIONS)
    for band, _ in CASES:
        (school / "local" / "bands" / f"{band}.yaml").write_text(SCHOOL.format(band=band))
    (school / "local" / "helplines").mkdir()
    (school / "local" / "helplines" / "en.yaml").write_text(HELPLINE)
    return Place(school / "local", school / "blocklists", school / "state")


@pytest.fixture(scope="module")
def snapshot(place: Place) -> Snapshot:
    return place.snapshot()


@pytest.fixture(scope="module")
def expected(snapshot: Snapshot) -> Expected:
    """What ``explain`` says about every name of ``names``, for a band at a time; asked once for all formats."""

    @cache
    def of(band: str, at: str) -> dict[str, bool]:
        return {name: explained(snapshot, name, band, at) for name in names(snapshot, band)}

    return of


@pytest.fixture
def exported(hedgerow: Run, place: Place, tmp_path: Path) -> Callable[..., Path]:
    def export(format: str, band: str, at: str, *more: str) -> Path:
        if program(PROGRAM[format]) is None:
            pytest.skip(f"{PROGRAM[format]} is not installed")
        out = tmp_path / f"{band}.{format}"
        given = ("--format", format, "--band", band, "--at", at, "--out", str(out))
        code, _, err = hedgerow("lists", "export", *given, *more, "--blocklists", str(place.blocklists))
        assert code == FINE, err
        return out

    return export


def names(snapshot: Snapshot, band: str) -> list[str]:
    """Names of every kind, the same ones at every run."""
    index = snapshot.index
    named = {*snapshot.policy.bands[band].sites, *snapshot.policy.protected}
    listed = [name for name, *_ in index.listed() if "/" not in name and not name[-1].isdigit() and ":" not in name]
    chosen = random.Random(band).sample(sorted(listed), 500)
    own = [host for text in LISTS.values() for host in text.split() if "/" not in host]
    own = [host.lstrip("*.=").encode("idna").decode() if not host.isascii() else host.lstrip("*.=") for host in own]
    start = [name for name in [*own, *chosen, *sorted(named)] if "/" not in name and not name.rsplit(".")[-1].isdigit()]
    return list(dict.fromkeys(one for name in start for one in relatives(name)))


def relatives(name: str) -> Iterator[str]:
    yield name
    yield f"www.{name}"
    yield f"a.b-c.{name}"
    yield f"x{name}"  # no child: another name
    if name.count(".") > 1:
        yield name.partition(".")[2]
    yield f"{name}.example"
    yield "".join(letter.upper() if place % 2 else letter for place, letter in enumerate(name))


def explained(snapshot: Snapshot, name: str, band: str, at: str) -> bool:
    """True when ``hedgerow explain`` refuses: the same functions, without reading all policies for each name."""
    when = datetime.fromisoformat(at).replace(tzinfo=snapshot.zone)
    identity = identity_of(snapshot, band, None, "names-only")
    request = request_of(Asked(f"https://{name}/"))
    told = explain(request, identity, snapshot.policy, snapshot.index, when, snapshot.lexicon.scan)
    softened = snapshot.policy.bands[band].lenient and told.decision.action in (Action.WARN, Action.LIMIT)
    return told.decision.action.forbids and not softened  # no page to warn on: allowed and counted


def unsayable(name: str, got: str, snapshot: Snapshot, band: str, at: str) -> bool:
    """What a local zone cannot say, and the file counts: only this name is open, and nothing below it."""
    host = name.lower()
    if got == "refused":
        return explained(snapshot, f"never-seen.{host}", band, at)
    return any(parent in snapshot.policy.protected for parent in list(parents(host))[1:])


def _cases() -> Iterator[object]:
    """Each band with each format; one format a band in the ordinary suite, the others among the long ones."""
    for place, (band, at) in enumerate(CASES):
        for number, format in enumerate(SAYING_ALL):
            marks = () if number == place % len(SAYING_ALL) else (pytest.mark.long,)
            yield pytest.param(band, at, format, marks=marks)


@pytest.mark.parametrize(("band", "at", "format"), list(_cases()))
def test_the_resolver_says_what_explain_says(
    format: str,
    band: str,
    at: str,
    snapshot: Snapshot,
    expected: Expected,
    exported: Callable[..., Path],
    tmp_path: Path,
) -> None:
    asked, file = expected(band, at), exported(format, band, at)
    assert len(asked) >= ASKED
    with origin() as upstream, resolver(format, file, tmp_path, upstream) as (port, _):
        got = {name: refused(name, port) for name in asked}
    wrong = [(name, "refused" if got[name] else "let through") for name in asked if got[name] != asked[name]]
    if format == "unbound":
        wrong = [(name, got) for name, got in wrong if not unsayable(name, got, snapshot, band, at)]
    assert not wrong


def test_explain_itself_says_so(hedgerow: Run, place: Place, exported: Callable[..., Path], tmp_path: Path) -> None:
    """The command, where the tests above ask its functions."""
    file, given = exported("rpz", "ages-11-13", NOON), ("--band", "ages-11-13", "--at", NOON, "--capture", "names-only")
    with origin() as upstream, resolver("rpz", file, tmp_path, upstream) as (port, _):
        for name in (
            "learn.casino.example",
            "help.casino.example",
            "casino.example",
            "open.spotify.com",
            "unknown.example",
        ):
            _, out, _ = hedgerow("explain", f"https://{name}/", *given, "--json", "--blocklists", str(place.blocklists))
            assert refused(name, port) is (json.loads(out)["action"] in ("block", "warn", "limit", "help")), name


@pytest.mark.parametrize("format", SAYING_ALL)
@pytest.mark.parametrize("band", ["ages-5-7", "ages-14-17"])
def test_what_is_refused_gets_the_answer_and_nothing_of_the_real_one(
    format: str, band: str, exported: Callable[..., Path], tmp_path: Path
) -> None:
    file = exported(format, band, NOON, "--answer", "203.0.113.9")
    with origin() as upstream, resolver(format, file, tmp_path, upstream) as (port, _):
        for name in ("casino.example", "www.casino.example", "exactly.example", "bad.schule.example"):
            assert ask(name, port) == (0, bytes((203, 0, 113, 9))), name
            for kind in (AAAA, HTTPS):
                assert ask(name, port, kind) == (0, b""), (name, kind)
        assert ask("open.casino.example", port) == (0, ORIGIN)
        assert ask("open.casino.example", port, AAAA)[1]


@pytest.mark.parametrize("format", SAYING_ALL)
def test_what_is_open_stays_open_wherever_its_alias_leads(
    format: str, exported: Callable[..., Path], tmp_path: Path
) -> None:
    """Most sites stand on names of others; a zone is asked about these, too."""
    aliases = {
        "open.casino.example": "edge.cdn.example",
        "help.casino.example": "casino.example",
        "open.example": "vpn.casino.example",
    }
    for band in ("ages-5-7", "ages-14-17"):
        with (
            origin(aliases) as upstream,
            resolver(format, exported(format, band, NOON), tmp_path, upstream) as (port, _),
        ):
            assert {name: refused(name, port) for name in aliases} == dict.fromkeys(aliases, False)
            assert refused("edge.cdn.example", port) is (band == "ages-5-7")


def test_a_listed_address_refuses_whatever_name_leads_to_it(exported: Callable[..., Path], tmp_path: Path) -> None:
    lives = {
        "listed.example": "45.90.20.5",
        "corrected.example": "45.90.20.7",
        "ruled.example": "45.90.20.40",
    }
    file = exported("rpz", "ages-14-17", NOON)
    with origin(lives=lives) as upstream, resolver("rpz", file, tmp_path, upstream) as (port, _):
        answers = {name: ask(name, port) for name in lives}
    assert answers == {
        "listed.example": (3, b""),
        "corrected.example": (0, bytes((45, 90, 20, 7))),
        "ruled.example": (0, bytes((45, 90, 20, 40))),
    }


def test_a_hosts_file_closes_the_listed_names(
    snapshot: Snapshot, exported: Callable[..., Path], tmp_path: Path
) -> None:
    file = exported("hosts", "ages-14-17", NOON)
    index = snapshot.index
    with origin() as upstream, resolver("hosts", file, tmp_path, upstream) as (port, _):
        for name, *_ in index.listed():
            if "/" not in name and ":" not in name and not name[-1].isdigit():
                assert refused(name, port) is explained(snapshot, name, "ages-14-17", NOON), name
        assert not refused("www.casino.example", port)  # what it cannot say, and tells
    assert "a hosts file says nothing about what is below" in file.read_text()


@pytest.mark.parametrize("format", ["rpz", "unbound", "dnsmasq"])
@pytest.mark.parametrize("answer", [(), ("--answer", "203.0.113.9"), ("--answer", "2a0e:b107:10::9")])
def test_the_programs_own_checks_are_content(
    format: str, answer: tuple[str, ...], exported: Callable[..., Path], tmp_path: Path
) -> None:
    file = exported(format, "ages-8-10", NOON, *answer)
    command = configured(format, file, tmp_path, 5300, 5301)
    config = str(tmp_path / f"{format}.conf")
    checks = [[command[0], "--test", f"--conf-file={config}"]] if format == "dnsmasq" else []
    checks += [[program("unbound-checkconf") or "", config]] if format != "dnsmasq" else []
    if format == "rpz" and (checkzone := program("named-checkzone")):
        checks.append([checkzone, "-i", "none", "-k", "ignore", "hedgerow", str(file)])
    for check in checks:
        done = subprocess.run(check, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_json_tells_the_counts(hedgerow: Run, place: Place, tmp_path: Path) -> None:
    given = (
        "lists",
        "export",
        "--format",
        "unbound",
        "--band",
        "ages-11-13",
        "--at",
        MORNING,
        "--blocklists",
        str(place.blocklists),
    )
    out = tmp_path / "zones.conf"
    code, text, _ = hedgerow(*given, "--json", "--out", str(out))
    told = json.loads(text)
    assert code == FINE and told["out"] == str(out)
    assert told["until"] == "2026-11-25T11:30:00+07:00" and "right until 2026-11-25 11:30" in out.read_text()
    assert told["not named"] == "refused" and told["lost"]["paths"] > 10 and told["lost"]["addresses"] == 20
    lines = [line for line in out.read_text().splitlines() if not line.startswith("#")]
    assert told["lines"] == len(lines)
    again = json.loads(hedgerow(*given, "--json")[1])  # nothing is written
    assert again == told | {"out": None}
    code, text, _ = hedgerow(*given)
    assert code == FINE and text == out.read_text()
    code, text, _ = hedgerow(*given, "--out", str(out))
    assert code == FINE and text.startswith(f"{out}: {len(lines)} lines; ") and "not in it:" in text


def test_a_network_stands_for_its_band(hedgerow: Run, snapshot: Snapshot, place: Place) -> None:
    network = next(rule for rule in snapshot.site.networks if rule.band == "ages-14-17")
    given = ("lists", "export", "--format", "rpz", "--json", "--blocklists", str(place.blocklists))
    assert json.loads(hedgerow(*given, "--network", network.name)[1])["band"] == "ages-14-17"
    assert hedgerow(*given, "--network", network.name, "--band", "ages-14-17")[0] == FINE
    code, out, _ = hedgerow(*given, "--network", network.name, "--band", "staff")
    assert code == BAD and "has the band ages-14-17, not staff" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "rpz"], "name --band or --network; bands: ages-5-7"),
        (["--format", "rpz", "--band", "x"], "unknown band 'x'; known: ages-5-7"),
        (["--format", "rpz", "--network", "x"], "unknown network 'x'; known: "),
        (["--format", "rpz", "--band", "staff", "--answer", "gateway"], "--answer gateway: expected an address"),
        (["--format", "rpz", "--band", "staff", "--at", "noon"], "--at 'noon': expected a time"),
        (["--format", "hosts", "--band", "ages-8-10"], "which a hosts file cannot say: take rpz, unbound or dnsmasq"),
        (["--format", "bind", "--band", "staff"], "'bind' is not one of"),
    ],
)
def test_it_says_what_it_needs(hedgerow: Run, place: Place, arguments: list[str], told: str) -> None:
    code, out, err = hedgerow("lists", "export", *arguments, "--blocklists", str(place.blocklists))
    assert code == BAD and told in err and not out


@pytest.fixture(scope="module")
def three_million(data: Path, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """All real names, as the school's own lists."""
    root = tmp_path_factory.mktemp("real")
    files = {ours: (root / f"{ours}.txt").open("w") for ours in set(LISTED.values())}
    with (data / "domains" / "merged" / "ALL.tsv").open() as lines:
        for line in lines:
            name, theirs = line.rstrip("\n").split("\t")[:2]
            for ours in {LISTED.get(category, "malware") for category in theirs.split(",")}:
                files[ours].write(f"{name}\n")
    for file in files.values():
        file.close()
    (root / "blocklists").mkdir()
    (root / "blocklists" / "local").symlink_to(root)
    return Place(place.policies, root / "blocklists", root / "state")


@pytest.mark.data
@pytest.mark.long
def test_three_million_names(three_million: Place, place: Place, tmp_path: Path) -> None:
    """Real resolvers take them, and writing needs no memory. Figures: deploy/README.md, "Names-only networks"."""
    folder = three_million.files().index
    with get_context("spawn").Pool(1) as pool:  # a process that has built the lists has memory to spare
        for format in SAYING_ALL:
            listed, seconds, grown = pool.apply(_written, (place, folder, format, tmp_path / format))
            size = (tmp_path / format).stat().st_size >> 20
            print(f"{format}: {listed} names, {seconds:.0f} s of processor time, {grown} KiB more; {size} MiB")
            assert listed > 2_900_000 and grown < 64 * 1024
    closed = _closed(tmp_path / "dnsmasq")
    assert len(closed) > 2_000_000
    for format in SAYING_ALL:
        _asked(format, tmp_path, random.Random(1).sample(closed, 1_000))


def _closed(file: Path) -> list[str]:
    """Names closed with all below them: not the public suffixes, below which strangers live."""
    with file.open() as lines:
        named = [line.split("/")[:2] for line in lines if not line.startswith("#")]
    opened = {name.removeprefix("*.") for kind, name in named if kind == "server="}
    return [name for kind, name in named if kind == "address=" and name not in opened]


def _written(place: Place, folder: Path, format: str, out: Path) -> tuple[int, float, int]:
    """(names looked at, seconds of processor time, KiB of memory that came on top)"""
    snapshot, index = place.snapshot(), open_index(folder)
    verdicts = Verdicts(snapshot.policy, "ages-14-17", index, datetime.now(snapshot.zone))
    most = before = _anonymous()

    def watched() -> Iterator[tuple[str, bool, bool]]:
        nonlocal most
        for count, row in enumerate(index.listed()):
            if count % 100_000 == 99_999:
                most = max(most, _anonymous())
            yield row

    wanted = Wanted(watched, verdicts.named(), (), verdicts.refused, verdicts.address_refused)
    start, about = time.process_time(), About(verdicts.band, "p", index.version, verdicts.now, None)
    write(out, lambda file: export(wanted, format, "", about, file))
    return wanted.counts["listed"], time.process_time() - start, most - before


def _asked(format: str, folder: Path, closed: list[str]) -> None:
    start = time.monotonic()
    with origin() as upstream, resolver(format, folder / format, folder, upstream, 600) as (port, pid):
        memory = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) >> 8
        print(f"{PROGRAM[format]} takes {format} in {time.monotonic() - start:.0f} s, {memory} MiB")
        assert all(refused(name, port) and refused(f"www.{name}", port) for name in closed), format
        assert not refused("never-seen.example", port)
        assert memory < 4_096


def _anonymous() -> int:
    """KiB of this process that are no mapped file."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0])
