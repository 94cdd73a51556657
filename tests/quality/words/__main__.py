"""How good the word lists are: ``python -m tests.quality.words DATA`` (the unpacked archive; a minute or two).

Measures the shipped policies on the held-out texts, the archive's labelled texts and its pages, with e2guardian's own
lists beside them; writes ``figures.csv`` here and the tables of ``policies/words/README.md``. ``--tables`` writes the
tables anew from ``figures.csv`` alone. ``--errors FILE`` keeps the worst errors: they quote held-out texts, so whoever
writes word lists must not see that file.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hedgerow.cli.common import Place
from hedgerow.cli.evaluate import as_at, said_errors
from hedgerow.core.scanned import Bench
from hedgerow.stores.evaluation import Evaluation, Figures
from hedgerow.stores.importing.e2baseline import baseline
from hedgerow.stores.labelled import Labelled, labelled
from tests.quality.words.e2conf import installation
from tests.quality.words.frozen import FIGURES, README, ROOT, read, tables, with_tables, write
from tests.quality.words.halves import tuned_on

HELD_OUT = "held-out, written by somebody who had not seen the packs"
UNREAD = "archive, comments: a half that nobody has read since the lists were first written"
TUNED = "archive, comments: the half that lists and thresholds were tuned on"
PAGES = "archive, harmless pages (the packs' authors looked for false alarms in them)"


def archive(data: Path) -> Iterator[Labelled]:
    """What is measured beside the held-out texts."""
    for one in labelled(UNREAD, data / "texts" / "dev"):
        yield replace(one, source=TUNED) if tuned_on(one.id) else one
    yield from labelled(PAGES, data / "pages")


def heldout() -> Iterator[Labelled]:
    yield from labelled(HELD_OUT, ROOT / "tests" / "quality" / "words" / "heldout")


def shipped(work: Path) -> Place:
    """The policies as they are shipped, without any school's edits."""
    for name in ("school", "state"):
        (work / name).mkdir(mode=0o700)
    return Place(work / "school", ROOT / "blocklists", work / "state")


def measured(data: Path) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        snapshot = shipped(work).snapshot()
        bench = Bench(snapshot.lexicon.scan, snapshot.policy, as_at(snapshot))
        theirs = baseline(installation(data, work / "e2guardian"))
        measure = Evaluation(bench, list(snapshot.policy.bands), "ages-11-13", True, theirs)
        figures = measure.measure(heldout(), _progress)  # disguises of 5,000 texts are enough, and take their time
        figures.add(replace(measure, twins=False).measure(archive(data), _progress))
        return figures


def _progress(done: int) -> None:
    if done % 1000 == 0:
        print(f"{done:,} texts", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.words", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", help="the unpacked archive")
    parser.add_argument("--tables", action="store_true", help="only write the tables, from figures.csv")
    parser.add_argument("--errors", type=Path, help="write the worst errors here; not for authors of word lists")
    asked = parser.parse_args(arguments)
    if not asked.tables:
        if asked.data is None:
            parser.error("name the unpacked archive")
        figures = measured(asked.data)
        write(figures, FIGURES)
        if asked.errors:
            asked.errors.write_text("\n".join(said_errors(figures, 10)) + "\n", encoding="utf-8")
    README.write_text(with_tables(README.read_text(encoding="utf-8"), tables(read(FIGURES))), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
