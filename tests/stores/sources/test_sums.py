"""Checksums in the forms publishers give them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.model import Algorithm
from hedgerow.stores.sources.sums import check_sum, published

CONTENT = b"a.example\n"
MD5 = hashlib.md5(CONTENT).hexdigest()
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize(
    "text, algorithm",
    [
        (f"{MD5}  all.tar.gz\n", Algorithm.MD5),
        (f"{'0' * 32}  other.tar.gz\n{MD5} *all.tar.gz\n", Algorithm.MD5),
        (f"{MD5}  ./download/all.tar.gz\r\n", Algorithm.MD5),
        (f"MD5 (all.tar.gz) = {MD5}\n", Algorithm.MD5),
        (f"{SHA.upper()}  all.tar.gz\n", Algorithm.SHA256),
        (f"SHA256 (all.tar.gz) = {SHA}\n", Algorithm.SHA256),
        (f"{SHA}\n", Algorithm.SHA256),
    ],
)
def test_the_right_sum_is_found(tmp_path: Path, text: str, algorithm: Algorithm) -> None:
    (tmp_path / "x").write_bytes(CONTENT)
    check_sum(tmp_path / "x", "all.tar.gz", text, algorithm)


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "say nothing of all.tar.gz"),
        ("<html>404</html>", "say nothing"),
        (f"{MD5}  all.tar.gz", "say nothing"),  # an MD5 sum where SHA-256 is promised
        (f"{SHA}  other.tar.gz", "say nothing"),
        (f"{'0' * 64}  all.tar.gz", "does not fit"),
        ("0" * 64, "does not fit"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "x").write_bytes(CONTENT)
    with pytest.raises(NotTaken, match=reason):
        check_sum(tmp_path / "x", "all.tar.gz", text, Algorithm.SHA256)


def test_a_list_of_sums_speaks_of_the_named_file_only() -> None:
    assert published(f"{SHA}  a\n{'1' * 64}  b\n", "b", Algorithm.SHA256) == "1" * 64
