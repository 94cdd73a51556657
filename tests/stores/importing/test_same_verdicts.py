"""The imported policy gives the verdicts of the original on 1,000 names of its own lists, or a reason why not."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from hedgerow.cli import run
from tests.stores.importing.judged import Compared, compare, sample, snapshot
from tests.stores.importing.originals import E2guardian, Names, SquidGuard, read

pytestmark = pytest.mark.data
LESSON, EVENING = datetime(2026, 11, 23, 10, 0), datetime(2026, 11, 23, 20, 0)  # a Monday
BANNED = ("agressif", "dating", "drogue", "gambling", "publicite", "redirector")


def import_(kind: str, source: Path, out: Path, *more: str) -> None:
    assert run(["import", kind, str(source), "--out", str(out), *more]) in (0, 1)
    assert run(["check", "--brief", "--policies", str(out / "policies/local"), "--blocklists", str(out / "blocklists"),
                "--state", str(out.parent / "state")]) == 0  # fmt: skip


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def ut1(data: Path) -> Path:
    folder = data / "domains" / "raw_formats" / "squidguard_ut1"
    return folder if folder.is_dir() else pytest.skip("no UT1 folder in the data")


@pytest.fixture(scope="module")
def debian(data: Path, ut1: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian's configuration, its own list files filled: includes of UT1, exceptions and greys that cut into them."""
    etc = tmp_path_factory.mktemp("debian") / "e2guardian"
    source = data / "domains" / "raw_formats" / "debian_e2guardian_etc"
    shutil.copytree(source, etc, ignore=shutil.ignore_patterns("languages"))
    lists = etc / "lists"
    shutil.copytree(ut1, lists / "blacklists")
    for dest in BANNED:
        for file, kind in (("bannedsitelist", "domains"), ("bannedurllist", "urls")):
            if (lists / "blacklists" / dest / kind).exists():
                with (lists / file).open("a") as out:
                    out.write(f"\n.Include</etc/e2guardian/lists/blacklists/{dest}/{kind}>\n")
    social = lists / "blacklists" / "social_networks" / "domains"
    social.write_text("#time: 8 0 16 0 01234\n" + social.read_text(errors="replace"))
    gambling = lines(lists / "blacklists" / "gambling" / "domains")
    for file, added in (
        ("bannedsitelist", [".Include</etc/e2guardian/lists/blacklists/social_networks/domains>", "example.net"]),
        ("localbannedsitelist", ["khanacademy.org", "silly.example"]),
        ("exceptionsitelist", [*lines(ut1 / "liste_blanche" / "domains"), *gambling[::100], "example.org"]),
        ("greysitelist", [*gambling[50::100], "sub.example.net"]),
        ("greyurllist", ["example.net/good"]),
        ("exceptionurllist", ["example.net/best"]),
        ("bannedurllist", ["example.org/never", "example.com/part"]),
    ):
        with (lists / file).open("a") as out:
            out.write("\n" + "\n".join(added) + "\n")
    return etc


def e2guardian_of(etc: Path) -> E2guardian:
    """Which files stand behind the three kinds, as the configuration and its includes name them."""
    lists, black = etc / "lists", etc / "lists" / "blacklists"
    banned = [lists / "bannedsitelist", lists / "bannedurllist", lists / "localbannedsitelist"]
    banned += [path for dest in BANNED for kind in ("domains", "urls") if (path := black / dest / kind).exists()]
    return E2guardian(
        exception=read(lists / "exceptionsitelist", lists / "exceptionurllist"),
        grey=read(lists / "greysitelist", lists / "greyurllist"),
        banned=[read(*banned), read(black / "social_networks" / "domains", times=("01234", 8 * 60, 16 * 60))],
    )


