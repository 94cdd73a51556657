"""Files, folders and archives: what is unwrapped, and what is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from hedgerow.stores.formats import FormatError, Found, Options, parts
from tests.stores.formats.reading import told

LIST = b"a.example\nb.example\n"
TYPES = {
    "sym": tarfile.SYMTYPE,
    "lnk": tarfile.LNKTYPE,
    "dir": tarfile.DIRTYPE,
    "chr": tarfile.CHRTYPE,
    "blk": tarfile.BLKTYPE,
    "fifo": tarfile.FIFOTYPE,
    "gnu_sparse": tarfile.GNUTYPE_SPARSE,
}
type Files = dict[str, bytes]


def tar(files: Files, format: int = tarfile.PAX_FORMAT, **special: str) -> bytes:
    """An archive; ``special`` are members of other types: ``sym="name"``."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for kind, name in special.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = TYPES[kind], "../../etc/passwd"
            archive.addfile(info)
    return out.getvalue()


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def twice(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(name, data)
    return out.getvalue()


def zip_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", LIST)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": LIST}, zipfile.ZIP_STORED))
    data[6] |= 1  # general purpose flag of the file, and of its line in the directory
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying(size: int) -> bytes:
    """A zip file that says less of its content's length than is there."""
    data = bytearray(zipped({"a.txt": b"a.example\n" * 1_000_000}))
    struct.pack_into("<I", data, 22, size)
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, size)
    return bytes(data)


def read(path: Path, **options: int) -> list[tuple[str, str, list[str]]]:
    found = parts(path, "domains", Options(**options))  # type: ignore[arg-type]
    return [(part.name, part.category, [told(row) for row in part.rows()]) for part in found]


NAMES = ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (LIST, [("", "", NAMES)]),
        (b"", [("", "", [])]),
        (gzip.compress(LIST), [("", "", NAMES)]),
        (gzip.compress(LIST) + gzip.compress(b"c.example") + bytes(512), [("", "", [*NAMES, "c.example"])]),
        (lzma.compress(LIST), [("", "", NAMES)]),
        (bz2.compress(LIST), [("", "", NAMES)]),
        (bz2.compress(b""), [("", "", [])]),
        (b"BZhello.example", [("", "", ["bzhello.example"])]),
        (zipped({"x/ads.txt": LIST}), [("x/ads.txt", "ads", NAMES)]),
        (zipped({"a": LIST}, zipfile.ZIP_LZMA), [("a", "a", NAMES)]),
        (zipped({"a": LIST}, zipfile.ZIP_BZIP2), [("a", "a", NAMES)]),
        (zipped({}), []),
        (zip_link(), [("a.txt", "a", NAMES)]),
        (tar({"z": LIST, "./y/x.txt": b"c.example"}), [("y/x.txt", "x", ["c.example"]), ("z", "z", NAMES)]),
        (tar({"a": LIST}, tarfile.USTAR_FORMAT), [("a", "a", NAMES)]),
        (tar({"d/" * 90 + "ä": LIST}, tarfile.GNU_FORMAT), [("d/" * 90 + "ä", "ä", NAMES)]),
        (tar({"d/" * 90 + "ä": LIST}, tarfile.PAX_FORMAT), [("d/" * 90 + "ä", "ä", NAMES)]),
        (tar({"d/" * 70 + "a": LIST}, tarfile.USTAR_FORMAT), [("d/" * 70 + "a", "a", NAMES)]),
        (tar({"a": LIST}, sym="ads", lnk="hard", dir="sub"), [("a", "a", NAMES)]),
        (tar({".hidden": LIST, "__MACOSX/a": LIST, "._a": LIST}), []),
        (gzip.compress(tar({"a": LIST})), [("a", "a", NAMES)]),
        (lzma.compress(tar({"a": LIST})), [("a", "a", NAMES)]),
        (bz2.compress(tar({"a": LIST})), [("a", "a", NAMES)]),
        (tar({"a.gz": gzip.compress(LIST)}), [("a.gz", "a", NAMES)]),
        (tar({"a.tgz": gzip.compress(tar({"b": LIST}))}), [("a.tgz/b", "b", NAMES)]),
        (zipped({"a.zip": zipped({"b": LIST})}), [("a.zip/b", "b", NAMES)]),
        (tar({"a.zip": zipped({"b": LIST})}), [("a.zip/b", "b", NAMES)]),
        (gzip.compress(gzip.compress(LIST)), [("", "", NAMES)]),
    ],
    ids=count(),
)
def test_what_is_unwrapped(tmp_path: Path, data: bytes, expected: list[tuple[str, str, list[str]]]) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    assert read(path) == expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (tar({"../a": LIST}), "leads out"),
        (tar({"x/../../a": LIST}), "leads out"),
        (tar({"/etc/a": LIST}), "leads out"),
        (zipped({"../a": LIST}), "leads out"),
        (zipped({"/etc/a": LIST}), "leads out"),
        (zipped({"..\\a": LIST}), "leads out"),
        (zipped({"C:\\a": LIST}), "leads out"),
        (tar({}, chr="dev"), "device"),
        (tar({}, blk="dev"), "device"),
        (tar({}, fifo="dev"), "device"),
        (tar({}, gnu_sparse="s"), "sparse"),
        (tar({"a": LIST})[:1024] + tar({"a": LIST}), "twice"),
        (twice({"a": LIST}), "twice"),
        (encrypted(), "encrypted"),
        (lying(100), "no whole zip"),
        (zipped({"a.txt": LIST})[:-30], "ends in the middle|no whole zip"),
        (zipped({"a.txt": LIST})[:40], "ends in the middle"),
        (b"PK\x05\x06" + b"\xff" * 18, "more than"),
        (gzip.compress(LIST)[:-9], "ends in the middle"),
        (gzip.compress(LIST)[:-1], "ends in the middle"),
        (lzma.compress(LIST)[:-5], "ends in the middle"),
        (bz2.compress(LIST)[:-5], "ends in the middle"),
        (gzip.compress(LIST) + b"behind", "no whole gzip"),
        (gzip.compress(LIST)[:-8] + bytes(8), "no whole gzip"),
        (tar({"a": LIST * 100})[:1500], "ends in the middle"),
        (tar({"a": LIST})[:1024], "ends in the middle"),  # without the zeros that end it
        (tar({"a": LIST})[:1024] + b"x" * 512, "damaged"),
        (gzip.compress(b"\0" * 18_000_000), "times its size"),
        (bz2.compress(b"\0" * 18_000_000), "times its size"),
        (lzma.compress(b"\0" * 18_000_000), "times its size"),
        (zipped({"a": b"\0" * 18_000_000}), "times its size"),
        (gzip.compress(tar({"a": b"\0" * 18_000_000})), "times its size"),
        (gzip.compress(gzip.compress(gzip.compress(LIST))), "more than twice"),
        (zipped({"a": zipped({"b": zipped({"c": LIST})})}), "more than twice"),
        (tar({"a": tar({"b": tar({"c": LIST})})}), "more than twice"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ],
    ids=count(),
)
def test_what_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=words):
        read(path)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, lambda data: zipped({"a": data})])
