"""An e2guardian (or DansGuardian) installation as a ``model.Installation``.

The order of a group is the library's (``common.story``, and versions 3 and 4 before it): the local lists before the
others, and of each kind the exception before the grey before the banned. What nothing names is open, with phrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.filetype import file_type
from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError
from hedgerow.stores.importing import e2phrases
from hedgerow.stores.importing.destinations import LANGUAGES
from hedgerow.stores.importing.e2conf import Setting, settings
from hedgerow.stores.importing.e2lists import BLANKETS, ListReader, lines
from hedgerow.stores.importing.e2settings import LISTS_LEFT, OLD_LISTS, REASONS, RUN
from hedgerow.stores.importing.e2story import Story, story
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.mime import extension_of
from hedgerow.stores.importing.model import (
    ADDRESSES,
    EVERYTHING,
    Client,
    FileTypes,
    Group,
    Installation,
    NameList,
    Phrase,
    Step,
    Verdict,
)
from hedgerow.stores.importing.names import networks
from hedgerow.stores.importing.reading import Refused, Root, known_prefix, text_lines
from hedgerow.stores.importing.report import Report

MOST_GROUPS = 99
SEARCH = "e2-search"
_MAIN = ("e2guardian.conf", "dansguardian.conf")
_NAMES = ("sitelist", "ipsitelist", "urllist", "regexpboollist")
_ORDER = (
    *(("authexception", Verdict.OPEN), ("bannedssl", Verdict.BLOCK), ("localexception", Verdict.OPEN)),
    *(("localgrey", Verdict.ALLOW), ("localbanned", Verdict.BLOCK), ("exception", Verdict.OPEN)),
    *(("grey", Verdict.ALLOW), ("blanket", Verdict.BLOCK), ("banned", Verdict.BLOCK), ("exceptionfile", Verdict.ALLOW)),
)


def read(
    folder: Path, report: Report, categories: Mapping[str, str] | None = None, known: frozenset[str] = frozenset()
) -> Installation:
    """All that an installation says. ``categories`` is the operator's word about lists: file -> our category.

    Raises ImportFault when ``folder`` holds no installation; everything else is told in ``report``.
    """
    root = Root(folder)
    main = next((root.folder / name for name in _MAIN if (root.folder / name).is_file()), None)
    if main is None:
        raise ImportFault(f"{folder}: no {' and no '.join(_MAIN)} in this folder")
    reading = _Reading(root, Installation("e2guardian"), report, dict(categories or {}), known)
    reading.all(root.inside(main, main.name))
    report.unused.extend(sorted(root.unused()))
    return reading.made


@dataclass(slots=True)
class _Asked:
    """The lists of one group by their name, with the settings that name them."""

    lists: dict[str, list[NameList]] = field(default_factory=dict)
    blanket: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    root: Root
    made: Installation
    report: Report
    categories: dict[str, str]
    known: frozenset[str]
    _lists: ListReader = field(init=False)
    _phrases: dict[tuple[Path, str], list[Phrase]] = field(default_factory=dict)
    _files: dict[Path, FileTypes] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lists = ListReader(self.root, self.made.lists, self.report, self.categories, self.known)

    def all(self, main: Path) -> None:
        site = settings(self.root, main, self.report)
        first = self.root.folder / f"{main.stem}f1.conf"
        absolute = [setting.parts.get("path", "") for setting in site]
        if first.is_file():
            absolute += [setting.parts.get("path", "") for setting in settings(self.root, first, Report(""))]
        prefix = known_prefix(self.root.folder, (name for name in absolute if name.startswith("/")))
        self.root.prefixes = tuple(dict.fromkeys((prefix, *self.root.prefixes)))
        shared = [setting for setting in site if self._is_list(setting)]
        for setting in site:
            if not self._is_list(setting):
                self._site(setting)
        for number in range(1, self._group_count(site) + 1):
            self._group(number, main, shared)
        self.made.default_group = "f1"

    def _group_count(self, site: list[Setting]) -> int:
        found = next((s for s in site if s.key == "filtergroups"), None)
        if found is None or not found.value.isdecimal():
            return 1
        if int(found.value) > MOST_GROUPS:
            self.report.refuse(found.where, f"more than {MOST_GROUPS} filter groups")
        return max(1, min(int(found.value), MOST_GROUPS))

    def _site(self, setting: Setting) -> None:
        match setting.key:
            case "filtergroups":
                self.report.changed(setting.where, "each filter group became a band")
            case "language":
                self._language(setting)
            case "authplugin":
                self._plugin(setting)
            case "filtergroupslist":
                self._tell_lines(setting, REASONS["filtergroupslist"])
            case "preauthstoryboard":
                self.report.left(setting.where, "what is asked before anybody is known; nobody logs in to Hedgerow")
                story(self.root, setting.value, setting.near, setting.where, Report(""))
            case _:
                self.report.left(setting.where, REASONS.get(setting.key, RUN))

    def _language(self, setting: Setting) -> None:
        language = LANGUAGES.get(setting.value.split("-")[0], "")
        if language in ("vi", "en", "fa", "kk", "ru"):
            self.made.languages = (language,)
            self.made.done.append((setting.where, "", f"languages: [{language}] in site.yaml"))
        else:
            self.report.left(setting.where, "Hedgerow's pages speak vi, en, fa, kk and ru")

    def _plugin(self, setting: Setting) -> None:
        """The plugin that knows people by their address carries over; all others know them by name or port."""
        try:
            path = self.root.find(setting.value, setting.near)
        except Refused as error:
            self.report.refuse(setting.where, str(error))
            return
        inside = settings(self.root, path, self.report)
        groups = [one for one in inside if one.key == "ipgroups"]
        for one in inside:
            if one.key != "ipgroups":
                self.report.left(one.where, REASONS["authplugin"] if not groups else RUN)
        if not groups:
            self.report.left(setting.where, REASONS["authplugin"])
            return
        self.report.changed(setting.where, "people by their address: networks in site.yaml")
        for one in groups:
            self._ipgroups(one)

    def _ipgroups(self, setting: Setting) -> None:
        self.report.changed(setting.where, "people by their address: networks in site.yaml")
        try:
            path = self.root.find(setting.value, setting.near)
            for line in lines(self.root, path, self.report):
                self._client(line.text, line.where)
        except Refused as error:
            self.report.refuse(setting.where, str(error))

    def _client(self, text: str, where: Where) -> None:
        address, equals, group = (part.strip() for part in text.partition("="))
        number = group.lower().removeprefix("filter")
        if not equals or not number.isdecimal():
            self.report.bad(where, "'ADDRESS = filterN' expected")
            return
        try:
            for network in networks(address):
                how = "" if network == address else "written as networks that begin where their range begins"
                self.made.clients.append(Client(f"f{int(number)}", network, where, how))
        except LineError as error:
            self.report.bad(where, str(error))

    def _group(self, number: int, main: Path, shared: list[Setting]) -> None:
        path = self.root.folder / f"{main.stem}f{number}.conf"
        try:
            own = settings(self.root, self.root.inside(path, path.name), self.report)
        except Refused as error:
            self.report.refuse(Where(main.name), f"filter group {number}: {error}")
            return
        group = Group(f"f{number}", "", Where(self.root.name(path)), decrypted=False)
        self.made.groups.append(group)
        boards = [setting for setting in own if setting.key == "storyboard"]
        told = Story()
        for setting in boards:
            told = story(self.root, setting.value, setting.near, setting.where, self.report)
            self.report.changed(setting.where, "the order of the lists is carried over; see the storyboards' own lines")
        asked = _Asked()
        for setting in (*shared, *own):
            self._setting(group, setting, asked, bool(boards), told)
        self._order(group, asked, told)

    def _setting(self, group: Group, setting: Setting, asked: _Asked, boards: bool, told: Story) -> None:
        if self._is_list(setting):
            self._list(group, setting, asked, boards, told)
            return
        match setting.key:
            case "groupname":
                group.title = "" if setting.value == "no_name_group" else setting.value
                self.made.done.append((setting.where, group.key, "the name of the group is told in its band"))
            case "naughtynesslimit":
                self._limit(group, setting)
            case "groupmode":
                self._mode(group, setting)
            case "sslmitm" | "ssl_mitm":
                group.decrypted = setting.on
                self.made.done.append((setting.where, group.key, "'capture' of the group's networks"))
            case "weightedphraselist" | "bannedphraselist" | "exceptionphraselist":
                self._phrase_list(group, setting)
            case "searchtermlimit":
                self.report.changed(setting.where, "typed text is judged by the same limit as a page")
            case "weightedphrasemode":
                self.report.changed(setting.where, "a phrase counts once a page, as in mode 2")
            case "maxuploadsize":
                self._told_once(setting, "uploads are not limited by size")
            case "storyboard":
                pass
            case _:
                self._told_once(setting, REASONS.get(setting.key, RUN))

    def _told_once(self, setting: Setting, why: str) -> None:
        if (key := (str(setting.where), why)) not in self._told:
            self._told.add(key)
            self.report.left(setting.where, why)

    def _limit(self, group: Group, setting: Setting) -> None:
        try:
            group.limit = float(setting.value)
        except ValueError:
            self.report.bad(setting.where, "a number expected")
            return
        self.made.done.append((setting.where, group.key, "the weight of a phrase is counted against this limit"))

    def _mode(self, group: Group, setting: Setting) -> None:
        """e2guardian 3 and 4: 0 no internet, 1 filtered, 2 no filter, 3 by the user's own choice."""
        if setting.value == "0":
            group.steps.append(Step(EVERYTHING, Verdict.BLOCK))
        group.unfiltered = setting.value == "2"
        said = {"0": "everything is closed", "1": "filtered", "2": "nothing is filtered but what the band closes"}
        self.report.changed(setting.where, said.get(setting.value, "treated as filtered"))

    @staticmethod
    def _is_list(setting: Setting) -> bool:
        return setting.key in (*_NAMES, "fileextlist", "mimelist", "searchlist", "iplist", "regexpreplacelist") or (
            setting.key in OLD_LISTS
        )

    def _list(self, group: Group, setting: Setting, asked: _Asked, boards: bool, told: Story) -> None:
        kind, name = OLD_LISTS.get(setting.key) or (setting.key, setting.parts.get("name", ""))
        if kind == "iplist" and name != "authexception" or name in LISTS_LEFT or kind == "regexpreplacelist":
            self._tell_lines(setting, LISTS_LEFT.get(name, RUN))
            return
        if name in told.silent or (name == "bannedssl" and boards):
            self._tell_lines(setting, "no storyboard asks this list, so nothing is lost")
            return
        try:
            path = self.root.find(setting.parts.get("path", ""), setting.near)
        except Refused as error:
            self._told_once_refused(setting, error)
            return
        if kind in _NAMES and name in dict(_ORDER):
            asked.lists.setdefault(name, []).extend(self._lists.names(path, kind))
            self._blankets(group, path, asked, boards)
            if name == "bannedssl":
                self.report.note("A site that was closed by https only (bannedssl) is closed by http as well.")
        elif kind in ("fileextlist", "mimelist") and name in ("bannedextension", "bannedmime"):
            group.files.append(self._file_types(path, kind, name))
        elif kind == "searchlist" and name in ("banned", "localbanned"):
            self._searches(group, path, setting)
        elif kind == "iplist":
            self._tell_lines(setting, "devices that need not log in: nobody logs in to Hedgerow")
            return
        else:
            self._tell_lines(setting, f"no storyboard of the library asks a list {name!r}")
            return
        self.made.done.append((setting.where, group.key, "the lines of the list are told at their own places"))

    def _told_once_refused(self, setting: Setting, error: Refused) -> None:
        if (key := (str(setting.where), "refused")) not in self._told:
            self._told.add(key)
            if "no such file" in str(error):
                self.report.left(setting.where, f"{error}: e2guardian had nothing to read either")
            else:
                self.report.refuse(setting.where, str(error))

    def _tell_lines(self, setting: Setting, why: str) -> None:
        """A list that is not carried over: its setting, and each line that says something."""
        if (key := (str(setting.where), "list")) in self._told:
            return
        self._told.add(key)
        self.report.left(setting.where, why)
        try:
            path = self.root.find(setting.parts.get("path", ""), setting.near)
            if (name := (self.root.name(path), "lines")) not in self._told:
                self._told.add(name)
                for number, text in text_lines(path):
                    if text.strip() and not text.strip().startswith("#"):
                        self.report.left(Where(name[0], number), why)
        except Refused as error:
            if "no such file" not in str(error):
                self.report.refuse(setting.where, str(error))
        except OSError as error:
            self.report.refuse(setting.where, f"cannot be opened: {error.strerror or error}")

    def _blankets(self, group: Group, path: Path, asked: _Asked, boards: bool) -> None:
        """``**`` and ``*ip`` in a list: a blanket until version 4, silently ignored by storyboards."""
        for mark, where in self._lists.blankets.get(path, ()):
            if boards:
                self._left_once(where, "an old blanket mark; e2guardian 5 ignores it in a list, and so do we")
                continue
            everything = BLANKETS[mark] == "everything"
            asked.blanket.append(Step(EVERYTHING if everything else ADDRESSES, Verdict.BLOCK))
            wider = "; https alone cannot be meant: http is closed as well" if mark.endswith("s") else ""
            self.report.changed(where, f"became 'unknown' of the band{wider}")

    def _left_once(self, where: Where, why: str) -> None:
        if (key := (str(where), why)) not in self._told:
            self._told.add(key)
            self.report.left(where, why)

    def _file_types(self, path: Path, kind: str, title: str) -> FileTypes:
        if path not in self._files:
            self._files[path] = FileTypes(tuple(self._types(path, kind)), "imported-" + title.removeprefix("banned"))
        return self._files[path]

    def _types(self, path: Path, kind: str) -> Iterator[tuple[str, Where, str]]:
        for line in lines(self.root, path, self.report):
            text = line.text.split()[0].lower()
            if kind == "mimelist":
                found, how = extension_of(text)
                if not found:
                    self.report.left(line.where, "a media type without a kind of file that Hedgerow knows")
                    continue
            else:
                bare = text.removeprefix(".")
                found, how = file_type(f"/file.{bare}", "", ""), ""
                if not found or "." in bare or "/" in bare:
                    self.report.left(line.where, "no file ending of up to ten letters and digits")
                    continue
                how = f"the kind of file is called {found!r} here" if found != bare else ""
            yield found, line.where, how

    def _searches(self, group: Group, path: Path, setting: Setting) -> None:
        """``girl+naughty``: these words in any order. Two words become both orders, more have no phrase that says so."""
        group.topics.setdefault(SEARCH, setting.where)
        self.made.searches.add(SEARCH)
        if (path, "search") in self._phrases:
            return
        self._phrases[path, "search"] = []
        for line in lines(self.root, path, self.report):
            words = tuple(word for word in line.text.split("+") if word.strip())
            if words:
                phrase = Phrase(words, None, line.where, SEARCH, e2phrases._by_script(" ".join(words)))
                self.made.phrases.append(phrase)
                self._phrases[path, "search"].append(phrase)

    def _phrase_list(self, group: Group, setting: Setting) -> None:
        kind = setting.key.removesuffix("phraselist")
        try:
            path = self.root.find(setting.value, setting.near)
        except Refused as error:
            self._told_once_refused(setting, error)
            return
        if (path, kind) not in self._phrases:
            self._phrases[path, kind] = list(e2phrases.phrases(self.root, path, kind, self.report))
            self.made.phrases.extend(self._phrases[path, kind])
        for phrase in self._phrases[path, kind]:
            if not phrase.excepts:
                group.topics.setdefault(phrase.topic, setting.where)
        self.made.done.append((setting.where, group.key, "the phrases are told at their own places"))

    def _order(self, group: Group, asked: _Asked, told: Story) -> None:
        if told.unfiltered or group.unfiltered:
            group.unfiltered = True
            group.steps = [Step(EVERYTHING, Verdict.OPEN)]
            if told.unfiltered:
                self.report.changed(told.unfiltered, "no filter at all: here the band's own rules and the floor stay")
            return
        if told.blocked:
            group.steps = [Step(EVERYTHING, Verdict.BLOCK)]
            self.report.changed(told.blocked, "everything is closed")
        for name, verdict in _ORDER:
            if name == "blanket":
                group.steps += [*asked.blanket, *self._story_blanket(told)]
                continue
            for one in asked.lists.get(name, ()):
                if one.week is None or one.week.spans:
                    group.steps.append(Step(one.bit, verdict, one.week))

    def _story_blanket(self, told: Story) -> Iterator[Step]:
        if told.block_unknown:
            self.report.changed(told.block_unknown, "became 'unknown' of the band")
            yield Step(EVERYTHING, Verdict.BLOCK)
        elif told.block_addresses:
            self.report.changed(told.block_addresses, "became 'unknown: address' of the band")
            yield Step(ADDRESSES, Verdict.BLOCK)
