"""``e2guardian.conf`` and ``e2guardianfN.conf``: ``key = 'value'`` lines, ``.Include<...>``, ``.Define NAME <...>``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.importing.reading import DEEPEST, Refused, Root, is_text, text_lines
from hedgerow.stores.importing.report import Report

_SETTING = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_INCLUDE = re.compile(r"\.Include\s*<([^>]*)>")
_DEFINE = re.compile(r"\.Define\s+([A-Za-z][A-Za-z0-9_]*)\s*<([^>]*)>")
MOST_SETTINGS = 100_000


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of a configuration; keys may come again and again."""

    key: str
    value: str
    where: Where
    near: Path  # the file it stands in: relative names start there

    @property
    def on(self) -> bool:
        return self.value.lower() in ("on", "yes", "true", "1")

    @property
    def parts(self) -> dict[str, str]:
        """``name=banned,messageno=500,path=...`` of a list definition; a bare path is ``path``."""
        if "=" not in self.value:
            return {"path": self.value}
        pairs = (part.partition("=") for part in self.value.split(","))
        return {key.strip().lower(): value.strip() for key, _, value in pairs}


def settings(root: Root, path: Path, report: Report) -> list[Setting]:
    """All settings of a file and of those it includes, in order. What cannot be read is told in the report."""
    found: list[Setting] = []
    for setting in _read(root, path, report, {}, ()):
        if len(found) == MOST_SETTINGS:
            report.refuse(setting.where, f"more than {MOST_SETTINGS} settings")
            break
        found.append(setting)
    return found


def _read(
    root: Root, path: Path, report: Report, defined: dict[str, str], opened: tuple[Path, ...]
) -> Iterator[Setting]:
    name = root.name(path)
    try:
        for number, line in text_lines(path):
            where, text = Where(name, number), line.strip()
            if text.startswith("."):
                yield from _directive(root, text, where, path, report, defined, (*opened, path))
            elif text and not text.startswith("#"):
                if setting := _setting(text, where, path, report, defined):
                    yield setting
    except OSError as error:
        report.refuse(Where(name), f"cannot be opened: {error.strerror or error}")


def _directive(
    root: Root, text: str, where: Where, near: Path, report: Report, defined: dict[str, str], opened: tuple[Path, ...]
) -> Iterator[Setting]:
    if found := _DEFINE.match(text):
        defined[found[1]] = _filled(found[2], defined)
        report.changed(where, "a name for a folder: written out where it was used")
    elif found := _INCLUDE.match(text):
        if target := included(root, _filled(found[1], defined), where, near, report, opened):
            report.changed(where, "an include: what stands in the file is told at its own lines")
            yield from _read(root, target, report, defined, opened)
    else:
        report.bad(where, "no directive that is known")


def included(
    root: Root, written: str, where: Where, near: Path, report: Report, opened: tuple[Path, ...]
) -> Path | None:
    """The file an include leads to, or None once the report says why not."""
    try:
        target = root.find(written, near)
    except Refused as error:
        report.refuse(where, str(error))
        return None
    if target in opened:
        report.refuse(where, f"an include that leads back to itself: {written}")
    elif len(opened) >= DEEPEST:
        report.refuse(where, f"more than {DEEPEST} files that include one another")
    else:
        return target
    return None


def _setting(text: str, where: Where, near: Path, report: Report, defined: dict[str, str]) -> Setting | None:
    found = _SETTING.match(text)
    if not found or not is_text(text):
        report.bad(where, "no setting: 'key = value' expected" if not found else "bytes that are not UTF-8")
        return None
    value = found[2].strip()
    if quoted := _QUOTED.match(value):
        value = quoted[1] if quoted[1] is not None else quoted[2]
    else:
        value = re.split(r"\s#", value, maxsplit=1)[0].strip()
    return Setting(found[1].lower(), _filled(value, defined), where, near)


def _filled(text: str, defined: dict[str, str]) -> str:
    return re.sub(r"__([A-Za-z][A-Za-z0-9]*)__", lambda found: defined.get(found[1], found[0]), text)
