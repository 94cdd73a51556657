"""One filter group of e2guardian: its lists in the order of the library, its phrases, its kinds of files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.filetype import file_type
from hedgerow.core.model import Where
from hedgerow.stores.importing import e2phrases
from hedgerow.stores.importing.e2conf import Setting, settings
from hedgerow.stores.importing.e2lists import BLANKETS, ListReader, lines
from hedgerow.stores.importing.e2settings import LISTS_LEFT, OLD_LISTS, REASONS, RUN
from hedgerow.stores.importing.e2story import Story, story
from hedgerow.stores.importing.e2told import Teller, is_list
from hedgerow.stores.importing.mime import extension_of
from hedgerow.stores.importing.model import (
    ADDRESSES,
    EVERYTHING,
    FileTypes,
    Group,
    Installation,
    NameList,
    Phrase,
    Step,
    Verdict,
)
from hedgerow.stores.importing.reading import Refused, Root
from hedgerow.stores.importing.report import Report

SEARCH = "e2-search"
_NAMES = ("sitelist", "ipsitelist", "urllist", "regexpboollist")
_ORDER = (
    *(("authexception", Verdict.OPEN), ("bannedssl", Verdict.BLOCK), ("localexception", Verdict.OPEN)),
    *(("localgrey", Verdict.ALLOW), ("localbanned", Verdict.BLOCK), ("exception", Verdict.OPEN)),
    *(("grey", Verdict.ALLOW), ("blanket", Verdict.BLOCK), ("banned", Verdict.BLOCK), ("exceptionfile", Verdict.ALLOW)),
)


@dataclass(slots=True)
class Asked:
    """The lists of one group by their name, with the settings that name them."""

    lists: dict[str, list[NameList]] = field(default_factory=dict)
    blanket: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class GroupReader:
    """Reads the groups of one installation into ``made``; each list file only once, however many groups name it."""

    root: Root
    made: Installation
    report: Report
    lists: ListReader
    teller: Teller
    _phrases: dict[tuple[Path, str], list[Phrase]] = field(default_factory=dict)
    _files: dict[Path, FileTypes] = field(default_factory=dict)

    def group(self, number: int, main: Path, shared: list[Setting]) -> None:
        """Filter group ``number``; ``shared`` are the lists that the main configuration gives to all groups."""
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
        asked = Asked()
        for setting in (*shared, *own):
            self._setting(group, setting, asked, bool(boards), told)
        self._order(group, asked, told)

    def _setting(self, group: Group, setting: Setting, asked: Asked, boards: bool, told: Story) -> None:
        if is_list(setting):
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
                self.teller.once(setting.where, "uploads are not limited by size")
            case "storyboard":
                pass
            case _:
                self.teller.once(setting.where, REASONS.get(setting.key, RUN))

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

    def _list(self, group: Group, setting: Setting, asked: Asked, boards: bool, told: Story) -> None:
        kind, name = OLD_LISTS.get(setting.key) or (setting.key, setting.parts.get("name", ""))
        if kind == "iplist" and name != "authexception" or name in LISTS_LEFT or kind == "regexpreplacelist":
            self.teller.lines(setting, LISTS_LEFT.get(name, RUN))
            return
        if name in told.silent or (name == "bannedssl" and boards):
            self.teller.lines(setting, "no storyboard asks this list, so nothing is lost")
            return
        try:
            path = self.root.find(setting.parts.get("path", ""), setting.near)
        except Refused as error:
            self.teller.not_opened(setting, error)
            return
        if kind in _NAMES and name in dict(_ORDER):
            asked.lists.setdefault(name, []).extend(self.lists.names(path, kind))
            self._blankets(group, path, asked, boards)
            if name == "bannedssl":
                self.report.note("A site that was closed by https only (bannedssl) is closed by http as well.")
        elif kind in ("fileextlist", "mimelist") and name in ("bannedextension", "bannedmime"):
            group.files.append(self._file_types(path, kind, name))
        elif kind == "searchlist" and name in ("banned", "localbanned"):
            self._searches(group, path, setting)
        elif kind == "iplist":
            self.teller.lines(setting, "devices that need not log in: nobody logs in to Hedgerow")
            return
        else:
            self.teller.lines(setting, f"no storyboard of the library asks a list {name!r}")
            return
        self.made.done.append((setting.where, group.key, "the lines of the list are told at their own places"))

    def _blankets(self, group: Group, path: Path, asked: Asked, boards: bool) -> None:
        """``**`` and ``*ip`` in a list: a blanket until version 4, silently ignored by storyboards."""
        for mark, where in self.lists.blankets.get(path, ()):
            if boards:
                self.teller.once(where, "an old blanket mark; e2guardian 5 ignores it in a list, and so do we")
                continue
            everything = BLANKETS[mark] == "everything"
            asked.blanket.append(Step(EVERYTHING if everything else ADDRESSES, Verdict.BLOCK))
            wider = "; https alone cannot be meant: http is closed as well" if mark.endswith("s") else ""
            self.report.changed(where, f"became 'unknown' of the band{wider}")

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
        """``girl+naughty``: these words in any order. Two words become both orders; for more there is no phrase."""
        group.topics.setdefault(SEARCH, setting.where)
        self.made.searches.add(SEARCH)
        if (path, "search") in self._phrases:
            return
        self._phrases[path, "search"] = []
        for line in lines(self.root, path, self.report):
            words = tuple(word for word in line.text.split("+") if word.strip())
            if words:
                phrase = Phrase(words, None, line.where, SEARCH, e2phrases.language_of(" ".join(words)))
                self.made.phrases.append(phrase)
                self._phrases[path, "search"].append(phrase)

    def _phrase_list(self, group: Group, setting: Setting) -> None:
        kind = setting.key.removesuffix("phraselist")
        try:
            path = self.root.find(setting.value, setting.near)
        except Refused as error:
            self.teller.not_opened(setting, error)
            return
        if (path, kind) not in self._phrases:
            self._phrases[path, kind] = list(e2phrases.phrases(self.root, path, kind, self.report))
            self.made.phrases.extend(self._phrases[path, kind])
        for phrase in self._phrases[path, kind]:
            if not phrase.excepts:
                group.topics.setdefault(phrase.topic, setting.where)
        self.made.done.append((setting.where, group.key, "the phrases are told at their own places"))

    def _order(self, group: Group, asked: Asked, told: Story) -> None:
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
