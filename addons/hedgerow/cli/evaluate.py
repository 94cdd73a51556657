"""``hedgerow evaluate``: how much the word lists catch of labelled texts, and what they stop that they must not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hedgerow.cli.asked import moment
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.core.scanned import Bench
from hedgerow.runtime import Snapshot
from hedgerow.stores.evaluation import Evaluation, Figures
from hedgerow.stores.evaluation_tables import error_row, markdown, rows, target_rows, worst
from hedgerow.stores.importing.e2baseline import LIMIT, baseline
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.labelled import LabelError, Labelled, labelled

_AT = "2026-11-25 10:00"
"""A lesson on a Wednesday: the same texts give the same figures whenever they are measured."""


@click.command()
@click.argument("texts", nargs=-1, required=True, metavar="[NAME=]PATH...")
@click.option("--band", help="Keep the errors of this band. Default: ages-11-13, or the first.")
@click.option("--baseline", "e2", type=click.Path(path_type=Path, file_okay=False), help="An e2guardian configuration.")
@click.option("--limit", type=float, default=LIMIT, show_default=True, help="Its naughtynesslimit.")
@click.option("--twins/--no-twins", default=True, show_default=True, help="Measure disguised twins of each text, too.")
@click.option("--worst", "most", default=3, show_default=True, help="Errors to read of each kind, language and topic.")
@click.option("--markdown", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write the tables here.")
@click.option("--at", default=_AT, show_default=True, help="As at this time: bands have times.")
@as_json
@placed
def evaluate(
    place: Place,
    texts: tuple[str, ...],
    band: str | None,
    e2: Path | None,
    limit: float,
    twins: bool,
    most: int,
    table: Path | None,
    at: str,
    as_json: bool,
) -> None:
    """Measure the word lists on labelled texts: JSONL files ({"id", "lang", "topic", "label", "kind", "text"}), folders
    of them, and folders of HTML pages, which count as harmless.

    What is named alike is one source in the tables: "held-out=tests/a" "held-out=tests/b".
    """
    snapshot = place.snapshot()
    bands = list(snapshot.policy.bands)
    shown = band or ("ages-11-13" if "ages-11-13" in bands else bands[0])
    if shown not in bands:
        raise Failure(f"unknown band {shown!r}; known: {', '.join(bands)}")
    samples = _read(texts)
    try:
        theirs = baseline(e2, limit) if e2 else None
    except ImportFault as error:
        raise Failure(f"hedgerow: {error}") from error
    bench = Bench(snapshot.lexicon.scan, snapshot.policy, moment(at, snapshot))
    with _bar(len(samples), as_json) as progress:
        figures = Evaluation(bench, bands, shown, twins, theirs).measure(samples, progress)
    if table is not None:
        table.write_text("\n".join(markdown(figures, bands)) + "\n", encoding="utf-8")
    if as_json:
        _as_json(figures, most, snapshot.version)
    else:
        print_lines(markdown(figures, bands))
        print_lines(said_errors(figures, most))


def _read(texts: tuple[str, ...]) -> list[Labelled]:
    found: list[Labelled] = []
    for given in texts:
        name, equals, path = given.rpartition("=")
        if not equals or not Path(path).exists():
            name, path = Path(given).stem, given
        try:
            found.extend(labelled(name, Path(path)))
        except LabelError as error:
            raise Failure(str(error)) from error
    if not found:
        raise Failure("no texts found: *.jsonl and *.html are read")
    return found


def _as_json(figures: Figures, most: int, version: str) -> None:
    print_json(
        {
            "version": version,
            "rows": list(rows(figures)),
            "targets": list(target_rows(figures)),
            "worst": [error_row(kind, error) for kind, error in worst(figures, most)],
        }
    )


def as_at(snapshot: Snapshot) -> datetime:
    """The time texts are judged at, if none is named."""
    return moment(_AT, snapshot)


def said_errors(figures: Figures, most: int) -> Iterator[str]:
    """The worst errors with what was found in them, for people."""
    yield "Worst errors to read"
    for kind, error in worst(figures, most):
        row = error_row(kind, error)
        yield f"{kind:12} {row['language']} {row['topic'] or 'pages'} {row['action']} {row['score']:g}  {row['id']}"
        yield f"    {' '.join(error.sample.text[:200].split())}"
        yield from (f"    {hit.weight:+.2g} {hit.phrase} …{hit.excerpt}… ({hit.where})" for hit in error.hits[:5])


@contextmanager
def _bar(whole: int, as_json: bool) -> Iterator[Callable[[int], object]]:
    """A bar on the terminal; nothing where nobody watches."""
    if as_json or not sys.stderr.isatty():
        yield lambda done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("texts", total=whole)
        yield lambda done: progress.update(task, completed=done)
