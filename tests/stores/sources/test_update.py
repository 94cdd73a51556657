"""The whole updater against a real publisher: what is refused leaves the old in force, and so does a kill."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.taking import Outcome, Taker
from hedgerow.stores.sources.update import Updater
from tests.lab.listnet import ListNet
from tests.stores.sources.listed import names, source
from tests.stores.sources.test_guards import tarred
from tests.stores.sources.test_minisign import key, signed

LISTS = "https://lists.example"
HTML = b"<!doctype html><title>Sign in to the network</title>"


def held(state: Path) -> bytes:
    found = Downloads(state).held(source())
    return found.path.read_bytes() if found else b""


@pytest.mark.net
@pytest.mark.parametrize(
    "content, reason, by_size",
    [
        (HTML, "is a web page", False),
        (b"", "is empty", False),
        (names(9), "holds 9 names", False),
        (names(400), "shrank from 1,000 names to 400", True),
        (names(10_001), "grew from 1,000 names to 10,001", True),
        (gzip.compress(names(1000))[:-50], "cut off", False),
        (bytes(range(256)) * 100, "binary junk", False),
    ],
)
def test_what_is_refused_leaves_the_old_in_force(
    internet: ListNet, state: Path, content: bytes, reason: str, by_size: bool
) -> None:
    job = {"source": {"urls": [f"{LISTS}/g.txt"]}}
    internet.serve("g.txt", names(1000))
    internet.update(state, **job)
    internet.serve("g.txt", content)
    refused = internet.update(state, **job, now=2_000_000_000)
    assert (refused["outcome"], refused["by_size"], refused["names"]) == ("refused", by_size, 1000), refused
    assert reason in refused["reason"] and held(state) == names(1000)
    again = internet.update(state, **job, now=2_000_000_500)
    noted = Downloads(state).meta(source()).refused
    assert again["outcome"] == "refused" and noted and noted.since == 2_000_000_000  # since it was first seen
    internet.serve("g.txt", names(1001))
    assert internet.update(state, **job)["outcome"] == "new"
    assert Downloads(state).meta(source()).refused is None


@pytest.mark.net
def test_a_refusal_ends_when_the_publisher_has_the_old_again(internet: ListNet, state: Path) -> None:
    job = {"source": {"urls": [f"{LISTS}/g.txt"]}}
    for content in (names(1000), HTML, names(1000)):
        internet.serve("g.txt", content)
        found = internet.update(state, **job)
    assert found["outcome"] == "unchanged" and Downloads(state).meta(source()).refused is None


@pytest.mark.net
def test_a_person_accepts_a_size_once(internet: ListNet, state: Path) -> None:
    job = {"source": {"urls": [f"{LISTS}/g.txt"]}}
    internet.serve("g.txt", names(1000))
    internet.update(state, **job)
    internet.serve("g.txt", names(100))
    accepted = internet.update(state, **job, wishes={"accept": ["bets"], "named": True})
    assert accepted["outcome"] == "new" and held(state) == names(100)
    internet.serve("g.txt", names(20))
    assert internet.update(state, **job)["outcome"] == "refused"
    internet.serve("g.txt", HTML)  # what is no list cannot be accepted
    assert internet.update(state, **job, wishes={"accept": ["bets"], "named": True})["outcome"] == "refused"


@pytest.mark.net
def test_what_a_person_took_back_is_not_taken_anew(internet: ListNet, state: Path) -> None:
    job = {"source": {"urls": [f"{LISTS}/g.txt"]}}
    for count in (1000, 900):
        internet.serve("g.txt", names(count))
        internet.update(state, **job)
    Downloads(state).undo(source())
    refused = internet.update(state, **job)
    assert refused["outcome"] == "refused" and "took back" in refused["reason"] and held(state) == names(1000)
    internet.serve("g.txt", names(950))
    assert internet.update(state, **job)["outcome"] == "new"


@pytest.mark.net
@pytest.mark.parametrize("right", [True, False])
def test_checksums(internet: ListNet, state: Path, right: bool) -> None:
    content = names(50)
    sum = hashlib.md5(content if right else b"other").hexdigest()
    internet.serve("c.txt", content)
    internet.serve("MD5SUM.LST", f"{'0' * 32}  other\n{sum}  c.txt\n".encode())
    asked = {"urls": [f"{LISTS}/c.txt"], "checksum": f"{LISTS}/MD5SUM.LST", "algorithm": "md5"}
    found = internet.update(state, source=asked)
    assert found["outcome"] == ("new" if right else "refused")
    assert right or "does not fit the publisher's checksum" in found["reason"]


@pytest.mark.net
@pytest.mark.parametrize("content, outcome", [(names(50), "new"), (names(51), "refused")])
def test_signatures(internet: ListNet, state: Path, content: bytes, outcome: str) -> None:
    internet.serve("s.txt", content)
    internet.serve("s.txt.minisig", signed(names(50)).encode())
    asked = {"urls": [f"{LISTS}/s.txt"], "signature": [f"{LISTS}/s.txt.minisig", key()]}
    assert internet.update(state, source=asked)["outcome"] == outcome


@pytest.mark.net
def test_a_signature_that_cannot_be_had_is_no_signature(internet: ListNet, state: Path) -> None:
    internet.serve("s.txt", names(50))
    asked = {"urls": [f"{LISTS}/s.txt"], "signature": [f"{LISTS}/gone.minisig", key()]}
    assert internet.update(state, source=asked)["outcome"] == "failed" and not held(state)


@pytest.mark.net
def test_several_files_stand_and_fall_together(internet: ListNet, state: Path) -> None:
    several: dict[str, Any] = {
        "urls": [f"{LISTS}/p.txt", f"{LISTS}/q.txt"],
        "names": ["adult.txt", "games.txt"],
        "category": "",
    }
    several |= {"categories": {"adult": ["adult"], "games": ["games"]}}
    internet.serve("p.txt", names(300, "p"))
    internet.serve("q.txt", names(5000, "q"))
    assert internet.update(state, source=several)["names"] == 5300
    internet.serve("q.txt", names(5001, "q"))
    assert internet.update(state, source=several)["names"] == 5301  # one 304, one new
    internet.serve("p.txt", b"#\n")
    refused = internet.update(state, source=several)
    assert refused["outcome"] == "refused" and "of 'adult' it shrank from 300 names to 0" in refused["reason"]
    internet.serve("p.txt", HTML)
    assert "adult.txt is a web page" in internet.update(state, source=several)["reason"]
    (internet.folder / "files" / "p.txt").unlink()
    assert "adult.txt: the server answered 404" in internet.update(state, source=several)["reason"]
    meta = Downloads(state).meta(source())
    assert meta.current and dict(meta.current.parts) == {"adult": 300, "games": 5001}


@pytest.mark.net
def test_an_archive_cut_between_two_members_is_refused(internet: ListNet, state: Path) -> None:
    asked: dict[str, Any] = {
        "urls": [f"{LISTS}/a.tar.gz"],
        "names": ["a.tar.gz"],
        "format": "squidguard",
        "category": "",
    }
    asked |= {"categories": {"gambling": ["gambling"], "adult": ["adult"]}}
    whole = tarred(gambling=names(300), adult=names(400))
    internet.serve("a.tar.gz", gzip.compress(whole))
    assert internet.update(state, source=asked)["names"] == 700
    internet.serve("a.tar.gz", gzip.compress(whole[: whole.index(b"blacklists/adult")]))
    assert "without its end" in internet.update(state, source=asked)["reason"]


@pytest.mark.net
def test_killed_at_any_moment_the_old_or_the_new_is_in_force(internet: ListNet, state: Path) -> None:
    """SIGKILL between the first byte and the last rename, again and again; what is left is always whole and usable."""
    bodies = {hashlib.sha256(body).hexdigest(): body for body in (names(30_000), names(30_001, "new"))}
    chance, killed = random.Random(7), 0
    job = {"state": str(state), "ca": str(internet.folder / "root.pem"), "source": {"urls": [f"{LISTS}/kill.txt"]}}
    internet.serve("kill.txt", names(30_000))
    internet.update(state, source=job["source"])
    process = internet.started("-m", "tests.lab.listinside", pipes=True)
    for turn in range(10):
        assert process.stdin and process.stdout
        internet.serve("kill.txt", list(bodies.values())[turn % 2])
        process.stdin.write(json.dumps({**job, "wishes": {"force": True}}) + "\n")
        process.stdin.flush()
        time.sleep(0.4 if turn == 0 else chance.uniform(0.0, 0.12))
        if turn % 2:  # the other turns end by themselves
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
            process.stdin.close()
            process.stdout.close()
            process = internet.started("-m", "tests.lab.listinside", pipes=True)
        else:
            assert process.stdout
            process.stdout.readline()
        found = held(state)
        assert hashlib.sha256(found).hexdigest() in bodies
        meta = Downloads(state).meta(source())
        assert meta.current and meta.current.files["bets.txt"].sha256 == hashlib.sha256(found).hexdigest()
    process.kill()
    process.wait()
    if process.stdin and process.stdout:
        process.stdin.close()
        process.stdout.close()
    assert killed == 5
    assert internet.update(state, source=job["source"])["outcome"] in ("new", "unchanged")


def test_what_fails_is_a_result(tmp_path: Path) -> None:
    (result,) = Updater(Taker(Downloads(tmp_path))).run([source(urls=("https://127.0.0.1/x",))])
    assert result.outcome is Outcome.FAILED and result.required and "address inside" in result.reason


def test_a_damaged_state_is_told_and_hinders_no_other(tmp_path: Path) -> None:
    (tmp_path / "bets").mkdir()
    (tmp_path / "bets" / "meta.json").write_text("{")
    other = source(id="other", urls=("https://127.0.0.1/x",))
    first, second = Updater(Taker(Downloads(tmp_path))).run([source(), other])
    assert "damaged" in first.reason and "address inside" in second.reason