def test_output_is_bounded(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "list"
    path.write_bytes(pack(os.urandom(200_000)))
    with pytest.raises(FormatError, match="more bytes than a list may have"):
        read(path, most_bytes=100_000)


def test_the_bound_is_one_for_all_files_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    path.write_bytes(zipped({f"{number}": LIST * 1_000 for number in range(50)}))
    with pytest.raises(FormatError, match="more bytes than a list may have"):
        read(path, most_bytes=500_000)


@pytest.mark.parametrize("pack", [tar, zipped])
def test_files_are_counted(tmp_path: Path, pack: Callable[[Files], bytes]) -> None:
    path = tmp_path / "list"
    path.write_bytes(pack({f"{number}.txt": b"" for number in range(21)}))
    assert len(read(path, most_parts=21)) == 21
    with pytest.raises(FormatError, match="more than 20 files"):
        read(path, most_parts=20)


def test_a_folder_is_read_in_order_and_without_its_links(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_bytes(LIST)
    (folder / "sub" / "a.txt.gz").write_bytes(gzip.compress(b"c.example"))
    (folder / ".hidden").write_bytes(LIST)
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    assert read(folder) == [("b.txt", "b", NAMES), ("sub/a.txt.gz", "a", ["c.example"])]
    with pytest.raises(FormatError, match="more than 1 files"):
        read(folder, most_parts=1)


def test_only_some_files(tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    path.write_bytes(zipped({"x/ads.txt": LIST, "x/LICENSE": b"All rights"}))
    (part,) = parts(path, "domains", Options(only="*.txt"))
    assert part.name == "x/ads.txt"


def test_rows_may_be_read_again_and_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "list.tar.gz"
    path.write_bytes(gzip.compress(tar({"a": LIST * 20_000, "b": LIST * 20_000})))
    iterator = parts(path, "domains")
    one, other = next(iterator), next(iterator)
    pairs = zip(one.rows(), other.rows(), strict=True)
    assert all(isinstance(left, Found) and left == right for left, right in pairs)
    assert len(list(one.rows())) == 40_000
    assert next(iterator, None) is None


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr("hedgerow.stores.formats.unpack._IN_MEMORY", 1_000)
    path = tmp_path / "list.tar.gz"
    path.write_bytes(gzip.compress(tar({"a": os.urandom(9_000).hex().encode()})))
    for _ in parts(path, "domains"):
        assert list(scratch.iterdir()) == []  # it has no name even while it is read


def test_a_file_that_is_not_there_is_no_mistake_of_the_format(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nothing")
