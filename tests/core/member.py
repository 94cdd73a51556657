"""Member-only lists for tests of the pure core: lines in, what ``decide`` asks out."""

from __future__ import annotations

import hashlib
from array import array

from hedgerow.core.member import MemberLists
from hedgerow.core.member_forms import listed


def keyed(form: str) -> bytes:
    return hashlib.blake2b(form.encode("utf-8", "surrogatepass"), key=b"test", digest_size=8).digest()


def number(form: str) -> int:
    return int.from_bytes(keyed(form), "little")


def member(**lists: str) -> MemberLists:
    """``member(iwf="bad.test/x *.worse.test")``."""
    forms = {name: [form for line in lines.split() for form in listed(line).forms] for name, lines in lists.items()}
    digests = {name: array("Q", sorted({number(form) for form in found})) for name, found in forms.items()}
    firsts = {keyed(form) for found in forms.values() for form in found if form.startswith("?")}
    return MemberLists(digests, firsts, keyed)
