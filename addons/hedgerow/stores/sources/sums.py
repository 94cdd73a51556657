"""Checksums and signatures as publishers give them beside their lists."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.minisign import SignatureFault, public_key, verify
from hedgerow.stores.sources.model import Algorithm, Signature

_LENGTH = {Algorithm.MD5: 32, Algorithm.SHA256: 64}
_COREUTILS = re.compile(r"\\?([0-9a-fA-F]{32,64}) [ *](.+)")  # as md5sum and sha256sum write
_BSD = re.compile(r"[A-Z0-9]+ \((.+)\) = ([0-9a-fA-F]{32,64})")  # as md5 and sha256 on BSD write
_ALONE = re.compile(r"[0-9a-fA-F]{32,64}")


def published(text: str, name: str, algorithm: Algorithm) -> str:
    """The sum of the file ``name`` in a list of sums; "" when it is not there. One sum alone is any file's."""
    found = {}
    for line in text.splitlines():
        if match := _COREUTILS.fullmatch(line.strip()):
            found[match[2].strip().rpartition("/")[2]] = match[1]
        elif match := _BSD.fullmatch(line.strip()):
            found[match[1].rpartition("/")[2]] = match[2]
    if not found and _ALONE.fullmatch(text.strip()):
        found[name] = text.strip()
    digest = found.get(name, "").lower()
    return digest if len(digest) == _LENGTH[algorithm] else ""


def digest(path: Path, algorithm: Algorithm = Algorithm.SHA256) -> str:
    """Hexadecimal. MD5 is here because publishers use it: against broken transfers, not against forgers."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def check_sum(path: Path, name: str, text: str, algorithm: Algorithm) -> None:
    """Raises NotTaken unless the publisher's list of sums holds this very file."""
    wanted = published(text, name, algorithm)
    if not wanted:
        raise NotTaken(f"the publisher's checksums say nothing of {name}")
    if digest(path, algorithm) != wanted:
        raise NotTaken(f"does not fit the publisher's checksum of {name}")


def check_signature(path: Path, text: str, signature: Signature) -> None:
    """Raises NotTaken unless the key's owner signed this very file."""
    try:
        verify(path, text, public_key(signature.key))
    except SignatureFault as error:
        raise NotTaken(str(error)) from error
