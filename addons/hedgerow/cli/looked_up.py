"""How ``hedgerow lists lookup`` tells one entry of a list and one correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hedgerow.cli.common import Place
from hedgerow.core.categories import KEPT
from hedgerow.core.model import Entry, How
from hedgerow.stores.categories import load_categories
from hedgerow.stores.corrections import CORRECTIONS, Correction, load_corrections
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.index_tags import POPULAR
from hedgerow.stores.index_told import corrections

_SAYS = {
    How.LISTED: "{}",
    How.EXCEPTED: "not {}",
    How.REFUTED: "not {}",
    How.EVIDENCE: "to be kept open",
}
_NOTES = {How.EXCEPTED: "an exception of this list itself", How.REFUTED: "somebody looked at the site"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """One correction as the index has it, and what its file says besides."""

    entry: Entry
    added: tuple[str, ...]
    removed: tuple[str, ...]
    everything: bool  # it is taken out of all categories that can be taken away
    written: Correction | None  # None: the file has changed since the index was built


def corrected(place: Place, said: tuple[Entry, ...]) -> Iterator[Corrected]:
    """The corrections among what was said. Raises PolicyError."""
    categories = frozenset(load_categories(place.sources.list_file("categories.yaml")).ids)
    written: dict[str, Correction] = {}
    for rows in corrections(said):
        if not written:
            written = _written(place, categories)
        first = rows[0]
        added, removed = (tuple(e.category for e in rows if e.how is how) for how in (How.ADDED, How.REMOVED))
        everything = frozenset(removed) >= categories - KEPT - frozenset(added)
        one = written.get(str(first.where))
        same = one is not None and _name(one) == first.name
        yield Corrected(first, added, removed, everything, one if same else None)


def _written(place: Place, categories: frozenset[str]) -> dict[str, Correction]:
    """All corrections by their place. What has a mistake now is left out: what is in force was read before it."""
    found: dict[str, Correction] = {}
    for folder in place.sources.list_folders:
        if (path := folder / CORRECTIONS).exists():
            for one in load_corrections(path, f"{folder.name}/{CORRECTIONS}", categories, Mistakes()):
                found[str(one.where)] = one
    return found


def _name(one: Correction) -> str:
    return f"{one.listed.host}{one.listed.path}"


def correction_row(one: Corrected) -> dict[str, object]:
    entry, written = one.entry, one.written
    return {
        "name": entry.name,
        "added": one.added,
        "removed": one.removed,
        "where": str(entry.where),
        "since": entry.since.isoformat() if entry.since else "",
        "exact": entry.exact,
        "reason": written.reason if written else "",
        "author": written.author if written else "",
        "date": written.day.isoformat() if written else "",
        "until": written.until.isoformat() if written and written.until else "",
    }


def correction_line(one: Corrected, host: str) -> str:
    notes = [_only(one.entry, host)]
    if (written := one.written) is not None:
        until = f", until {written.until}" if written.until else ""
        notes.append(f"{written.reason!r}, {written.author}, {written.day}{until}")
    return _line("corrected", one.entry, f": {_effect(one)}", notes)


def _effect(one: Corrected) -> str:
    added, removed = (", ".join(categories) for categories in (one.added, one.removed))
    if one.everything:
        return f"{added}, and nothing else" if added else "of no category"
    return "; ".join(part for part in (added, f"not {removed}" if removed else "") if part)


def entry_row(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "category": entry.category,
        "how": str(entry.how),
        "source": entry.source,
        "where": str(entry.where),
        "version": entry.version,
        "since": entry.since.isoformat() if entry.since else "",
        "believed": entry.believed,
        "cleared": entry.cleared,
        "exact": entry.exact,
    }


def entry_line(entry: Entry, host: str) -> str:
    popular = entry.category == POPULAR
    what = f"popular, rank {entry.where.line:,}" if popular else _SAYS[entry.how].format(entry.category)
    unheard = entry.cleared and entry.believed and not entry.exact
    notes = [
        _NOTES.get(entry.how, ""),
        "" if entry.believed else "said, not believed (blocklists/README.md, Trust)",
        f"not for {host}: evidence, an exception or a correction" if unheard else "",
        _only(entry, host),
        f"version {entry.version}" if entry.version else "",
    ]
    return _line(what, entry, "", notes)


def _only(entry: Entry, host: str) -> str:
    if not entry.exact:
        return ""
    return "this very host only" if entry.name == host else f"{entry.name} only, not {host}"


def _line(what: str, entry: Entry, effect: str, notes: list[str]) -> str:
    told = "; ".join(note for note in notes if note)
    return f"{what:22} {entry.name + effect:40} since {entry.since}  {entry.where}{f'   [{told}]' if told else ''}"
