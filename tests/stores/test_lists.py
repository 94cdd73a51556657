"""From lists to the index: bad lines, operators' mistakes, one folder for one content, and real size and speed."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.categories import categories_of
from hedgerow.stores.index_seen import newest_own
from hedgerow.stores.lists import PolicyError, Report, build, open_index
from tests.stores.listhouse import CATEGORIES, TODAY, built, correction, write_lists


def test_a_bad_line_never_stops_a_list(tmp_path: Path) -> None:
    report = Report()
    bad = "\n".join(f"bad..n{n}" for n in range(7))
    index = built(tmp_path, report, gambling=f"a.example\n{bad}\nb.example")
    assert index.names == 2
    assert (report.names, report.bad) == ({"seed/gambling.txt": 2}, {"seed/gambling.txt": 7})
    assert [str(where) for where, _ in report.samples] == [f"seed/gambling.txt:{line}" for line in range(2, 7)]
    assert "seed/gambling.txt:2: 'bad..n0': host is empty or has an empty label" in str(report)


def test_a_line_of_another_encoding_and_one_without_end_are_told_and_counted(tmp_path: Path) -> None:
    report = Report()
    (tmp_path / "seed").mkdir()
    lines = [b"a.example", "казино.example".encode("cp1251"), b"b.example", b"x" * 9_000, b"c.example"]
    (tmp_path / "seed" / "gambling.txt").write_bytes(b"\n".join(lines))
    assert open_index(build([tmp_path / "seed"], CATEGORIES, tmp_path / "index", report)).names == 3
    assert report.bad == {"seed/gambling.txt": 2}
    assert [f"{where}: {message}" for where, message in report.samples] == [
        "seed/gambling.txt:2: bytes that are not UTF-8",
        "seed/gambling.txt:4: a line of more than 4096 characters",
    ]


def test_hosts_files_and_plain_lists_side_by_side(tmp_path: Path) -> None:
    folders = write_lists(tmp_path, {"seed/adult.hosts": "0.0.0.0 a.example", "local/adult.txt": "b.example"})
    index = open_index(build(folders, CATEGORIES, tmp_path / "index"))
    (match,) = index.match("b.example")
    assert [entry.source for entry in index.explain(match, "adult")] == ["local"]
    assert categories_of(index, "a.example") == {"adult"}


def test_what_is_no_list_is_left_alone(tmp_path: Path) -> None:
    files = {"seed/README.md": "# x", "seed/adult.txt~": "a.example", "seed/.adult.txt": "b.example"}
    assert open_index(build(write_lists(tmp_path, files), CATEGORIES, tmp_path / "index")).names == 0


def test_a_list_of_no_category_is_a_mistake_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folders = write_lists(tmp_path, {"local/gamblng.txt": "a.example", "seed/adult.txt": "b.example"})
    with pytest.raises(PolicyError, match=r"local/gamblng.txt: unknown category 'gamblng'; did you mean 'gambling'\?"):
        build(folders, CATEGORIES, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_list_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "seed" / "adult.txt").mkdir(parents=True)
    with pytest.raises(PolicyError, match=r"seed/adult.txt: cannot be read"):
        build([tmp_path / "seed"], CATEGORIES, tmp_path / "index")


def test_the_same_lists_give_the_same_folder_and_it_is_not_written_again(tmp_path: Path) -> None:
    first = built(tmp_path / "one", gambling="a.example\nb.example", adult="a.example")
    second = built(tmp_path / "two", gambling="a.example\nb.example", adult="a.example")
    assert first.version == second.version == first.folder.name
    inode = (first.folder / "judge.index").stat().st_ino
    assert built(tmp_path / "one").folder == first.folder
    assert (first.folder / "judge.index").stat().st_ino == inode
    assert [path.name for path in (tmp_path / "one" / "index").iterdir()] == [first.version]


@pytest.mark.parametrize(
    ("name", "text"), [("gambling", "a.example\nc.example"), ("gambling", "\na.example"), ("adult", "a.example")]
)
def test_other_lists_give_another_folder(tmp_path: Path, name: str, text: str) -> None:
    one = built(tmp_path / "one", gambling="a.example")
    assert built(tmp_path / "two", None, **{name: text}).version != one.version


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        built(tmp_path, gambling="a.example")
    assert list((tmp_path / "index").iterdir()) == []


def test_a_correction_that_has_ended_is_left_out_and_told(tmp_path: Path) -> None:
    report = Report()
    lines = correction("a.example", "allow", until="2026-11-22") + correction("b.example", "allow", until="2026-11-23")
    index = built(tmp_path, report, games="a.example\nb.example", corrections=lines)
    assert categories_of(index, "a.example") == {"games"}
    assert categories_of(index, "b.example") == set()
    assert [one.name for one in report.ended] == ["a.example"]
    assert "local/corrections.yaml:2: the correction of a.example ended on 2026-11-22" in str(report)
    assert index.expires == TODAY  # the day after, the index is to be built anew


def test_without_an_end_an_index_does_not_expire(tmp_path: Path) -> None:
    assert built(tmp_path, corrections=correction("a.example", "allow")).expires is None


def test_a_mistake_in_the_corrections_refuses_the_whole_build(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"local/corrections.yaml:2:\d+: unknown action 'alow'; did you mean 'allow'"):
        built(tmp_path, corrections=correction("a.example", "alow"))


@pytest.mark.data
@pytest.mark.long
def test_three_million_real_names(data: Path, tmp_path: Path) -> None:
    """At most 60 s to build, 12 bytes a name to judge by, 100 ms to open, 5 µs for a host with its parents."""
    folder, hosts = _real_lists(data / "domains" / "merged" / "ALL.tsv", tmp_path / "seed")
    started = time.process_time()  # of one core, for the machine is shared
    built_folder = build([folder], [path.stem for path in folder.iterdir()], tmp_path / "index", report := Report())
    building = time.process_time() - started
    started = time.monotonic()
    index = open_index(built_folder)
    opening = time.monotonic() - started
    judging = sum(path.stat().st_size for path in built_folder.glob("judge.*")) / index.names
    explaining = sum(path.stat().st_size for path in built_folder.glob("explain.*")) / index.names
    lookup = _seconds_a_lookup(index.match, hosts)
    print(f"\n{index.names} names, {building:.1f} s, {judging:.1f} + {explaining:.1f} bytes a name", end=", ")
    print(f"open {opening * 1e3:.1f} ms, look-up {lookup * 1e6:.2f} µs, {sum(report.bad.values())} bad lines")
    assert index.names > 2_900_000
    assert building <= 60 and judging <= 12 and opening <= 0.1 and lookup <= 5e-6


def _real_lists(merged: Path, folder: Path) -> tuple[Path, list[str]]:
    """The merged names as one list a category, and 20,000 hosts to ask for, half of them listed."""
    names: dict[str, list[str]] = defaultdict(list)
    hosts: list[str] = []
    with merged.open() as file:
        for number, line in enumerate(file):
            name, _, categories = line.rstrip("\n").partition("\t")
            for category in categories.split(","):
                names[category].append(name)
            if number % 300 == 0:
                hosts += [f"www.{name}", f"cdn.assets-{number}.example"]
    folder.mkdir()
    for category, listed in names.items():
        (folder / f"{category}.txt").write_text("\n".join(listed))
    return folder, hosts


def _seconds_a_lookup(match: object, hosts: list[str]) -> float:
    """The best of five rounds: what the look-up costs when the machine does nothing else."""
    assert callable(match)
    rounds = []
    for _ in range(5):
        started = time.process_time()
        for host in hosts:
            match(host)
        rounds.append(time.process_time() - started)
    return min(rounds) / len(hosts)


def test_dates_are_the_machines_unless_told(tmp_path: Path) -> None:
    folders = write_lists(
        tmp_path,
        {"local/corrections.yaml": f"corrections:\n{correction('a.example', 'allow', until='2020-01-01')}"},
    )
    build(folders, CATEGORIES, tmp_path / "index", report := Report())
    assert [one.until for one in report.ended] == [date(2020, 1, 1)]


def test_since_when_a_line_stands_outlives_other_edits(tmp_path: Path) -> None:
    def since(day: date, text: str, *corrections: str) -> dict[tuple[str, str], date | None]:
        files = {"local/adult.txt": text, "local/corrections.yaml": "corrections:\n" + "".join(corrections)}
        index = open_index(build(write_lists(tmp_path, files), CATEGORIES, tmp_path / "index", today=day))
        names = ("a.example", "b.example", "c.example")
        return {(entry.name, entry.category): entry.since for name in names for entry in index.entries(name)}

    first, later, last = (date(2026, month, 1) for month in (9, 10, 11))
    games, allowed = correction("c.example", "block", "games"), correction("x.example", "allow")
    assert since(first, "a.example", games) == {("a.example", "adult"): first, ("c.example", "games"): first}
    second = {("a.example", "adult"): first, ("b.example", "adult"): later, ("c.example", "games"): first}
    assert since(later, "# moved down\na.example\nb.example", allowed, games) == second
    assert since(last, "b.example", games) == {key: day for key, day in second.items() if key[0] != "a.example"}
    assert since(last, "b.example\na.example", games) == {**second, ("a.example", "adult"): last}  # it was gone


def test_the_newest_of_the_hand_written_is_asked(tmp_path: Path) -> None:
    assert newest_own(tmp_path / "none") is None
    for age, name in enumerate(("new", "old", "base-x", ".building-y")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1000 - age if age < 2 else 2000,) * 2)
    (tmp_path / "base.json").write_text("{}")
    assert newest_own(tmp_path) == tmp_path / "new"


@pytest.mark.parametrize("line", ["www.casino9.example", "https://WWW.casino9.example/", "www.casino9.example."])
def test_www_in_a_hand_written_list_means_the_site(tmp_path: Path, line: str) -> None:
    index = built(
        tmp_path, gambling=f"{line}\nwww.forum.example/bets\nwww.gov.uk\n=www.one.example\n*.www.star.example"
    )
    for host in ("casino9.example", "www.casino9.example", "m.casino9.example"):
        assert categories_of(index, host) == {"gambling"}
    assert categories_of(index, "forum.example", "/bets/1") == categories_of(index, "www.gov.uk") == {"gambling"}
    assert categories_of(index, "www.one.example") == categories_of(index, "www.star.example") == {"gambling"}
    for host in ("gov.uk", "other.gov.uk", "one.example", "a.www.one.example", "star.example", "forum.example"):
        assert categories_of(index, host) == set()


def test_www_in_a_correction_means_the_site(tmp_path: Path) -> None:
    lines = correction("www.csv-bets.example", "allow") + correction("=www.one.example", "allow")
    index = built(tmp_path, gambling="csv-bets.example\none.example", corrections=lines)
    assert categories_of(index, "csv-bets.example") == categories_of(index, "m.csv-bets.example") == set()
    assert categories_of(index, "www.one.example") == set() and categories_of(index, "one.example") == {"gambling"}
