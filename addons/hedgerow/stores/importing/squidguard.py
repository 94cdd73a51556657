"""A squidGuard installation as a ``model.Installation``: times, sources, destinations, and the acl that joins them.

A ``pass`` is read from left to right; the first destination that holds a name decides, ``all`` and ``none`` end it.
A folder without a ``squidGuard.conf`` is a folder of lists, such as UT1's: each sub-folder is a destination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError, parse_name
from hedgerow.stores.importing.destinations import category_of
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import ADDRESSES, EVERYTHING, Client, Group, Installation, NameList, Step, Verdict
from hedgerow.stores.importing.names import listed, networks
from hedgerow.stores.importing.patterns import WIDER, as_name
from hedgerow.stores.importing.reading import Refused, Root, is_text, text_lines
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.squidconf import Block, SquidConf, Statement, parse
from hedgerow.stores.importing.times import Week, squidguard_weekly

CONF = ("squidGuard.conf", "squidguard.conf")
_FILES = ("domains", "urls", "expressions")
_KINDS = {"domainlist": "domains", "urllist": "urls", "expressionlist": "expressions"}
_LEFT = {
    "redirect": "squidGuard's own block page; ours stand in policies/messages",
    "rewrite": "Hedgerow does not rewrite addresses",
    "log": "a log of its own; see 'privacy' in site.yaml",
    "logfile": "a log of its own; see 'privacy' in site.yaml",
    "user": "people by name: Hedgerow knows a device by its address",
    "userlist": "people by name: Hedgerow knows a device by its address",
    "ldapusersearch": "people by name: Hedgerow knows a device by its address",
    "execuserlist": "people by name: Hedgerow knows a device by its address",
    "userquota": "people by name: Hedgerow knows a device by its address",
    "domain": "devices by their own names: Hedgerow knows a device by its address",
}


def read(
    path: Path,
    report: Report,
    categories: Mapping[str, str] | None = None,
    known: frozenset[str] = frozenset(),
    dbhome: Path | None = None,
) -> Installation:
    """``path`` is a folder or its squidGuard.conf; ``dbhome`` says where the lists are when they lie elsewhere.

    Raises ImportFault when there is nothing to read; everything else is told in ``report``.
    """
    conf = path if path.is_file() else next((path / name for name in CONF if (path / name).is_file()), None)
    if not path.exists():
        raise ImportFault(f"{path}: no such file or folder")
    root = Root(path if path.is_dir() else path.parent, prefixes=(), others=(dbhome,) if dbhome else ())
    reading = _Reading(root, Installation("squidguard"), report, dict(categories or {}), known)
    if conf is None:
        reading.folders(dbhome or root.folder)
    else:
        try:
            parsed = parse(root, root.inside(conf, conf.name), report)
        except (OSError, Refused) as error:
            raise ImportFault(f"{conf}: cannot be read: {error}") from error
        reading.home = _dbhome(root, parsed, dbhome)
        reading.conf(parsed)
    return reading.made


def _dbhome(root: Root, conf: SquidConf, given: Path | None) -> Path:
    """Where the lists lie: as the operator says, else below the folder; elsewhere only when the operator says so."""
    if given:
        return given.resolve()
    written = next((" ".join(s.rest) for s in conf.settings if s.word == "dbhome"), "")
    parts = Path(written).parts if written else ()
    for first in range(1 if Path(written).is_absolute() else 0, len(parts)):
        if (inside := root.folder / Path(*parts[first:])).is_dir():
            return inside
    if written and Path(written).is_dir() and not Path(written).resolve().is_relative_to(root.folder):
        raise ImportFault(f"the lists lie in {written}, outside the folder; to have them read: --dbhome {written}")
    return root.folder


@dataclass(slots=True)
class _Reading:
    root: Root
    made: Installation
    report: Report
    categories: dict[str, str]
    known: frozenset[str]
    home: Path = Path()
    times: dict[str, Week] = field(default_factory=dict)
    dests: dict[str, list[NameList]] = field(default_factory=dict)
    sources: dict[str, Block] = field(default_factory=dict)

    def folders(self, home: Path) -> None:
        """A folder of folders, each with ``domains``, ``urls`` or ``expressions``."""
        self.home = home.resolve()
        for folder in sorted(path for path in home.iterdir() if path.is_dir() and not path.is_symlink()):
            found = [folder / file for file in _FILES if (folder / file).exists()]
            for path in found:
                self._file(folder.name, str(path), path.name, Where(f"{folder.name}/{path.name}"), None)
        if not self.dests:
            raise ImportFault(f"{home}: neither {CONF[0]} nor folders with 'domains' or 'urls' in it")

    def conf(self, conf: SquidConf) -> None:
        for setting in conf.settings:
            self._setting(setting)
        blocks = conf.blocks
        for block in (b for b in blocks if b.kind == "time"):
            self._time(block)
        for block in (b for b in blocks if b.kind == "dest"):
            self._dest(block)
        for block in (b for b in blocks if b.kind == "src"):
            self._source(block)
        for block in (b for b in blocks if b.kind == "rew"):
            self._all_left(block.statements, _LEFT["rewrite"], block.where)
        acls = {block.name: block for block in blocks if block.kind == "acl"}
        for block in acls.values():
            self._acl(block, acls.get("default"))
        self._clients(acls)

    def _setting(self, setting: Statement) -> None:
        if setting.word == "dbhome":
            self.report.changed(setting.where, "the lists are in blocklists/local and in the bands now")
        elif setting.word in ("logdir", *_LEFT):
            self.report.left(setting.where, _LEFT.get(setting.word, _LEFT["log"]))
        else:
            self.report.left(setting.where, "how squidGuard itself runs; Hedgerow needs no such setting")

    def _all_left(self, statements: list[Statement], why: str, where: Where) -> None:
        self.report.left(where, why)
        for statement in statements:
            if statement.where != where:
                self.report.left(statement.where, why)

    def _time(self, block: Block) -> None:
        week = Week()
        for statement in block.statements:
            found = squidguard_weekly(list(statement.rest)) if statement.word == "weekly" else None
            if found is not None:
                week = Week.of((*week.spans, *found.spans))
                names = ", ".join(name for name, _ in found.windows()) or "no window: it ends before it begins"
                self.report.changed(statement.where, f"became {names}")
            elif statement.word == "date":
                self.report.left(statement.where, "days by date: name them under 'calendar' in site.yaml")
            else:
                self.report.bad(statement.where, "'weekly DAYS HH:MM-HH:MM' expected")
        self.times[block.name] = week
        if block.where.line not in (s.where.line for s in block.statements):
            self.report.changed(block.where, "the windows are named after their days and hours")

    def _week(self, test: tuple[str, str] | None, where: Where) -> Week | None:
        if test is None:
            return None
        if test[1] not in self.times:
            self.report.bad(where, f"no time is called {test[1]!r}")
            return Week()
        week = self.times[test[1]]
        return week if test[0] == "within" else week.outside()

    def _dest(self, block: Block) -> None:
        week = self._week(block.test, block.where)
        self.dests.setdefault(block.name, [])
        self.made.done.append((block.where, "", "the lines of the lists are told at their own places"))
        for statement in block.statements:
            if kind := _KINDS.get(statement.word):
                self._file(block.name, " ".join(statement.rest), kind, statement.where, week)
            elif statement.word in _LEFT:
                self.report.left(statement.where, _LEFT[statement.word])
            else:
                self.report.bad(statement.where, f"{statement.word!r} is nothing that a destination has")

    def _file(self, dest: str, written: str, kind: str, where: Where, week: Week | None) -> None:
        try:
            path = self.root.inside(self.home / written, written)
        except Refused as error:
            self.report.refuse(where, str(error))
            return
        if where.line:
            self.made.done.append((where, "", "the lines of the list are told at their own places"))
        name = self.root.name(path)
        category = self.categories.get(dest) or category_of(dest, "", self.known) or category_of(name, "", self.known)
        to = self.made.lists.new(dest, name, category, week)
        self.dests.setdefault(dest, []).append(to)
        try:
            for number, text in text_lines(path):
                if (bare := text.strip()) and not bare.startswith("#"):
                    self._entry(to, bare, Where(name, number), kind)
        except OSError as error:
            self.report.refuse(Where(name), f"cannot be opened: {error.strerror or error}")

    def _entry(self, to: NameList, text: str, where: Where, kind: str) -> None:
        if not is_text(text):
            self.report.bad(where, "bytes that are not UTF-8")
            return
        try:
            if kind == "expressions":
                self._expression(to, text, where)
            elif kind == "domains" and "-" in text and text.replace(".", "").replace("-", "").isdigit():
                for part in networks(text):
                    self.made.lists.add(to, parse_name(part), where.line, "written as networks")
            else:
                name, how = listed(text.split()[0])
                self.made.lists.add(to, name, where.line, how)
        except LineError as error:
            self.report.unlisted(where, error)

    def _expression(self, to: NameList, text: str, where: Where) -> None:
        name = as_name(text)
        if name is None:
            self.report.left(where, "a pattern that is more than a name; no list can say it")
        else:
            self.made.lists.add(to, name, where.line, WIDER)

    def _source(self, block: Block) -> None:
        self.sources[block.name] = block
        for statement in (*block.statements, *(block.otherwise or ())):
            if statement.word in ("within", "outside") and statement.rest:
                block.test = (statement.word, statement.rest[0])
                self.report.changed(statement.where, "outside these times the rules of 'default' hold")
            elif statement.word not in ("ip", "iplist"):
                known = _LEFT.get(statement.word)
                if known:
                    self.report.left(statement.where, known)
                else:
                    self.report.bad(statement.where, f"{statement.word!r} is nothing that a source has")

    def _acl(self, block: Block, default: Block | None) -> None:
        if block.name != "default" and block.name not in self.sources:
            self.report.bad(block.where, f"no source is called {block.name!r}")
            return
        rest = default.statements if default and default is not block else []
        otherwise = block.otherwise if block.otherwise is not None else rest
        steps = list(self._steps(block.statements, self._week(block.test, block.where)))
        if block.test:
            steps += self._steps(otherwise, None)
        elif block.otherwise:
            self.report.bad(block.where, "'else' without 'within' or 'outside' is never reached")
        source = self.sources.get(block.name)
        if source is not None and source.test and (week := self._week(source.test, source.where)) is not None:
            steps = [_cut(step, week) for step in steps] + list(self._steps(rest, None))
        if block.name == "default" and steps and steps[0] == Step(EVERYTHING, Verdict.BLOCK):
            self.report.changed(block.where, "whoever is in no network gets 'default-band', the strictest band")
            return
        group = Group(block.name, block.name, block.where, steps)
        group.unfiltered = bool(steps) and steps[0].lists == EVERYTHING and steps[0].verdict is Verdict.ALLOW
        self.made.groups.append(group)
        self.made.done.append((block.where, block.name, "became a band"))
        if block.name == "default":
            self.made.default_group = "default"

    def _steps(self, statements: list[Statement], week: Week | None) -> Iterator[Step]:
        for statement in statements:
            if statement.word != "pass":
                why = _LEFT.get(statement.word)
                if why:
                    self.report.left(statement.where, why)
                else:
                    self.report.bad(statement.where, f"{statement.word!r} is nothing that an acl has")
                continue
            self.report.changed(statement.where, "became rules of the band: the order of the destinations is kept")
            for word in statement.rest:
                yield from self._passed(word, statement.where, week)

    def _passed(self, word: str, where: Where, week: Week | None) -> Iterator[Step]:
        denied, name = word.startswith("!"), word.removeprefix("!")
        verdict = Verdict.BLOCK if denied else Verdict.ALLOW
        if name in ("all", "any", "none"):
            yield Step(EVERYTHING, Verdict.BLOCK if (name == "none") is not denied else Verdict.ALLOW, week)
        elif name == "in-addr":
            yield Step(ADDRESSES, verdict, week)
        elif name in self.dests:
            for one in self.dests[name]:
                both = one.week if week is None else week if one.week is None else week.both(one.week)
                if both is None or both.spans:
                    yield Step(one.bit, verdict, both)
        else:
            self.report.bad(where, f"no destination is called {name!r}")

    def _clients(self, acls: Mapping[str, Block]) -> None:
        """The addresses of every source. Of two sources with an address, squidGuard takes the first."""
        for name, block in self.sources.items():
            group = name if name in acls else self.made.default_group
            told = "became a network" if name in acls else "no acl names this source: it has the rules of 'default'"
            self.made.done.append((block.where, group, told))
            for statement in block.statements:
                if statement.word == "ip":
                    for word in statement.rest:
                        self._client(group, word, statement.where)
                elif statement.word == "iplist":
                    self._iplist(group, statement)

    def _iplist(self, group: str, statement: Statement) -> None:
        try:
            path = self.root.inside(self.home / " ".join(statement.rest), " ".join(statement.rest))
            self.made.done.append((statement.where, group, "the addresses are told at their own places"))
            for number, text in text_lines(path):
                if (bare := text.strip()) and not bare.startswith("#"):
                    self._client(group, bare, Where(self.root.name(path), number))
        except (Refused, OSError) as error:
            self.report.refuse(statement.where, str(error))

    def _client(self, group: str, text: str, where: Where) -> None:
        try:
            for network in networks(text):
                how = "" if network == text else "written as networks that begin where their range begins"
                self.made.clients.append(Client(group, network, where, how))
        except LineError as error:
            self.report.unlisted(where, error)


def _cut(step: Step, week: Week) -> Step:
    return Step(step.lists, step.verdict, week if step.week is None else step.week.both(week))
