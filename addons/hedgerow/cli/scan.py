"""``hedgerow scan``: what the words judge says of texts, as the gateway would on a site that is open."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import click

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.cli.asked import moment
from hedgerow.cli.common import Failure, Place, as_json, counted, placed, print_json, print_lines
from hedgerow.cli.scan_workers import judged
from hedgerow.core.charset import decode
from hedgerow.core.model import Action, Hit
from hedgerow.core.plain import plain
from hedgerow.core.scanned import TYPED, Bench, Heard, Said
from hedgerow.core.text import visible_text
from hedgerow.stores.scan_lines import BadLine, scan_lines

_MEDIA = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".xml": "application/xml",
    ".svg": "image/svg+xml", ".json": "application/json", ".txt": "text/plain",
}  # fmt: skip
"""What a server would call a file of this name; others are looked into."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--jsonl",
    type=click.File("rb"),
    help='A file of lines {"id", "text"} (or "html", "search"); - reads standard input.',
)
@click.option("--band", required=True, help="As this band is judged.")
@click.option(
    "--as", "kind", type=click.Choice(("page", *TYPED)), default="page", show_default=True, help="What the files are."
)
@click.option("--at", help="At this time, as the school's clock shows it: '2026-11-23 12:00'. Default: now.")
@as_json
@placed
def scan(
    place: Place, files: tuple[Path, ...], jsonl: BinaryIO | None, band: str, kind: str, at: str | None, as_json: bool
) -> int:
    """Judge FILES (text, HTML, JSON; - is standard input), or the lines of --jsonl, by their words alone.

    Exit 1 when a text is not simply allowed, 2 when a file or line cannot be read; the others are judged all the same.
    """
    if not files and jsonl is None:
        raise Failure("name files, or --jsonl FILE")
    snapshot = place.snapshot()
    if band not in snapshot.policy.bands:
        raise Failure(f"unknown band {band!r}; known: {', '.join(snapshot.policy.bands)}")
    bench = Bench(snapshot.lexicon.scan, snapshot.policy, moment(at, snapshot))
    started, counts = time.perf_counter(), _Counts()
    for name, heard in judged(chain(_files(files, kind, counts), _lines(jsonl, counts)), bench, band):
        counts.heard(heard)
        if as_json:
            print_json({**name, **row(heard)})
        else:
            print_lines(_words(" ".join(map(str, name.values())), heard))
    counts.say(time.perf_counter() - started, to_errors=as_json)
    return counts.code


@dataclass(slots=True)
class _Counts:
    """What happened, for the exit code and the last line."""

    texts: int = 0
    found: int = 0
    bad: int = 0

    def heard(self, heard: Heard) -> None:
        self.texts += 1
        self.found += heard.decision.action is not Action.ALLOW or alert(heard) is not None

    def refuse(self, problem: str) -> None:
        self.bad += 1
        click.echo(plain(problem), err=True)

    def say(self, seconds: float, to_errors: bool) -> None:
        speed = f"{self.texts / max(seconds, 1e-6):,.0f} a second"
        unread = f", {self.bad:,} could not be read" if self.bad else ""
        said = f"{counted(self.texts, 'text')} in {seconds:.2f} s ({speed}), {self.found:,} not simply allowed{unread}"
        click.echo(said, err=to_errors)

    @property
    def code(self) -> int:
        return BAD if self.bad else FOUND if self.found else FINE


def _files(files: Iterable[Path], kind: str, counts: _Counts) -> Iterator[tuple[dict[str, object], Said]]:
    for path in files:
        try:
            data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        except OSError as error:
            counts.refuse(f"{path}: {error.strerror or error}")
            continue
        media = _MEDIA.get(path.suffix.lower(), "")
        if kind == "page":
            said = Said.read(visible_text(data, media, limit=max(len(data), 1)))
        else:
            said = Said.typed(decode(data, media, markup=False), TYPED[kind])
        yield {"file": str(path)}, said


def _lines(stream: BinaryIO | None, counts: _Counts) -> Iterator[tuple[dict[str, object], Said]]:
    for line in scan_lines(stream) if stream else ():
        if isinstance(line, BadLine):
            counts.refuse(f"{getattr(stream, 'name', '-')}:{line.number}: {line.problem}")
        else:
            yield {"id": line.id}, line.said


def row(heard: Heard) -> dict[str, object]:
    """The contract of ``hedgerow scan --json``, but for the name of the text."""
    score = heard.score
    return {
        "action": str(heard.decision.action),
        "topic": score.topic if score else None,
        "score": round(score.score, 3) if score else 0.0,
        "language": score.language if score else None,
        "alert": alert(heard),
        "hits": [hit_row(hit) for hit in score.hits] if score else [],
        "topics": {one.topic: round(one.score, 3) for one in heard.scores},
        "rule": heard.decision.rule if heard.decision.action is not Action.ALLOW else None,
    }


def alert(heard: Heard) -> str | None:
    """How serious it is for whoever is told; None when nobody is."""
    return str(heard.alerts[0].severity) if heard.alerts else None


def hit_row(hit: Hit) -> dict[str, object]:
    """A hit as JSON has it; ``start`` and ``end`` are places in the passage it stands in."""
    return {
        "phrase": hit.phrase,
        "where": str(hit.where),
        "weight": round(hit.weight, 3),
        "language": hit.language,
        "excerpt": hit.excerpt,
        "start": hit.start,
        "end": hit.end,
    }


def _words(name: str, heard: Heard) -> Iterator[str]:
    score, decision = heard.score, heard.decision
    about = f"{score.topic} {score.score:.2f} ({score.language})" if score else "-"
    yield f"{decision.action!s:8} {about:24} {name}"
    if decision.action is not Action.ALLOW and not score:
        yield f"           {decision.evidence}"
    for hit in score.hits if score else ():
        yield f"           {hit.weight:+.2f} {hit.phrase}   …{hit.excerpt}…   ({hit.where})"
