"""Member-only lists (IWF, police) on this machine: ``member/<id>.sealed``, keyed digests under an AEAD, never a line.

An operator's list is turned into forms (``core.member_forms``), the forms into 64 bits of BLAKE2b (RFC 7693) keyed by
``keys/member.key``, sorted, and sealed with ChaCha20-Poly1305 (RFC 8439) under another key of the same secret (HKDF,
RFC 5869). So a backup without ``keys/`` tells nothing at all; whoever holds both can ask about an address they know
already, and print none. (HMAC-SHA256 would do as well; it takes several times as long, on every request.) The one
address that is kept whole, within the seal, is the list's own test address: it has to be asked for again and again.

A file that cannot be opened is a mistake like a broken policy: at a reload what is in force stays, at the start the
gateway does not begin. A filter that went on without such a list would be open just where the law wants it closed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hedgerow.core.member import Keyed, MemberLists
from hedgerow.stores.state import State, StateError, belong, key, write_whole

SUFFIX = ".sealed"
DIGEST = 8
"""Bytes of a digest: among a million of them one request in 18 million million meets a stranger's."""
_MAGIC = b"hedgerow-member-1\n"
_NONCE = 12
_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")
MOST_LISTS = 16
"""Each is a label of metrics, and asked about on every request that comes near one."""


class MemberError(StateError):
    """A member-only list cannot be used. The message says what to do, and holds nothing of the list."""


@dataclass(frozen=True, slots=True)
class Held:
    """One list, opened: in memory only. ``digests`` and ``firsts`` are sorted."""

    id: str
    digests: array[int] = field(repr=False)
    firsts: array[int] = field(repr=False)
    pages: int  # lines about single pages
    hosts: int  # lines about whole hosts
    bad: int  # lines that could not be read
    added: float  # Unix seconds
    by: str
    test: str = field(repr=False)  # the list's own test address

    @property
    def entries(self) -> int:
        return self.pages + self.hosts

    @property
    def fingerprint(self) -> str:
        """Names the content, for the change record: a hash over keyed digests tells nothing of them."""
        return hashlib.sha256(self.digests.tobytes()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A list as its file has it: what may lie in a snapshot."""

    id: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedLists:
    """All of them, and where their secret lies. ``unread``: this account may not look; the service's own may."""

    lists: tuple[Sealed, ...] = ()
    secret: Path = Path()
    unread: bool = False

    @property
    def digest(self) -> str:
        """Names what is in force: another list is another version of the policy."""
        return hashlib.sha256(b"".join(hashlib.sha256(one.content).digest() for one in self.lists)).hexdigest()[:16]

    def open(self) -> tuple[Held, ...]:
        """Raises MemberError: damaged, of another machine's key, or the key is gone."""
        secret = _secret(self.secret) if self.lists else b""
        return tuple(unseal(one, secret) for one in self.lists)

    def matcher(self, only: str = "") -> MemberLists | None:
        """What ``decide`` asks; None without a list. ``only``: of this list alone. Raises MemberError."""
        opened = tuple(one for one in self.open() if only in ("", one.id))
        return matcher(opened, _secret(self.secret)) if opened else None


def read(state: State) -> SealedLists:
    """The lists of this machine. Raises OSError; an account that may not look gets ``unread``."""
    secret = state.keys / "member.key"
    try:
        with os.scandir(state.member) as found:  # ``glob`` would take a closed folder for an empty one
            names = sorted(entry.name for entry in found if _is_list(entry.name))
        lists = tuple(Sealed(name.removesuffix(SUFFIX), (state.member / name).read_bytes()) for name in names)
        if lists and secret.exists():
            secret.open("rb").close()
    except FileNotFoundError:
        return SealedLists()
    except PermissionError:
        return SealedLists(unread=True)
    return SealedLists(lists, secret)


def _is_list(name: str) -> bool:
    return name.endswith(SUFFIX) and _ID.fullmatch(name.removesuffix(SUFFIX)) is not None


def legal_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def put(state: State, held: Held) -> None:
    """Write the list in place of what was there under its id; a reader sees the old or the new. Raises OSError."""
    path = state.member / f"{held.id}{SUFFIX}"
    write_whole(path, seal(held, new_secret(state)))
    belong(path)


def take_out(state: State, name: str) -> None:
    """Remove the list's file, also one that cannot be opened any more. Raises OSError."""
    (state.member / f"{name}{SUFFIX}").unlink(missing_ok=True)


def new_secret(state: State) -> bytes:
    """The machine's secret, made with the first list. Raises StateError."""
    path = state.keys / "member.key"
    secret = key(path)
    belong(path)
    return secret


def _secret(path: Path) -> bytes:
    if not path.exists():
        raise MemberError(f"{path} is gone, so no member-only list can be opened: put them in again")
    return key(path)


def keyed(secret: bytes) -> Keyed:
    """A form to its digest. The keyed state is made once and copied: a third of the time."""
    start = hashlib.blake2b(key=_derived(secret, b"entries"), digest_size=DIGEST)

    def digest(form: str) -> bytes:
        made = start.copy()
        made.update(form.encode() if form.isascii() else form.encode("utf-8", "surrogatepass"))
        return made.digest()

    return digest


def matcher(lists: tuple[Held, ...], secret: bytes) -> MemberLists:
    firsts = (number.to_bytes(DIGEST, "little") for held in lists for number in held.firsts)
    return MemberLists({held.id: held.digests for held in lists}, firsts, keyed(secret))


def seal(held: Held, secret: bytes) -> bytes:
    """The file's content: another nonce each time, the id bound to it, so that no file stands in for another."""
    told = {name: getattr(held, name) for name in ("pages", "hosts", "bad", "added", "by", "test")}
    head = json.dumps({**told, "firsts": len(held.firsts)}).encode()
    plain = head + b"\n" + _bytes(held.firsts) + _bytes(held.digests)
    nonce = os.urandom(_NONCE)
    return _MAGIC + nonce + _cipher(secret).encrypt(nonce, plain, _bound(held.id))


def unseal(sealed: Sealed, secret: bytes) -> Held:
    """Raises MemberError."""
    nonce, content = sealed.content[len(_MAGIC) :][:_NONCE], sealed.content[len(_MAGIC) + _NONCE :]
    try:
        if not sealed.content.startswith(_MAGIC):
            raise InvalidTag
        plain = _cipher(secret).decrypt(nonce, content, _bound(sealed.id))
    except (InvalidTag, ValueError):
        raise MemberError(
            f"member/{sealed.id}{SUFFIX}: damaged, or sealed with another machine's key; put the list in again "
            f"(hedgerow lists member add), or take it out with a reason (hedgerow lists member remove)"
        ) from None
    head, _, rest = plain.partition(b"\n")
    told: Mapping[str, object] = json.loads(head)
    numbers = _numbers(rest)
    count = int(str(told["firsts"]))
    return Held(
        id=sealed.id,
        digests=numbers[count:],
        firsts=numbers[:count],
        pages=int(str(told["pages"])),
        hosts=int(str(told["hosts"])),
        bad=int(str(told["bad"])),
        added=float(str(told["added"])),
        by=str(told["by"]),
        test=str(told["test"]),
    )


def _bound(name: str) -> bytes:
    return _MAGIC + name.encode()


def _cipher(secret: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(secret, b"seal"))


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"hedgerow member " + purpose).derive(secret)


def _bytes(numbers: array[int]) -> bytes:
    """Little-endian, whatever the machine."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(raw: bytes) -> array[int]:
    numbers = array("Q", raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
