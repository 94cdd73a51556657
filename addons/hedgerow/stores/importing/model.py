"""An installation of another filter, as far as it decides: lists, and for each group the order in which they speak."""

from __future__ import annotations

import enum
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hedgerow.core.hosts import is_address, parents
from hedgerow.core.model import Where
from hedgerow.core.sites import covers
from hedgerow.stores.formats import Listed, Scope
from hedgerow.stores.importing.names import is_network, spelled
from hedgerow.stores.importing.times import Week
from hedgerow.stores.index_suffixes import is_suffix


class Verdict(enum.IntEnum):
    """What a list says about a name it covers."""

    OPEN = 0  # allowed, and nothing else is looked at
    ALLOW = 1  # allowed; words and files are still judged
    BLOCK = 2


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the order of a group comes to for one name: a verdict, and others at certain times."""

    verdict: Verdict
    times: tuple[tuple[Week, Verdict], ...] = ()

    @classmethod
    def of(cls, verdict: Verdict, said: Iterable[tuple[Week, Verdict]]) -> Ruled:
        """``said`` in the order in which it speaks. What is said before is not said again, and each time only once."""
        decided, spans = Week(), dict[Verdict, Week]()
        for week, at in said:
            left = week.both(decided.outside())
            decided = decided.joined(week)
            if at is not verdict:
                spans[at] = spans.get(at, Week()).joined(left)
        return cls(verdict, tuple((week, at) for at, week in sorted(spans.items()) if week.spans))

    @property
    def strictness(self) -> tuple[Verdict, int]:
        return self.verdict, sum(at is Verdict.BLOCK for _, at in self.times)


EVERYTHING, ADDRESSES = -1, -2
"""Steps that are about no list: about every name, and about every number in place of a name."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a group's order: the first that covers a name decides; ``week`` = only at these times."""

    lists: int  # bits, or EVERYTHING, or ADDRESSES
    verdict: Verdict
    week: Week | None = None

    def covers(self, mask: int, address: bool) -> bool:
        if self.lists == EVERYTHING:
            return True
        return address if self.lists == ADDRESSES else bool(self.lists & mask)


@dataclass(slots=True)
class NameList:
    """One file of names. ``kind`` is what it was called there; ``category`` is ours, "" = none is known."""

    number: int
    title: str
    file: str
    category: str = ""
    week: Week | None = None
    names: list[str] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("I"))
    hows: dict[int, str] = field(default_factory=dict)  # position -> what was changed about the name

    @property
    def bit(self) -> int:
        return 1 << self.number

    def __len__(self) -> int:
        return len(self.names)

    def entries(self) -> Iterator[tuple[str, Where, str]]:
        """(name as our lists spell it, its line, what was changed about it)"""
        for position, name in enumerate(self.names):
            yield name, Where(self.file, self.lines[position]), self.hows.get(position, "")


@dataclass(slots=True)
class Lists:
    """All lists, and which of them cover a name. A name is held once, whatever lists it stands in."""

    lists: list[NameList] = field(default_factory=list)
    below: dict[str, int] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    paths: dict[str, dict[str, int]] = field(default_factory=dict)

    def new(self, title: str, file: str, category: str = "", week: Week | None = None) -> NameList:
        made = NameList(len(self.lists), title, file, category, week)
        self.lists.append(made)
        return made

    def add(self, to: NameList, name: Listed, line: int, how: str = "") -> None:
        if how:
            to.hows[len(to.names)] = how
        to.names.append(spelled(name))
        to.lines.append(line)
        if name.path:
            at = self.paths.setdefault(name.host, {})
            at[name.path] = at.get(name.path, 0) | to.bit
            return
        table = self.exact if is_exact(name) else self.below
        table[name.host] = table.get(name.host, 0) | to.bit

    def own(self, name: Listed) -> int:
        """The lists with exactly this name."""
        if name.path:
            return self.paths.get(name.host, {}).get(name.path, 0)
        return (self.exact if is_exact(name) else self.below).get(name.host, 0)

    def covering(self, name: Listed) -> int:
        """The lists with this name, or with one it stands below."""
        mask = self.own(name) | self.exact.get(name.host, 0)
        for parent in (name.host,) if is_network(name.host) else parents(name.host):
            mask |= self.below.get(parent, 0)
            for path, found in self.paths.get(parent, {}).items() if name.path else ():
                if covers(path, name.path):
                    mask |= found
        return mask

    def of(self, mask: int) -> Iterator[NameList]:
        return (one for one in self.lists if mask > 0 and one.bit & mask)


def is_exact(name: Listed) -> bool:
    """A public suffix is a stranger to what stands below it, unless the line says "*."."""
    if name.scope is Scope.USUAL:
        return not name.path and is_suffix(name.host)
    return name.scope is Scope.EXACT


@dataclass(frozen=True, slots=True)
class FileTypes:
    """Kinds of files a group does not get."""

    types: tuple[tuple[str, Where, str], ...]  # extension, its line, what was changed about it
    title: str


@dataclass(slots=True)
class Group:
    """People who are filtered alike: a filter group of e2guardian, a source of squidGuard with its acl."""

    key: str
    title: str
    where: Where
    steps: list[Step] = field(default_factory=list)
    limit: float = 0.0  # e2guardian's naughtynesslimit; 0 = unknown
    unfiltered: bool = False
    decrypted: bool = True
    files: list[FileTypes] = field(default_factory=list)
    topics: dict[str, Where] = field(default_factory=dict)  # topic of a phrase pack -> the line that asks for it

    @property
    def mentions(self) -> int:
        """Bits of all lists the order names."""
        mask = 0
        for step in self.steps:
            mask |= step.lists if step.lists > 0 else 0
        return mask

    def ruled(self, mask: int, address: bool = False) -> Ruled:
        """What the order comes to for a name that the lists of ``mask`` cover. What nothing covers is allowed."""
        times: list[tuple[Week, Verdict]] = []
        for step in self.steps:
            if step.covers(mask, address):
                if step.week is None or step.week.always:
                    return Ruled.of(step.verdict, times)
                if step.week.spans:
                    times.append((step.week, step.verdict))
        return Ruled.of(Verdict.ALLOW, times)


@dataclass(frozen=True, slots=True)
class Client:
    """Addresses that belong to a group."""

    group: str
    network: str
    where: Where
    how: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a phrase list. ``weight`` None = it decides alone; more than one part = all must be there."""

    parts: tuple[str, ...]
    weight: float | None
    where: Where
    topic: str
    language: str
    excepts: bool = False  # a page with it was let through


@dataclass(slots=True)
class Installation:
    """All that was read."""

    source: str  # "e2guardian" or "squidguard"
    lists: Lists = field(default_factory=Lists)
    groups: list[Group] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    default_group: str = ""  # of whoever is in none of the addresses
    languages: tuple[str, ...] = ()
    searches: set[str] = field(default_factory=set)  # topics that are about typed searches only
    done: list[tuple[Where, str, str]] = field(default_factory=list)  # settings that are carried over: line, group, how


def address_of(name: Listed) -> bool:
    """True for a number in place of a name."""
    return is_address(name.host) or is_network(name.host)


def strictest(rules: Iterable[Ruled]) -> Ruled:
    """The rule that is left when several lists of a name meet in one category or more."""
    return max(rules, key=lambda rule: rule.strictness)
