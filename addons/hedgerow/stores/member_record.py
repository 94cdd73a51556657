"""What the change record says about member-only lists: counts, a fingerprint, who and why. Never an address.

It is also what tells that a list *must* be there: whoever removes a file by hand does not remove its entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hedgerow.stores.member import Held
from hedgerow.stores.record_entry import Entry

KIND = "list"
_KEY = "member"


def put_in(held: Held, before: Held | None) -> tuple[str, Mapping[str, object]]:
    """(what, detail) of an entry for a list that is put in."""
    word = "replaced" if before else "put in"
    detail: dict[str, object] = {_KEY: held.id, "in": True, "entries": held.entries, "pages": held.pages}
    detail |= {"hosts": held.hosts, "bad": held.bad, "fingerprint": held.fingerprint}
    if before:
        detail |= {"before": before.fingerprint, "entries-before": before.entries}
    return f"member-only list {held.id} {word}: {held.entries} entries", detail


def taken_out(name: str, before: Held | None) -> tuple[str, Mapping[str, object]]:
    told = {"before": before.fingerprint, "entries-before": before.entries} if before else {}
    return f"member-only list {name} taken out", {_KEY: name, "in": False, **told}


def tested(name: str, passed: bool, bands: Iterable[str]) -> tuple[str, Mapping[str, object]]:
    """An entry for a self-test that failed, or that passes again. ``bands``: in which it failed."""
    failed = sorted(bands)
    what = "passes its self-test again" if passed else f"failed its self-test in {', '.join(failed)}"
    return f"member-only list {name} {what}", {"tested": name, "passed": passed, "bands": failed}


def must_stand(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The lists that were put in and not taken out, each with the entry that says so."""
    standing: dict[str, Entry] = {}
    undone: dict[int, tuple[str, Entry | None]] = {}
    for entry in entries:
        name = entry.detail.get(_KEY)
        if isinstance(name, str):
            undone[entry.number] = name, standing.get(name)
            if entry.detail.get("in"):
                standing[name] = entry
            else:
                standing.pop(name, None)
        elif entry.what.startswith("did not take place: ") and entry.detail.get("entry") in undone:
            name, before = undone[int(str(entry.detail["entry"]))]
            if before is None:
                standing.pop(name, None)
            else:
                standing[name] = before
    return standing


def lies_where_it_is_kept(path: Path, folders: Iterable[Path]) -> bool:
    """True for a file in a folder that is watched, recorded with its text, or backed up: no such list may lie there."""
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in folders)
