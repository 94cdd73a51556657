"""What is looked at before anything is replaced: tables of what real networks and publishers have sent."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.guards import compare, look
from hedgerow.stores.sources.meta import Version
from tests.stores.sources.listed import names, source

LIST = names(1000)
MOST = 50 << 20


def tarred(**files: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"blacklists/{name}/domains")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.txt", content)
    return out.getvalue()


TAR = tarred(gambling=LIST, adult=names(3000, "x"))
GOOD = {
    "list.txt": LIST,
    "no-end-of-line.txt": LIST.rstrip(b"\n"),
    "latin1.txt": "# d\xe9j\xe0\n".encode("latin-1") + LIST,
    "mark.txt": b"\xef\xbb\xbf" + LIST,
    "list.txt.gz": gzip.compress(LIST),
    "two.txt.gz": gzip.compress(LIST) + gzip.compress(LIST),
    "packed-on-the-way.txt": gzip.compress(LIST),
    "list.txt.xz": lzma.compress(LIST),
    "list.txt.bz2": bz2.compress(LIST),
    "list.zip": zipped(LIST),
    "all.tar": TAR,
    "all.tar.gz": gzip.compress(TAR),
    "all.tgz": gzip.compress(TAR),
    "large.gz": gzip.compress(os.urandom(100).hex().encode() * 40_000),
}
BAD = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \n\n", "is empty"),
    "page.txt": (b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
    "page2.txt": (b"\n  <html>\n<head><title>Sign in</title>", "is a web page"),
    "page3.txt": (b"\xef\xbb\xbf<?xml version='1.0'?>", "is a web page"),
    "page.txt.gz": (gzip.compress(b"<html>503</html>"), "is a web page"),
    "page.tar.gz": (b"<html>503</html>", "is a web page"),
    "text.tar.gz": (LIST, "is no archive"),
    "half.txt.gz": (gzip.compress(LIST)[:-200], "cut off"),
    "no-trailer.txt.gz": (gzip.compress(LIST)[:-4], "cut off"),
    "half.txt.xz": (lzma.compress(LIST)[:-20], "cut off"),
    "half.txt.bz2": (bz2.compress(LIST)[:-20], "cut off"),
    "half.zip": (zipped(LIST)[:-30], "cut off"),
    "half.tar": (TAR[: TAR.index(b"blacklists/adult")], "without its end"),
    "half.tar.gz": (gzip.compress(TAR[: TAR.index(b"blacklists/adult")]), "without its end"),
    "flipped.gz": (b"\x1f\x8b\x08\x00" + b"\xff" * 200, "cannot be unpacked"),
    "sum.gz": (gzip.compress(LIST)[:-8] + b"\0" * 8, "cannot be unpacked"),
    "junk.txt": (bytes(range(256)) * 20, "binary junk"),
    "zeros.txt": (LIST + b"\0" * 10, "binary junk"),
    "bomb.gz": (gzip.compress(b"a.example\n" * 10_000_000), "unpacks to more than"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_list_passes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    look(tmp_path / name, name, MOST)


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_in_plain_words(tmp_path: Path, name: str) -> None:
    content, reason = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotTaken, match=reason):
        look(tmp_path / name, name, MOST)


@pytest.mark.parametrize("whole", [gzip.compress(TAR), lzma.compress(TAR), bz2.compress(TAR), TAR])
def test_no_beginning_of_an_archive_passes_for_the_whole(tmp_path: Path, whole: bytes) -> None:
    path = tmp_path / "all.tar.x"
    for length in {*range(1, len(whole) - 10_240 if whole is TAR else len(whole), max(1, len(whole) // 60))}:
        path.write_bytes(whole[:length])
        with pytest.raises(NotTaken):
            look(path, "all.tar.gz", MOST)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\x00"]))
def test_hostile_bytes_are_a_list_or_refused(content: bytes, magic: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(magic + content)
        try:
            look(path, "x.gz", 1 << 20)
        except NotTaken as error:
            assert str(error)


def version(**parts: int) -> Version:
    return Version("v", 0.0, {}, parts or {"": 0})


@pytest.mark.parametrize(
    "before, now, reason",
    [
        (None, 10, ""),
        (None, 9, "holds 9 names, at least 10 expected"),
        (1000, 1000, ""),
        (1000, 500, ""),
        (1000, 499, "shrank from 1,000 names to 499"),
        (1000, 10_000, ""),
        (1000, 10_001, "grew from 1,000 names to 10,001"),
        (1000, 9, "at least 10"),
    ],
)
def test_a_list_that_lost_or_won_too_many_names(before: int | None, now: int, reason: str) -> None:
    old = version(**{"": before}) if before is not None else None
    if not reason:
        compare(source(), {"": now}, old)
        return
    with pytest.raises(NotTaken, match=reason) as error:
        compare(source(), {"": now}, old)
    assert error.value.by_size is (now >= 10)


def test_a_person_may_accept_a_size_but_not_an_empty_list() -> None:
    compare(source(), {"": 20}, version(**{"": 1000}), accepted=True)
    with pytest.raises(NotTaken):
        compare(source(), {"": 2}, version(**{"": 1000}), accepted=True)


def test_a_category_that_vanishes_is_not_lost_in_the_sum() -> None:
    """4,000 names about adult sites gone from 100,000: an archive of which only the sum is counted would pass."""
    many = source(category="", categories={"adult": ("adult",), "games": ("games",), "cooking": ()})
    old = version(adult=4000, games=96_000, cooking=5000)
    compare(many, {"adult": 3000, "games": 96_000}, old)  # cooking is left unused: nobody misses it
    with pytest.raises(NotTaken, match="of 'adult' it shrank from 4,000 names to 0"):
        compare(many, {"games": 96_000, "cooking": 5000}, old)
    compare(many, {"games": 96_000}, version(adult=150, games=96_000))  # few names come and go
