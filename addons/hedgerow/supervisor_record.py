"""The supervisor's part of the change record: which files differ from what was recorded, written before they come into
force, also what was edited while it was down; what lists were built; that the gateway started and stopped.

A change that cannot be recorded does not come into force: the reload is refused and the old policy filters on. Only at
the start the gateway goes on without its entry, because a school without a filter is worse; it is tried again at every
reload and each minute, and ``hedgerow_house_failures_total{task="record"}`` says so.
"""

from __future__ import annotations

import hashlib
import logging
import pwd
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from zoneinfo import ZoneInfo

import hedgerow
from hedgerow.runtime import Files, Sources
from hedgerow.stores.file_changes import Change, FileStates, compare, load_texts, recorded, save_texts
from hedgerow.stores.policy_layers import SCHOOL
from hedgerow.stores.pseudonyms import tend
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import cut
from hedgerow.stores.record_start import entrust, starts
from hedgerow.stores.record_verify import verify
from hedgerow.stores.sealed import public_key
from hedgerow.stores.sealed_store import expire
from hedgerow.stores.site import Site
from hedgerow.stores.state import State
from hedgerow.supervisor_box import Box

logger = logging.getLogger(__name__)

Looked = Mapping[str, tuple[str, str | None]]

WHO = "Hedgerow"
_PACKAGE = "hedgerow/"
_SHIPPED_LISTS = "shipped-blocklists/"
_LISTS = "blocklists/"
_OWN_LISTS = "blocklists/local/"
_MANY = 200
_LONGEST = 60_000
_POLICIES = ("*.yaml", "bands/*", "words/*", "helplines/*", "messages/**/*")
_LIST_FILES = ("*.yaml", "seed/*", "local/*")


VERIFY_SECONDS = 3600.0
_NO_SITE = Site()


class Keeper:
    """All that the supervisor does about the record and the pseudonyms' keys; ``chores`` come each minute."""

    def __init__(self, state: State, sources: Sources, box: Box) -> None:
        self._state, self._box, self._record = state, box, Record(state.record)
        self._changes = Changes(self._record, state.seen / "files.json", sources)
        self._site: Site | None = None
        self._pending: tuple[Looked, Files] | None = None
        self._verified: tuple[object, float] = ((), 0.0)
        self._one = threading.Lock()
        box.record = self._record.head

    @property
    def chores(self) -> Sequence[Callable[[], None]]:
        return self._again, self._entrust, self._verify, self._tend, self._expire

    def look(self) -> Looked:
        return self._changes.look()

    def tell(self, looked: Looked, files: Files) -> None:
        """Record what changed, before it comes into force. Raises OSError, but not at the start."""
        first = self._site is None
        try:
            with self._one:
                self._changes.tell(looked, files)
            self._pending = None
        except OSError as error:
            if not first:
                raise
            self._pending = looked, files
            self._failed(error)
        self._site = files.site
        holders = files.site.privacy.keyholders
        self._box.keyholders, self._box.keyholders_fingerprint = len(holders), fingerprint(holders)

    def happened(self, what: str, **detail: object) -> None:
        """The gateway itself started or stopped: that is never held up by an entry that cannot be written."""
        try:
            self._record.append("policy", WHO, what, "", detail)
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        self._box.house_failures["record"] += 1
        logger.error("not recorded: %s", error)

    def _again(self) -> None:
        if self._pending is not None:
            self.tell(*self._pending)

    def _entrust(self) -> None:
        entrust(self._record, (self._site or _NO_SITE).privacy.keyholders)

    def _verify(self) -> None:
        files = (self._record.log, self._record.head_file, self._record.key_file)
        stats = [path.stat() for path in files if path.exists()]
        signature = tuple((stat.st_ino, stat.st_size, stat.st_ctime_ns) for stat in stats)
        now = time.monotonic()
        if signature == self._verified[0] and now - self._verified[1] < VERIFY_SECONDS:
            return
        found = verify(self._record, starts(self._record))
        for fault in found.faults:
            logger.error("the change record: %s", fault)
        self._box.record_whole, self._verified = found.whole, (signature, now)

    def _tend(self) -> None:
        if self._site is not None:
            now = datetime.now(ZoneInfo(self._site.timezone))
            tend(self._state.keys, self._state.pseudonyms, now, self._site.privacy.pseudonyms)

    def _expire(self) -> None:
        if self._site is not None:
            expire(self._state.sealed, self._site.privacy.keep_days, time.time())


def fingerprint(holders: Mapping[str, str]) -> int:
    """48 bits that change when somebody else can open pseudonyms; 0 when nobody can."""
    keys = b"".join(sorted(public_key(text) for text in holders.values()))
    return int(hashlib.sha256(keys).hexdigest()[:12], 16) if keys else 0


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
            if "recipients" in entry.detail:
                self._site["recipients"] = entry.detail["recipients"]
            if "keyholders" in entry.detail:
                self._site["keyholders"] = entry.detail["keyholders"]

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
        """Whom reports go to, and who opens pseudonyms: of so much weight that each is an entry of its own."""
        recipients = {topic: list(found) for topic, found in sorted(files.site.reports.items())}
        keyholders = dict(sorted(files.site.privacy.keyholders.items()))
        for name, value in (("recipients", recipients), ("keyholders", keyholders)):
            if self._site.get(name, {}) != value:
                yield name, value

    def _settings(self, name: str, value: object, files: Files) -> None:
        kind = "recipient" if name == "recipients" else "identity"
        who, _ = self._editor(f"{SCHOOL}site.yaml")
        before = self._site.get(name, {})
        detail = {name: value, "before": before, "policy": files.version}
        self._record.append(kind, who, f"the {name} are not the same any more", "", detail)
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


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
