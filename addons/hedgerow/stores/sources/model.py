"""What a source of names is, as ``sources.yaml`` describes it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hedgerow.core.model import Where
from hedgerow.stores.formats import Options


class Role(enum.StrEnum):
    """What a source is good for."""

    LIST = "list"  # says what sites are: its names get categories
    EDUCATION = "education"  # schools and universities: evidence that a site is what a school needs
    MUST_REACH = "must-reach"  # evidence that a site must stay open
    REFUTED = "refuted"  # somebody looked: these names are not what lists call them (the category is ours)
    POPULAR = "popular"  # sites by rank, the most visited first: evidence that many would notice


class Algorithm(enum.StrEnum):
    """Checksums as publishers give them. MD5 finds a broken transfer and no forgery."""

    SHA256 = "sha256"
    MD5 = "md5"


@dataclass(frozen=True, slots=True)
class Checksum:
    """Where the publisher says what the file's checksum is: a list of sums, or one sum alone."""

    url: str
    algorithm: Algorithm = Algorithm.SHA256


@dataclass(frozen=True, slots=True)
class Signature:
    """A detached minisign signature (https://jedisct1.github.io/minisign/) and the publisher's key, ``RW...``."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher's list, or several of its files that are fetched and trusted together."""

    id: str
    title: str
    urls: tuple[str, ...]  # () for a source that lies on this machine
    names: tuple[str, ...]  # what each file is kept under, as many as ``urls``; its stem is the source's own category
    path: str  # "" or a file or folder on this machine, relative to the blocklists folder
    format: str
    options: Options
    category: str  # ours, of all its names; "" when ``categories`` says it
    categories: Mapping[str, tuple[str, ...]]  # the source's own -> ours; () = known and deliberately unused
    role: Role
    trust: int  # 3: its word alone stands; 2: unless allow evidence speaks for the name; 1: needs a second family
    family: str  # sources that copy each other are one voice
    licence: str
    home: str
    refresh: timedelta
    least_names: int
    shrink: float  # refused when more than this part of its names is gone
    grow: float  # refused when it has more than so many times its names
    most_bytes: int  # of one file, as it is sent
    required: bool  # its failure is an alarm
    share: bool  # may stand in a bundle: the licence lets it be passed on
    where: Where
    checksum: Checksum | None = None
    signature: Signature | None = None
    use: bool = field(default=True, compare=False)

    def ours(self, category: str) -> tuple[str, ...] | None:
        """Our categories of what the source calls so; () = left unused on purpose, None = nobody has said."""
        if self.category:
            return (self.category,)
        return self.categories.get(category, self.categories.get("*"))

    @property
    def single(self) -> bool:
        """True for one file, which is held as such; several are held as a folder."""
        return len(self.urls) == 1
