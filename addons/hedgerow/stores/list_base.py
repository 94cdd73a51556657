"""Downloaded lists to the index below the hand-written one: three million names, in at most a minute.

What each source says is weighed (``core.trust``) once, here, so that judging is a look-up. The folder is named by what
went into it (the content of every file, how it is mapped and trusted), so that the same lists are built once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from hedgerow.core import trust
from hedgerow.stores import formats
from hedgerow.stores.formats import FormatError, Found, Part, Scope, Skipped, parts
from hedgerow.stores.index_build import Gathered, ListFile
from hedgerow.stores.index_files import FORMAT, is_whole, told_of
from hedgerow.stores.index_write import Progress, quiet, write_index
from hedgerow.stores.list_pointer import BASE, point_to, usable_base
from hedgerow.stores.lists import Report
from hedgerow.stores.sources import Held, Role, Source

_ORDER = {Role.LIST: 0, Role.REFUTED: 1}  # evidence speaks last, when it is known what is listed


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source and what is held of it."""

    source: Source
    held: Held


def build_base(
    fetched: Sequence[Fetched],
    categories: Collection[str],
    out_dir: Path,
    report: Report | None = None,
    *,
    today: date | None = None,
    progress: Progress = quiet,
) -> Path:
    """The finished index of these sources, ``out_dir/base-<digest>``, now pointed to as the one in force.

    A source that cannot be read is told in the report and left out. Raises OSError; then the one in force stays.
    """
    report = Report() if report is None else report
    name = f"{BASE}{_inputs(fetched, categories)}"
    final = out_dir / name
    if is_whole(final):
        report.recall(told_of(final))
        os.utime(final)  # the newest again: of the older ones only a few are kept
    else:
        gathered = gather(fetched, categories, report, progress)
        read = [one for one in fetched if one.source.id not in report.failed]
        name = f"{BASE}{_inputs(read, categories)}"  # what could not be read is tried again at the next build
        final = write_index(
            gathered,
            out_dir,
            None,
            name=name,
            before=usable_base(out_dir),
            told=report.as_told(),
            today=today,
            progress=progress,
        )
    point_to(out_dir, final, {one.source.id: one.held.version for one in fetched})
    return final


def _inputs(fetched: Sequence[Fetched], categories: Collection[str]) -> str:
    digest = hashlib.blake2b(repr((FORMAT, _rules(), sorted(categories))).encode(), digest_size=10)
    for one in fetched:
        source = one.source
        facts = (source.format, source.options, source.category, sorted(source.categories.items()))
        weight = (source.id, str(source.role), source.trust, source.family)
        digest.update(repr((weight, facts, one.held.version)).encode())
    return digest.hexdigest()


@cache
def _rules() -> str:
    """A digest of the code and the suffix list that make an index of lists: other rules are another index."""
    digest = hashlib.blake2b(version("tldextract").encode(), digest_size=10)
    rooms = (Path(trust.__file__), *sorted(Path(__file__).parent.glob("index_*.py")), Path(__file__))
    for file in (*rooms, *sorted(Path(formats.__file__).parent.glob("*.py"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def gather(
    fetched: Sequence[Fetched], categories: Collection[str], report: Report, progress: Progress = quiet
) -> Gathered:
    """Everything that the sources say: first what sites are, then what speaks for them."""
    gathered = Gathered(tuple(sorted(categories)))
    ordered = sorted(fetched, key=lambda one: _ORDER.get(one.source.role, len(_ORDER)))
    for count, one in enumerate(ordered):
        progress(f"reading {one.source.id}", count, len(ordered))
        before = len(gathered.tags)
        try:
            _read_source(one, gathered, report)
        except (FormatError, OSError) as error:
            report.failed[one.source.id] = str(error)
        report.names[one.source.id] = report.names.get(one.source.id, 0) + len(gathered.tags) - before
    gathered.kept_open -= gathered.struck
    return gathered


def _read_source(one: Fetched, gathered: Gathered, report: Report) -> None:
    source = one.source
    for part in parts(one.held.path, source.format, source.options):
        name = f"{source.id}/{part.name}" if part.name else source.id
        weight = (source.family, source.trust, one.held.version, one.held.changed.date())
        file = gathered.add_file(ListFile(name, source.id, *weight))
        _read_part(source, part, file, gathered, _counted(part, name, report), report)


def _counted(part: Part, name: str, report: Report) -> Iterator[Found]:
    for row in part.rows():
        if isinstance(row, Skipped):
            report.skipped(name, row)
        else:
            yield row


def _read_part(
    source: Source, part: Part, file: int, gathered: Gathered, rows: Iterator[Found], report: Report
) -> None:
    known: dict[str, tuple[int, ...] | None] = {}
    popular, keeps_open = source.role is Role.POPULAR, source.role in (Role.EDUCATION, Role.MUST_REACH)
    for row in rows:
        if popular:
            if not row.path:
                gathered.popular(row.host, file, row.line)
            continue
        if keeps_open and not row.path:  # a page is no word about its site
            if row.excepts:
                gathered.not_kept_open(row.host)
                continue
            gathered.keep_open(row.host, file, row.line)
        theirs = row.category or part.category
        if theirs not in known:
            known[theirs] = _bits(source, gathered, theirs)
        bits = known[theirs]
        if bits is None:
            report.unmapped[source.id, theirs] = report.unmapped.get((source.id, theirs), 0) + 1
        elif source.role is Role.REFUTED:
            gathered.refute(row.host, bits[0], file, row.line)
        elif row.excepts:
            gathered.take_out(row.host, row.path, bits, file, row.line)
        elif bits:
            gathered.add(row.host, row.path, _scope(row), bits, file, row.line, row.important)


def _scope(row: Found) -> Scope:
    """A star reaches below a public suffix only where a person wrote it: publishers put one before every name."""
    return Scope.USUAL if row.scope is Scope.BELOW else row.scope


def _bits(source: Source, gathered: Gathered, theirs: str) -> tuple[int, ...] | None:
    """Our categories of theirs; None when nobody has said which. Evidence needs none, a review names ours."""
    if source.role is Role.REFUTED:
        return (gathered.bits[theirs],) if theirs in gathered.categories else None
    ours = source.ours(theirs)
    if ours is None:
        return None if source.role is Role.LIST else ()
    return tuple(gathered.bits[category] for category in ours)
