"""What is said about settings and lists of e2guardian that are not carried over, each line once."""

from __future__ import annotations

from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.stores.importing.e2conf import Setting
from hedgerow.stores.importing.e2settings import OLD_LISTS
from hedgerow.stores.importing.reading import Refused, Root, text_lines
from hedgerow.stores.importing.report import Report

_LISTS = frozenset(
    {"sitelist", "ipsitelist", "urllist", "regexpboollist", "fileextlist", "mimelist", "searchlist", "iplist"}
    | {"regexpreplacelist"}
)


def is_list(setting: Setting) -> bool:
    """True for a setting that names a list, in the words of version 5 or of those before."""
    return setting.key in _LISTS or setting.key in OLD_LISTS


@dataclass(slots=True)
class Teller:
    """Groups share settings and lists; what was said about a line is not said again."""

    root: Root
    report: Report
    _told: set[tuple[str, str]] = field(default_factory=set)

    def once(self, where: Where, why: str) -> None:
        """One line that has no place here."""
        if (key := (str(where), why)) not in self._told:
            self._told.add(key)
            self.report.left(where, why)

    def not_opened(self, setting: Setting, error: Refused) -> None:
        """A setting whose file is missing, or may not be opened."""
        if (key := (str(setting.where), "refused")) in self._told:
            return
        self._told.add(key)
        if "no such file" in str(error):
            self.report.left(setting.where, f"{error}: e2guardian had nothing to read either")
        else:
            self.report.refuse(setting.where, str(error))

    def lines(self, setting: Setting, why: str) -> None:
        """A list that is not carried over: its setting, and each line that says something."""
        if (str(setting.where), why) in self._told:
            return
        self.once(setting.where, why)
        try:
            path = self.root.find(setting.parts.get("path", ""), setting.near)
            if (name := (self.root.name(path), "lines")) in self._told:
                return
            self._told.add(name)
            for number, text in text_lines(path):
                if text.strip() and not text.strip().startswith("#"):
                    self.report.left(Where(name[0], number), why)
        except Refused as error:
            if "no such file" not in str(error):
                self.report.refuse(setting.where, str(error))
        except OSError as error:
            self.report.refuse(setting.where, f"cannot be opened: {error.strerror or error}")
