"""Bundles: the same lists give the same bytes; a school takes them in with every look; a hostile maker gets nowhere."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hedgerow.stores.sources import Downloads, Source, unbundle
from hedgerow.stores.sources.bundle import bundle
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from hedgerow.stores.sources.signing import START, BundleFault, sign
from hedgerow.stores.sources.taking import Outcome, Result, Taker
from hedgerow.stores.sources.unbundle import Unbundler
from tests.stores.sources.listed import ADDRESS, names, source

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
BETS = source()
SITES = source(id="sites", urls=(ADDRESS, ADDRESS), names=("adult.txt", "games.txt"), category="")


def holding(folder: Path, fetched: float = 100.0, **content: bytes) -> Downloads:
    """A state in which these files are held: ``bets=...`` or ``sites={...}``."""
    downloads = Downloads(folder)
    folder.mkdir(exist_ok=True)
    for one in (BETS, SITES):
        body = content.get(one.id)
        if body is None:
            continue
        files, staged = {}, {}
        for name in one.names:
            path = staged[name] = downloads.work(one) / name
            path.unlink(missing_ok=True)
            path.write_bytes(body)
            files[name] = FileFacts(ADDRESS, hashlib.sha256(body).hexdigest(), len(body), '"etag"')
        version = Version(version_of(files), fetched, files, {"": body.count(b"\n") * len(files)})
        downloads.take(one, staged, version, Meta(fetched=fetched))
    return downloads


def made(folder: Path, **content: bytes) -> Path:
    bundle(folder / "out", (BETS, SITES), holding(folder / "district", 100.0, **content), KEY)
    return folder / "out"


def taken(path: Path, downloads: Downloads, *sources: Source, **options: Any) -> dict[str, Result]:
    with path.open("rb") as file:
        unbundler = Unbundler(file, KEY.public_key())
        found = unbundler.take(sources or (BETS, SITES), Taker(downloads), **options)
        return {one.source: one for one in found}


def test_what_a_district_holds_a_school_holds(tmp_path: Path) -> None:
    path, school = made(tmp_path, bets=names(20), sites=names(30)), Downloads(tmp_path / "school")
    school.folder.mkdir()
    found = taken(path, school)
    assert {name: (one.outcome, one.names) for name, one in found.items()} == {
        "bets": (Outcome.NEW, 20),
        "sites": (Outcome.NEW, 60),
    }
    held = school.held(BETS)
    assert held and held.path.read_bytes() == names(20) and held.fetched.timestamp() == 100.0
    assert school.meta(BETS).made == 100.0
    assert taken(path, school)["bets"].outcome is Outcome.UNCHANGED


def test_the_same_lists_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made(tmp_path / name, bets=names(20), sites=names(30))
    assert (tmp_path / "a" / "out").read_bytes() == (tmp_path / "b" / "out").read_bytes()


def test_what_may_not_be_passed_on_stays(tmp_path: Path) -> None:
    held = holding(tmp_path / "d", bets=names(20), sites=names(30))
    ours = source(id="ours", urls=(), names=(), path="local/x")
    told = bundle(tmp_path / "out", (source(share=False), SITES, ours, source(id="never")), held, KEY)
    assert told.sources == ("sites",)
    assert dict(told.left_out) == {
        "bets": "its licence does not let it be passed on",
        "ours": "lies in the school's own folder",
        "never": "was never fetched",
    }
    with pytest.raises(BundleFault, match="nothing is held"):
        bundle(tmp_path / "none", (ours,), held, KEY)
    assert not (tmp_path / "none").exists()


def test_the_same_looks_as_at_a_fetched_list(tmp_path: Path) -> None:
    school = holding(tmp_path / "school", 50.0, bets=names(1000))
    path = made(tmp_path, bets=names(100))
    refused = taken(path, school)["bets"]
    assert refused.outcome is Outcome.REFUSED and refused.by_size and "shrank" in refused.reason
    assert school.meta(BETS).refused
    assert taken(path, school, accept=("bets",))["bets"].outcome is Outcome.NEW


@pytest.mark.parametrize("body", [b"<html>", names(3), b"\0\1\2" * 100])
def test_what_is_no_list_is_refused_from_a_bundle_too(tmp_path: Path, body: bytes) -> None:
    school = holding(tmp_path / "school", 50.0, bets=names(20))
    assert taken(made(tmp_path, bets=body), school)["bets"].outcome is Outcome.REFUSED
    held = school.held(BETS)
    assert held and held.path.read_bytes() == names(20)


def test_an_older_bundle_is_refused_unless_a_person_says_so(tmp_path: Path) -> None:
    school = holding(tmp_path / "school", 200.0, bets=names(21))
    path = made(tmp_path, bets=names(20))
    refused = taken(path, school)["bets"]
    assert refused.outcome is Outcome.REFUSED and "older than what is held" in refused.reason
    assert taken(path, school, older=True)["bets"].outcome is Outcome.NEW


def test_only_what_is_in_use_is_taken(tmp_path: Path) -> None:
    school = Downloads(tmp_path / "school")
    school.folder.mkdir()
    assert list(taken(made(tmp_path, bets=names(20), sites=names(30)), school, SITES)) == ["sites"]
    assert school.held(BETS) is None


def test_a_source_of_other_files_is_refused(tmp_path: Path) -> None:
    school = Downloads(tmp_path / "school")
    school.folder.mkdir()
    found = taken(made(tmp_path, bets=names(20)), school, source(names=("other.txt",)))
    assert "has other files here" in found["bets"].reason


Members = list[tuple[tarfile.TarInfo, bytes]]


def _members(path: Path) -> Members:
    raw = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes()[START:])).read()
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        return [(one, file.read() if (file := archive.extractfile(one)) else b"") for one in archive]


def _resigned(path: Path, members: Members, tail: bytes = b"") -> Path:
    """As a maker who holds the key and means harm."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for entry, content in members:
            entry.size = len(content) if entry.isreg() else 0
            archive.addfile(entry, io.BytesIO(content))
    file = io.BytesIO(bytes(START) + zstandard.compress(out.getvalue()) + tail)
    sign(file, KEY)
    path.write_bytes(file.getvalue())
    return path


