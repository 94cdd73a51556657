"""e2guardian's lists of sites, addresses, URLs and patterns, with their includes, times and inline comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError, parse_name
from hedgerow.stores.importing.destinations import category_of
from hedgerow.stores.importing.e2conf import included
from hedgerow.stores.importing.model import Lists, NameList
from hedgerow.stores.importing.names import SUFFIX, listed, networks
from hedgerow.stores.importing.patterns import WIDER, as_name
from hedgerow.stores.importing.reading import Root, is_text, text_lines
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.times import Week, e2guardian_time

BLANKETS = {"**": "everything", "**s": "everything", "*ip": "addresses", "*ips": "addresses"}
_INCLUDE = re.compile(r"\.Include\s*<([^>]*)>")
_TIME = re.compile(r"#\s?time:(.*)", re.IGNORECASE)
_SAID = re.compile(r"#\s?listcategory:\s*\"?([^\"]*)\"?", re.IGNORECASE)
_COMMENT = re.compile(r"\s#.*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is neither blank, comment nor directive."""

    text: str
    where: Where
    week: Week | None  # the times of its file
    said: str  # its file's ``#listcategory``
    path: Path


@dataclass(slots=True)
class ListReader:
    """Reads each list file once, however many groups name it."""

    root: Root
    lists: Lists
    report: Report
    categories: dict[str, str] = field(default_factory=dict)  # what the operator said: list -> our category
    known: frozenset[str] = frozenset()
    blankets: dict[Path, list[tuple[str, Where]]] = field(default_factory=dict)
    _read: dict[tuple[Path, str], list[NameList]] = field(default_factory=dict)

    def names(self, path: Path, kind: str) -> list[NameList]:
        """The lists of a file and its includes; ``kind`` is sitelist, ipsitelist, urllist or regexpboollist."""
        if (path, kind) not in self._read:
            self._read[path, kind] = self._names(path, kind)
        return self._read[path, kind]

    def _names(self, path: Path, kind: str) -> list[NameList]:
        made: dict[str, NameList] = {}
        for line in lines(self.root, path, self.report):
            file = line.where.file
            if file not in made:
                category = self.categories.get(file) or self.categories.get(Path(file).name) or ""
                category = category or category_of(file, line.said, self.known)
                made[file] = self.lists.new(Path(file).name, file, category, line.week)
            self._entry(made[file], line, kind)
        return list(made.values())

    def _entry(self, to: NameList, line: Line, kind: str) -> None:
        text = line.text
        if text in BLANKETS:
            self.blankets.setdefault(line.path, []).append((text, line.where))
            return
        if not is_text(text):
            self.report.bad(line.where, "bytes that are not UTF-8")
            return
        try:
            self._add(to, line, kind)
        except LineError as error:
            self.report.unlisted(line.where, error)

    def _add(self, to: NameList, line: Line, kind: str) -> None:
        text, number = line.text, line.where.line
        if kind == "regexpboollist":
            name = as_name(text)
            if name is None:
                self.report.left(line.where, "a pattern that is more than a name; no list can say it")
            else:
                self.lists.add(to, name, number, WIDER)
            return
        if kind == "ipsitelist" or re.fullmatch(r"[\d.]+(-[\d.]+|/[\d.]+)", text):
            for part in networks(text):
                self.lists.add(to, parse_name(part), number, "" if part == text else "written as networks")
            return
        name, how = listed(text.split()[0])
        if kind == "sitelist" and name.path:
            self.report.left(line.where, "a path in a list of sites never matched in e2guardian")
            return
        self.lists.add(to, name, number, how if how != SUFFIX else SUFFIX)


def lines(root: Root, path: Path, report: Report, opened: tuple[Path, ...] = ()) -> Iterator[Line]:
    """Every line that says something, of a list file and of those it includes. A time holds for its own file only."""
    name, week, said = root.name(path), None, ""
    try:
        for number, raw in text_lines(path):
            text, where = raw.strip(), Where(name, number)
            if found := _INCLUDE.match(text):
                if target := included(root, found[1], where, path, report, (*opened, path)):
                    report.changed(where, "an include: what stands in the file is told at its own lines")
                    yield from lines(root, target, report, (*opened, path))
            elif found := _TIME.match(text):
                week = _time(found[1], where, report) or week
            elif found := _SAID.match(text):
                said = found[1].strip()
            elif text and not text.startswith("#") and (bare := _COMMENT.sub("", text).strip()):
                yield Line(bare, where, week, said, path)
    except OSError as error:
        report.refuse(Where(name), f"cannot be opened: {error.strerror or error}")


def _time(text: str, where: Where, report: Report) -> Week | None:
    week = e2guardian_time(text)
    if week is None:
        report.bad(where, "no time: 'hour minute hour minute days' expected; its list holds at all times")
    elif not week.spans:
        report.changed(where, "ends before it begins: e2guardian never opened this list, and neither do we")
    else:
        report.changed(where, f"became the window {', '.join(name for name, _ in week.windows())}")
    return week
