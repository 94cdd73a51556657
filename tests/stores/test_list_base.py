"""Downloaded lists to an index: mapped, weighed, explained, put into force whole."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.categories import categories_of
from hedgerow.stores import list_base
from hedgerow.stores.index import MappedIndex
from hedgerow.stores.list_base import Fetched, build_base
from hedgerow.stores.list_pointer import base_in_force, read_pointer
from hedgerow.stores.lists import AnyIndex, Report, build, open_index
from hedgerow.stores.sources import Role
from tests.quality.archive import archive
from tests.stores.listhouse import CATEGORIES, correction, write_lists
from tests.stores.sourcehouse import DAY, fetched

ALL = (*CATEGORIES, "ads-trackers", "social")


def based(folder: Path, *sources: Fetched, report: Report | None = None, today: date | None = None) -> MappedIndex:
    return MappedIndex(build_base(sources, ALL, folder / "index", report, today=today))


def believed(index: AnyIndex, host: str, path: str = "/") -> set[str]:
    return set(categories_of(index, host, path))


def test_one_trusted_list_stands_and_a_weak_one_needs_another(tmp_path: Path) -> None:
    index = based(
        tmp_path,
        fetched(tmp_path, "good", "casino.example", "gambling"),
        fetched(tmp_path, "weak", "doubt.example\nboth.example", "gambling", trust=1),
        fetched(tmp_path, "other", "both.example\nsame.example", "gambling", trust=1),
        fetched(tmp_path, "copy", "same.example", "gambling", trust=1, family="other"),
    )
    assert believed(index, "www.casino.example") == {"gambling"}
    assert believed(index, "doubt.example") == set() == believed(index, "same.example")
    assert believed(index, "both.example") == {"gambling"}
    (entry,) = index.entries("doubt.example")
    assert (entry.category, entry.source, entry.believed) == ("gambling", "weak", False)
    assert index.match("doubt.example") == ()


def test_what_is_popular_needs_more_voices(tmp_path: Path) -> None:
    lists = [
        fetched(tmp_path, "one", "big.example\nwww.big.example\nsmall.example\nhuge.example", "adult"),
        fetched(tmp_path, "two", "huge.example", "adult", trust=1),
        fetched(tmp_path, "rank", "big.example\nhuge.example", role=Role.POPULAR),
    ]
    index = based(tmp_path, *lists)
    assert believed(index, "small.example") == {"adult"} == believed(index, "huge.example")
    assert believed(index, "big.example") == set() == believed(index, "www.big.example")
    ranks = [entry.where.line for entry in index.entries("huge.example") if entry.category == "evidence:popular"]
    assert ranks == [2]


@pytest.mark.parametrize("listed", ["school.example", "www.school.example"])
@pytest.mark.parametrize("evidence", ["school.example", "www.school.example"])
def test_no_downloaded_list_closes_a_school(tmp_path: Path, listed: str, evidence: str) -> None:
    index = based(
        tmp_path,
        fetched(tmp_path, "lists", f"{listed}\nbad.example", "adult", trust=3),
        fetched(tmp_path, "feeds", f"{listed}", "malware", trust=3),
        fetched(tmp_path, "schools", evidence, "education", role=Role.EDUCATION),
    )
    assert believed(index, listed) <= {"education"} and believed(index, "bad.example") == {"adult"}


def test_a_public_list_of_schools_does_not_open_what_three_families_call_malware(tmp_path: Path) -> None:
    feeds = [fetched(tmp_path, f"feed{n}", "school.example\nother.example", "malware") for n in range(3)]
    schools = fetched(tmp_path, "schools", "school.example", "education", role=Role.EDUCATION)
    assert believed(based(tmp_path, *feeds, schools), "school.example") == {"education", "malware"}
    assert believed(based(tmp_path, *feeds[:2], schools), "school.example") == {"education"}


def test_a_page_is_no_evidence_for_its_site_and_what_is_taken_back_is_none(tmp_path: Path) -> None:
    text = "||docs.example/course^\n||abused.example^\n@@||abused.example^\n||school.example^"
    index = based(
        tmp_path,
        fetched(tmp_path, "lists", "docs.example\nabused.example\nschool.example", "adult"),
        fetched(tmp_path, "must", text, role=Role.MUST_REACH, format="adblock"),
    )
    assert believed(index, "docs.example", "/evil") == {"adult"} == believed(index, "abused.example")
    assert believed(index, "school.example") == set()


def test_other_rules_are_another_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = fetched(tmp_path, "one", "a.example", "adult")
    first = build_base([one], ALL, tmp_path / "index")
    monkeypatch.setattr(list_base, "_rules", lambda: "changed")
    assert build_base([one], ALL, tmp_path / "index") != first


def test_a_listed_parent_does_not_close_the_school_below_it(tmp_path: Path) -> None:
    index = based(
        tmp_path,
        fetched(tmp_path, "lists", "host.example\nhost.example/pay", "phishing"),
        fetched(tmp_path, "schools", "school.host.example", "education", role=Role.EDUCATION),
    )
    assert believed(index, "host.example") == {"phishing"} == believed(index, "shop.host.example")
    assert believed(index, "school.host.example") == {"education"} == believed(index, "lib.school.host.example")
    assert index.match("x.host.example", "/pay")[0].name == "host.example/pay"


def test_what_a_school_writes_is_not_weighed(tmp_path: Path) -> None:
    base = fetched(tmp_path, "schools", "school.example\nclass.blog.example", "education", role=Role.EDUCATION)
    base_two = fetched(tmp_path, "lists", "blog.example", "social")
    build_base([base, base_two], ALL, tmp_path / "index")
    folders = write_lists(
        tmp_path,
        {"local/gambling.txt": "school.example", "seed/user-content.txt": "blog.example", "local/adult.txt": ""},
    )
    index = open_index(build(folders, (*ALL, "user-content"), tmp_path / "index"))
    assert believed(index, "school.example") == {"education", "gambling"}
    # the seed speaks of the platform, and not of the school's page on it
    assert believed(index, "other.blog.example") == {"social", "user-content"}
    assert believed(index, "class.blog.example") == {"education"}
    (tmp_path / "local" / "adult.txt").write_text("blog.example")
    index = open_index(build(folders, (*ALL, "user-content"), tmp_path / "index"))
    assert believed(index, "class.blog.example") == {"education", "adult"}


def test_a_correction_stands_above_what_was_downloaded(tmp_path: Path) -> None:
    build_base([fetched(tmp_path, "lists", "a.example\nb.a.example\nc.example/x", "gambling")], ALL, tmp_path / "index")
    lines = correction("a.example", "allow") + correction("c.example", "allow")
    folders = write_lists(tmp_path, {"local/corrections.yaml": f"corrections:\n{lines}"})
    index = open_index(build(folders, ALL, tmp_path / "index"))
    assert believed(index, "a.example") == set() == believed(index, "z.a.example")
    assert believed(index, "b.a.example") == {"gambling"} == believed(index, "c.example", "/x/y")  # more specific


def test_a_list_s_own_exceptions(tmp_path: Path) -> None:
    text = "||a.example^\n||deep.ok.a.example^\n||loud.ok.a.example^$important\n@@||ok.a.example^\n||b.example^"
    index = based(
        tmp_path,
        fetched(tmp_path, "blocker", text, "ads-trackers", format="adblock"),
        fetched(tmp_path, "other", "b.example\nok.b.example", "ads-trackers"),
        fetched(tmp_path, "third", "@@||ok.b.example^\n||b.example^", "ads-trackers", format="adblock"),
    )
    assert believed(index, "a.example") == {"ads-trackers"} == believed(index, "x.a.example")
    assert believed(index, "ok.a.example") == set() == believed(index, "deep.ok.a.example")
    assert believed(index, "loud.ok.a.example") == {"ads-trackers"}  # $important
    assert believed(index, "ok.b.example") == {"ads-trackers"}  # another list says so by itself


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("domains", "edu.pl\nazurewebsites.net\n*.casino.example"),
        ("domains", "*.edu.pl\n*.azurewebsites.net\n*.casino.example"),
        ("wildcard", "*.edu.pl\n.azurewebsites.net\n*.casino.example"),
        ("adblock", "||edu.pl^\n||*.azurewebsites.net^\n||azurewebsites.net^\n||casino.example^"),
        ("clash", "payload:\n- '+.edu.pl'\n- '*.azurewebsites.net'\n- '+.casino.example'"),
        ("rpz", "*.edu.pl CNAME .\n*.azurewebsites.net CNAME .\n*.casino.example CNAME ."),
    ],
)
def test_public_suffixes_close_nobody_below_them(tmp_path: Path, format: str, text: str) -> None:
    index = based(tmp_path, fetched(tmp_path, "lists", text, "phishing", format=format))
    assert believed(index, "edu.pl") == {"phishing"} == believed(index, "azurewebsites.net")
    assert believed(index, "www.agh.edu.pl") == set() == believed(index, "school.azurewebsites.net")
    assert believed(index, "www.casino.example") == {"phishing"}  # a star elsewhere is as good as none


def test_only_a_person_s_star_closes_all_below_a_public_suffix(tmp_path: Path) -> None:
    build_base([fetched(tmp_path, "lists", "*.edu.pl", "phishing")], ALL, tmp_path / "index")
    folders = write_lists(tmp_path, {"local/gambling.txt": "*.github.io\nedu.pl"})
    index = open_index(build(folders, ALL, tmp_path / "index"))
    assert believed(index, "someone.github.io") == {"gambling"}
    assert believed(index, "www.agh.edu.pl") == set()


def test_www_in_a_downloaded_list_is_what_it_says(tmp_path: Path) -> None:
    index = based(tmp_path, fetched(tmp_path, "lists", "www.casino.example", "gambling"))
    assert believed(index, "www.casino.example") == {"gambling"} and believed(index, "casino.example") == set()


def test_what_somebody_looked_at_is_not_what_lists_call_it(tmp_path: Path) -> None:
    index = based(
        tmp_path,
        fetched(tmp_path, "one", "games.example\nwww.games.example\nbets.games.example", "gambling", trust=3),
        fetched(tmp_path, "two", "games.example", "games"),
        fetched(
            tmp_path,
            "reviewed",
            "name,category\ngames.example,gambling\nx.example,gamblng\n",
            role=Role.REFUTED,
            format="csv",
        ),
        report=(report := Report()),
    )
    assert believed(index, "games.example") == {"games"} == believed(index, "www.games.example")
    assert believed(index, "bets.games.example") == {"games", "gambling"}  # another name, another site
    assert report.unmapped == {("reviewed", "gamblng"): 1}
    (said,) = (e for e in index.entries("games.example") if e.source == "one")
    assert not said.believed


def test_a_popular_name_is_not_closed_for_its_parent(tmp_path: Path) -> None:
    index = based(
        tmp_path,
        fetched(tmp_path, "ads", "blogs.example", "ads-trackers"),
        fetched(tmp_path, "rank", "known.blogs.example", role=Role.POPULAR),
    )
    assert (
        believed(index, "other.blogs.example") == {"ads-trackers"} and believed(index, "known.blogs.example") == set()
    )


def test_unmapped_categories_are_reported_and_bad_lines_counted(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name, text in (("poker", "a.example\nbad..name"), ("cooking", "b.example"), ("new", "c.example\nd.example")):
        (folder / f"{name}.txt").write_text(text)
    one = fetched(tmp_path, "many", "", categories={"poker": ("gambling",), "cooking": ()})
    one = replace(one, held=replace(one.held, path=folder))
    index = based(tmp_path, one, report=(report := Report()))
    assert believed(index, "a.example") == {"gambling"} and index.names == 1
    assert report.unmapped == {("many", "new"): 2}
    assert report.bad == {"many/poker.txt": 1} and str(report.samples[0][0]) == "many/poker.txt:2"


def test_a_source_that_cannot_be_read_is_told_and_the_others_stand(tmp_path: Path) -> None:
    lost = fetched(tmp_path, "lost", "x.example", "adult")
    lost.held.path.unlink()
    index = based(tmp_path, lost, fetched(tmp_path, "kept", "a.example", "adult"), report=(report := Report()))
    assert set(report.failed) == {"lost"} and believed(index, "a.example") == {"adult"}
    lost.held.path.write_text("x.example")
    again = based(tmp_path, lost, fetched(tmp_path, "kept", "a.example", "adult"), report=(report := Report()))
    assert not report.failed and believed(again, "x.example") == {"adult"}


def test_since_when_is_carried_on(tmp_path: Path) -> None:
    first = fetched(tmp_path, "list", "a.example\nb.example", "adult")
    later = DAY + timedelta(days=40)
    based(tmp_path, first, today=date(2026, 8, 21))
    again = fetched(tmp_path, "list", "# moved down\n\nb.example\nc.example", "adult", day=later)
    index = based(tmp_path, fetched(tmp_path, "new", "b.example", "adult", day=later), again, today=date(2026, 10, 1))
    told = {(e.name, e.source): (e.since, e.where.line) for n in ("b.example", "c.example") for e in index.entries(n)}
    assert told == {
        ("b.example", "list"): (DAY.date(), 3),
        ("b.example", "new"): (later.date(), 1),
        ("c.example", "list"): (later.date(), 4),
    }
    assert index.entries("b.example")[0].version


def test_the_same_sources_are_built_once_and_pointed_to(tmp_path: Path) -> None:
    one, two = fetched(tmp_path, "one", "a.example", "adult"), fetched(tmp_path, "two", "b.example", "adult")
    first = build_base([one], ALL, tmp_path / "index")
    inode = (first / "judge.index").stat().st_ino
    second = build_base([one, two], ALL, tmp_path / "index")
    assert first != second and base_in_force(tmp_path / "index") == second.name
    assert build_base([one], ALL, tmp_path / "index") == first
    assert (first / "judge.index").stat().st_ino == inode and base_in_force(tmp_path / "index") == first.name
    pointer = read_pointer(tmp_path / "index")
    assert pointer is not None and pointer.sources == {"one": one.held.version}


def test_another_trust_is_another_index(tmp_path: Path) -> None:
    one = fetched(tmp_path, "one", "a.example", "adult")
    weak = replace(one, source=replace(one.source, trust=1))
    first, second = build_base([one], ALL, tmp_path / "index"), build_base([weak], ALL, tmp_path / "index")
    assert (
        believed(MappedIndex(first), "a.example") == {"adult"} and believed(MappedIndex(second), "a.example") == set()
    )


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    one = fetched(tmp_path, "one", "a.example", "adult")
    build_base([one], ALL, tmp_path / "index", progress=lambda what, done, whole: told.append(what))
    assert told[0] == "reading one" and "weighing lists" in told


def test_a_full_disk_leaves_the_old_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_base([fetched(tmp_path, "one", "a.example", "adult")], ALL, tmp_path / "index")

    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        build_base([fetched(tmp_path, "one", "b.example", "adult")], ALL, tmp_path / "index")
    monkeypatch.undo()
    assert base_in_force(tmp_path / "index") == first.name
    assert [path.name for path in (tmp_path / "index").iterdir() if path.is_dir()] == [first.name]


@pytest.mark.data
@pytest.mark.long
def test_the_archive_s_sources(data: Path, tmp_path: Path) -> None:
    """Real lists, mapped and trusted as shipped: seconds of one core, bytes a name."""
    sources, report = archive(data, tmp_path / "fetched"), Report()
    categories = {category for one in sources for ours in one.source.categories.values() for category in ours}
    categories |= {one.source.category for one in sources} - {""}
    started = time.process_time()
    folder = build_base(sources, categories, tmp_path / "index", report)
    seconds = time.process_time() - started
    index = MappedIndex(folder)
    judging, explaining = ((folder / name).stat().st_size / index.names for name in ("judge.index", "explain.index"))
    print(f"\n{index.names:,} names, {seconds:.1f} s CPU, {judging:.1f} + {explaining:.1f} bytes a name")
    assert index.names > 1_500_000 and not report.failed and not report.unmapped
    assert seconds <= 60 and judging <= 12 and explaining <= 16


_HOSTS = ("a.example", "b.a.example", "www.a.example", "edu.pl", "x.edu.pl", "c.example")
_LISTS = st.lists(
    st.tuples(st.sets(st.sampled_from(_HOSTS)), st.sampled_from(("adult", "malware", "games")), st.integers(1, 3)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(_LISTS, st.sets(st.sampled_from(_HOSTS)), st.sets(st.sampled_from(_HOSTS)))
def test_another_list_never_opens_anything(
    tmp_path_factory: pytest.TempPathFactory,
    lists: list[tuple[set[str], str, int]],
    schools: set[str],
    popular: set[str],
) -> None:
    work = tmp_path_factory.mktemp("lists")
    said = [
        fetched(work, f"list{n}", "\n".join(names), category, trust=trust)
        for n, (names, category, trust) in enumerate(lists)
    ]
    evidence = [
        fetched(work, "schools", "\n".join(schools), role=Role.MUST_REACH),
        fetched(work, "rank", "\n".join(sorted(popular)), role=Role.POPULAR),
    ]
    fewer, more = based(work, *said[:-1], *evidence), based(work, *said, *evidence)
    for host in (*_HOSTS, "deep.b.a.example"):
        assert believed(fewer, host) <= believed(more, host), host
