"""Which files differ from what was recorded, also what was edited while the gateway was down; what lists were built:
each is an entry of the change record, written before it comes into force.
"""

from __future__ import annotations

import pwd
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path

import hedgerow
from hedgerow.core.judges import TYPED_THRESHOLD
from hedgerow.runtime import Files, Sources
from hedgerow.stores.file_changes import Change, FileStates, compare, load_texts, recorded, save_texts
from hedgerow.stores.policy_layers import SCHOOL
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import cut

Looked = Mapping[str, tuple[str, str | None]]

WHO = "Hedgerow"
_PACKAGE = "hedgerow/"
_SHIPPED_LISTS = "shipped-blocklists/"
_LISTS = "blocklists/"
_OWN_LISTS = "blocklists/local/"
_SETTINGS = {"recipients": "recipient", "keyholders": "identity", "alerts": "recipient"}
"""Setting -> the kind of its entries in the record."""
_MANY = 200
_LONGEST = 60_000
_POLICIES = ("*.yaml", "bands/*", "words/*", "helplines/*", "messages/**/*")
_LIST_FILES = ("*.yaml", "*.csv", "seed/*", "local/*", "local/district/*")


class Changes:
    """Compares files with the record. One a process; ``tell`` runs in one thread at a time."""

    def __init__(self, record: Record, texts: Path, sources: Sources) -> None:
        self._record, self._texts_file, self._sources = record, texts, sources
        self._states = FileStates()
        self._known: dict[str, str] | None = None
        self._texts: dict[str, str] = {}
        self._site: dict[str, object] = {}
        self._index = ""

    def look(self) -> Looked:
        """The files as they are now: look first, then compile, so that what is in force is never newer."""
        sources = self._sources
        folders = {
            _PACKAGE: (Path(hedgerow.__file__).parent, ("floor.yaml",)),
            "": (sources.shipped, _POLICIES),
            SCHOOL: (sources.school, _POLICIES),
            _LISTS: (sources.blocklists, _LIST_FILES),
        }
        if not sources.blocklists.samefile(sources.shipped_lists):
            folders[_SHIPPED_LISTS] = (sources.shipped_lists, ("*.yaml",))
        return self._states.look(folders)

    def tell(self, looked: Looked, files: Files) -> None:
        """Write an entry for each of the school's files that changed, and one for all shipped ones.

        Raises OSError (RecordError); what was written until then is not written again.
        """
        if self._known is None:
            self._recall()
        assert self._known is not None
        changes = list(compare(self._known, self._texts, looked))
        own = [change for change in changes if change.file.startswith((SCHOOL, _OWN_LISTS))]
        for change in own:
            self._one(change, files)
        for batch in batched((change for change in changes if change not in own), _MANY):
            self._many(batch, files)
        for name, value in list(self._changed_settings(files)):
            self._settings(name, value, files)
        if files.index.name != self._index:
            self._lists(files)
        if changes:
            self._texts = {file: text for file, (_, text) in looked.items() if text is not None}
            save_texts(self._texts_file, looked)

    def _recall(self) -> None:
        """What the record knows, and the texts that fit it."""
        entries = list(self._record.entries())
        self._known, self._texts = recorded(entries), load_texts(self._texts_file)
        for entry in entries:
            self._index = str(entry.detail.get("index", self._index))
            for name in _SETTINGS:  # a list of that name stands in older entries, of who opened a pseudonym
                if isinstance(value := entry.detail.get(name), dict):
                    self._site[name] = value

    def _one(self, change: Change, files: Files) -> None:
        kind = "list" if change.file.startswith(_LISTS) else "floor" if change.file.endswith("floor.yaml") else "policy"
        who, when = self._editor(change.file)
        detail = {"file": change.file, "before": change.before, "after": change.after, "diff": change.diff}
        self._record.append(kind, who, str(change), "", {**detail, "policy": files.version, "saved": when})
        self._remember(change)

    def _many(self, changes: tuple[Change, ...], files: Files) -> None:
        lists = all(change.file.startswith((_LISTS, _SHIPPED_LISTS)) for change in changes)
        names = {change.file: [change.before, change.after] for change in changes}
        share = _LONGEST // len(changes)
        diff = "\n".join(f"== {change}\n{cut(change.diff, share)}" for change in changes if change.before)
        what = f"{len(changes)} shipped files are new, changed or removed"
        detail = {"files": names, "diff": cut(diff, _LONGEST // 6), "policy": files.version}
        self._record.append("list" if lists else "policy", WHO, what, "", detail)
        for change in changes:
            self._remember(change)

    def _remember(self, change: Change) -> None:
        assert self._known is not None
        if change.after:
            self._known[change.file] = change.after
        else:
            self._known.pop(change.file, None)

    def _changed_settings(self, files: Files) -> Iterator[tuple[str, object]]:
        """Whom reports go to, who opens pseudonyms, what alerts: of so much weight that each is an entry of its own."""
        recipients = {topic: list(found) for topic, found in sorted(files.site.reports.items())}
        keyholders = dict(sorted(files.site.privacy.keyholders.items()))
        for name, value in zip(_SETTINGS, (recipients, keyholders, _alerts(files)), strict=True):
            if self._site.get(name, {}) != value:
                yield name, value

    def _settings(self, name: str, value: object, files: Files) -> None:
        who, _ = (
            self._editor(f"{SCHOOL}site.yaml") if name != "alerts" else (WHO, "")
        )  # its files have their own entries
        before = self._site.get(name, {})
        detail = {name: value, "before": before, "policy": files.version}
        self._record.append(_SETTINGS[name], who, f"the {name} are not the same any more", "", detail)
        self._site[name] = value

    def _lists(self, files: Files) -> None:
        names = files.report.names
        what = f"lists built: {sum(names.values())} names in {len(names)} lists"
        self._record.append("list", WHO, what, "", {"index": files.index.name, "names": dict(sorted(names.items()))})
        self._index = files.index.name

    def _editor(self, file: str) -> tuple[str, str]:
        """All that the system knows of who saved a file: whose it is, and when."""
        for prefix, folder in ((SCHOOL, self._sources.school), (_LISTS, self._sources.blocklists)):
            if file.startswith(prefix):
                path = folder / file.removeprefix(prefix)
                try:
                    stat = path.stat()
                except OSError:
                    return "whoever edits the files (it is gone)", ""
                return f"whoever edits the files (owner {_user(stat.st_uid)})", _iso(stat.st_mtime)
        return WHO, ""


def _alerts(files: Files) -> dict[str, str]:
    """``ages-8-10: self-harm`` -> how urgent, and from which score on: whatever changes of it is told."""
    return {
        f"{name}: {topic}": f"{word.alert} from {word.alert_from or TYPED_THRESHOLD:g}"
        for name, band in sorted(files.policy.bands.items())
        for topic, word in sorted(band.words.items())
        if word.alert
    }


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