@pytest.fixture(scope="module")
def e2_out(debian: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("e2") / "out"
    import_("e2guardian", debian, out)
    return out


def test_the_comparison_finds_what_is_wrong(debian: Path, e2_out: Path, tmp_path: Path) -> None:
    """An original without its exceptions is another filter, and no reason excuses that."""
    original = e2guardian_of(debian)
    urls = sample(200, clean(original.exception))
    original.exception = Names()
    assert len(compare("ages-8-10", snapshot(e2_out, tmp_path), urls, original.blocks, LESSON).different[""]) > 50


def told(found: Compared, title: str) -> None:
    print(f"\n{title}: {found}")
    assert "" not in found.different, str(found)
    assert found.asked == 1000 and found.equal >= 980


@pytest.mark.parametrize("at", [LESSON, EVENING], ids=["lesson", "evening"])
def test_e2guardian(debian: Path, e2_out: Path, tmp_path: Path, at: datetime) -> None:
    original = e2guardian_of(debian)
    names: list[Names] = [original.exception, original.grey, *original.banned]
    urls = sample(1000, *(clean(one) for one in names))
    cut = ("example.net/good/x", "example.net/bad", "sub.example.net", "www.example.org/never", "www.khanacademy.org")
    urls[: len(cut)] = cut
    told(compare("ages-8-10", snapshot(e2_out, tmp_path), urls, original.blocks, at), f"e2guardian {at:%H:%M}")


PASS = [("good", True), ("health", True)]
SQUID = """
dbhome /var/lib/squidguard/db
time lessons {{
    weekly mtwhf 08:00 - 16:00
}}
src teachers {{ ip 10.2.0.0/24 }}
src pupils {{
    ip 10.1.0.0-10.1.3.255
}}
{dests}
acl {{
    teachers {{ pass good health !gambling !redirector all }}
    pupils within lessons {{
        pass good health !in-addr !gambling !drogue !agressif !dating !publicite !redirector !social_networks all
    }} else {{
        pass good health !gambling !drogue !agressif !dating !redirector all
    }}
    default {{ pass none }}
}}
"""
DESTS = {"good": "liste_blanche", "health": "sexual_education"} | {name: name for name in (*BANNED, "social_networks")}


@pytest.fixture(scope="module")
def squid_home(ut1: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("squid")
    shutil.copytree(ut1, home / "db")
    each = "dest {} {{\n    domainlist {}/domains\n    urllist {}/urls\n}}\n"
    blocks = "".join(each.format(name, folder, folder) for name, folder in DESTS.items())
    (home / "squidGuard.conf").write_text(SQUID.format(dests=blocks))
    return home


@pytest.fixture(scope="module")
def squid_out(squid_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("squid-out") / "out"
    import_("squidguard", squid_home / "squidGuard.conf", out, "--band", "pupils=ages-11-13,teachers=staff")
    return out


def squid_of(home: Path, passed: list[tuple[str, bool]]) -> SquidGuard:
    folders = {name: home / "db" / folder for name, folder in DESTS.items()}
    dests = {name: read(folder / "domains", folder / "urls") for name, folder in folders.items()}
    return SquidGuard(dests, passed)


NOT = [(name, False) for name in ("gambling", "drogue", "agressif", "dating", "redirector")]
CASES = [
    pytest.param("ages-11-13", [*PASS, ("in-addr", False), *NOT, ("publicite", False), ("social_networks", False)],
                 LESSON, id="pupils in lessons"),
    pytest.param("ages-11-13", [*PASS, *NOT], EVENING, id="pupils afterwards"),
    pytest.param("staff", [*PASS, ("gambling", False), ("redirector", False)], LESSON, id="teachers"),
]  # fmt: skip


@pytest.mark.parametrize("band, passed, at", CASES)
def test_squidguard(
    squid_home: Path, squid_out: Path, tmp_path: Path, band: str, passed: list[tuple[str, bool]], at: datetime
) -> None:
    original = squid_of(squid_home, passed)
    asked = [original.dests[name] for name in (dict(passed) if band == "staff" else DESTS) if name != "in-addr"]
    urls = sample(1000, *(clean(one) for one in asked))
    told(compare(band, snapshot(squid_out, tmp_path), urls, original.blocks, at), f"squidGuard {band} {at:%H:%M}")


def test_a_group_that_leaves_lists_alone(squid_home: Path, squid_out: Path, tmp_path: Path) -> None:
    """Teachers of all lists' names: what the shipped band closes and their acl did not name is the only difference."""
    original = squid_of(squid_home, [*PASS, ("gambling", False), ("redirector", False)])
    urls = sample(1000, *(clean(original.dests[name]) for name in DESTS))
    found = compare("staff", snapshot(squid_out, tmp_path), urls, original.blocks, LESSON)
    print(f"\nsquidGuard staff, all lists: {found}")
    assert set(found.different) == {"Hedgerow's own list or the shipped rule of a category the group left alone"}


def clean(names: Names) -> list[str]:
    """Names and URLs to ask for: as they stand, and of some what is below. A query is what no list of ours can say."""
    urls = [url for url in names.urls if "?" not in url]
    sites = sorted(name for name in names.sites if not name.startswith((".", "*")))
    below = [f"www.{name}" if number % 2 else f"{name}/deep/page" for number, name in enumerate(sites[::3])]
    named = [one for one in below if not one.startswith("www.") or not one.replace(".", "")[3:].isdigit()]
    return [*sites, *urls, *named]
