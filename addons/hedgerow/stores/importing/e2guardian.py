"""An e2guardian (or DansGuardian) installation as a ``model.Installation``.

The order of a group is the library's (``common.story``, and versions 3 and 4 before it): the local lists before the
others, and of each kind the exception before the grey before the banned. What nothing names is open, with phrases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError
from hedgerow.stores.importing.destinations import LANGUAGES
from hedgerow.stores.importing.e2conf import Setting, settings
from hedgerow.stores.importing.e2groups import GroupReader
from hedgerow.stores.importing.e2lists import ListReader, lines
from hedgerow.stores.importing.e2settings import REASONS, RUN
from hedgerow.stores.importing.e2story import story
from hedgerow.stores.importing.e2told import Teller, is_list
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import Client, Installation
from hedgerow.stores.importing.names import networks
from hedgerow.stores.importing.reading import Refused, Root, known_prefix
from hedgerow.stores.importing.report import Report
from hedgerow.stores.policy_bands import LANGUAGES as OURS

MOST_GROUPS = 99
_MAIN = ("e2guardian.conf", "dansguardian.conf")


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
class _Reading:
    root: Root
    made: Installation
    report: Report
    categories: dict[str, str]
    known: frozenset[str]
    _teller: Teller = field(init=False)
    _groups: GroupReader = field(init=False)

    def __post_init__(self) -> None:
        names = ListReader(self.root, self.made.lists, self.report, self.categories, self.known)
        self._teller = Teller(self.root, self.report)
        self._groups = GroupReader(self.root, self.made, self.report, names, self._teller)

    def all(self, main: Path) -> None:
        site = settings(self.root, main, self.report)
        first = self.root.folder / f"{main.stem}f1.conf"
        absolute = [setting.parts.get("path", "") for setting in site]
        if first.is_file():
            absolute += [setting.parts.get("path", "") for setting in settings(self.root, first, Report(""))]
        prefix = known_prefix(self.root.folder, (name for name in absolute if name.startswith("/")))
        self.root.prefixes = tuple(dict.fromkeys((prefix, *self.root.prefixes)))
        shared = [setting for setting in site if is_list(setting)]
        for setting in site:
            if not is_list(setting):
                self._site(setting)
        for number in range(1, self._group_count(site) + 1):
            self._groups.group(number, main, shared)
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
                self._teller.lines(setting, REASONS["filtergroupslist"])
            case "preauthstoryboard":
                self.report.left(setting.where, "what is asked before anybody is known; nobody logs in to Hedgerow")
                story(self.root, setting.value, setting.near, setting.where, Report(""))
            case _:
                self.report.left(setting.where, REASONS.get(setting.key, RUN))

    def _language(self, setting: Setting) -> None:
        language = LANGUAGES.get(setting.value.split("-")[0], "")
        if language in OURS:
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
            self.report.unlisted(where, error)