def renamed(name: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[2][0].name = name

    return change


def linked(kind: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[2][0].type, members[2][0].linkname = kind, "/etc/passwd"

    return change


def manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Members], None]:
    def changed(members: Members) -> None:
        found = json.loads(members[0][1])
        change(found)
        members[0] = (members[0][0], json.dumps(found).encode())

    return changed


def bets(found: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = found["sources"]["bets"]
    return described


HARM: dict[str, Callable[[Members], Any]] = {
    "traversal": renamed("../../../etc/cron.d/x"),
    "absolute": renamed("/etc/passwd"),
    "another source's file": renamed("lists/sites/adult.txt"),
    "symbolic link": linked(tarfile.SYMTYPE),
    "hard link": linked(tarfile.LNKTYPE),
    "device": linked(tarfile.CHRTYPE),
    "folder": linked(tarfile.DIRTYPE),
    "one byte more": lambda members: members.append((members[2][0], members.pop(2)[1] + b"x")),
    "other bytes": lambda members: members.append((members[2][0], members.pop(2)[1].upper())),
    "a file too many": lambda members: members.append(members[2]),
    "a file too few": lambda members: members.pop(),
    "no manifest": lambda members: members.pop(0),
    "manifest last": lambda members: members.append(members.pop(0)),
    "manifest is no JSON": lambda members: members.insert(0, (members.pop(0)[0], b"{")),
    "manifest of an array": lambda members: members.insert(0, (members.pop(0)[0], b"[]")),
    "traversal in the manifest": manifest(
        lambda found: bets(found)["files"].update({"../x": bets(found)["files"]["bets.txt"]})
    ),
    "source that leads out": manifest(lambda found: found["sources"].update({"../x": bets(found)})),
    "sum that is none": manifest(lambda found: bets(found)["files"]["bets.txt"].update({"sha256": "../x"})),
    "size below nothing": manifest(lambda found: bets(found)["files"]["bets.txt"].update({"size": -1})),
    "no files": manifest(lambda found: bets(found).update({"files": {}})),
    "another version": manifest(lambda found: bets(found).update({"version": "../../x"})),
    "of a newer Hedgerow": manifest(lambda found: found.update({"form": 2})),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_a_maker_who_means_harm_gets_nowhere(tmp_path: Path, harm: str) -> None:
    path = made(tmp_path, bets=names(20))
    members = _members(path)
    HARM[harm](members)
    (tmp_path / "school").mkdir()
    school = holding(tmp_path / "school" / "lists", 50.0, bets=names(30))
    with pytest.raises(BundleFault):
        taken(_resigned(path, members), school)
    assert {one.name for one in (tmp_path / "school").iterdir()} == {"lists"}
    held = school.held(BETS)
    assert held and held.path.read_bytes() in (names(20), names(30))  # the old, or what the manifest signs for


def test_a_bomb_ends_at_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unbundle, "MOST_WHOLE", 1 << 20)
    path = made(tmp_path, bets=b"a.example\n" * 500_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(BundleFault, match="unpacks to more than"):
        taken(path, holding(tmp_path / "school"))


def test_a_file_larger_than_its_source_may_be_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, bets=names(2000))
    found = taken(path, holding(tmp_path / "school"), source(most_bytes=10_000))
    assert found["bets"].outcome is Outcome.REFUSED and "is larger than" in found["bets"].reason


def test_torn_content_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    path = made(tmp_path, bets=names(2000))
    whole = path.read_bytes()[START:]
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        file = io.BytesIO(bytes(START) + whole[:length])
        sign(file, KEY)
        path.write_bytes(file.getvalue())
        with pytest.raises(BundleFault):
            taken(path, holding(tmp_path / "school"))
