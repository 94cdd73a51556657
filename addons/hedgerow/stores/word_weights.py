"""Learned weights: ``words/learned/<language>.tsv``, written by ``python -m tests.quality.words.learn``, never by hand.

A table: the first line names the topics; then what holds for a whole topic, and a line for each feature with its weight
for each topic (empty: none)::

    topics      adult  gambling  drugs
    start       -2.1   -1.9      -2.4     the logarithm of the odds of a text that says nothing
    listed      2.7    2.5       2.6      what one more of the lists' points (their logarithm) is worth
    page-at     4.1    3.9       4.4      from where on a page is caught, ``-`` where no page is judged
    page-step   0.8    0.8       0.8      points a unit more
    typed-at    3.0    3.2       3.1      the same of what somebody types
    typed-step  0.5    0.5       0.5
    believed           -1.5               from where on typed text is what the lists say it is, empty: never
    checks             hate violence      topics whose lists count only as far as this agrees
    casin*             3.12               the beginning of a word
    free spins         2.25      -0.4
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hedgerow.core.features import Feature
from hedgerow.core.learned import Line, Model, Subject
from hedgerow.core.model import Where
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_bands import LANGUAGES

ENDING = ".tsv"
SETTINGS = ("start", "listed", "page-at", "page-step", "typed-at", "typed-step", "believed")
_HEAD, _CHECKS = "topics", "checks"
_MOST_FAULTS = 5
"""Of one file: a table that is no table has one in each of its lines."""


def load_weights(folder: Path) -> Model:
    """All languages' weights; none where there is no such folder. Raises PolicyError."""
    mistakes = Mistakes()
    subjects: list[Subject] = []
    features: list[Feature] = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        for one in _Table(path, mistakes).read(len(subjects)):
            (subjects if isinstance(one, Subject) else features).append(one)  # type: ignore[arg-type]
    mistakes.raise_if_any()
    return Model(tuple(subjects), tuple(features))


class _Table:
    """One file."""

    def __init__(self, path: Path, mistakes: Mistakes) -> None:
        self._path, self._mistakes = path, mistakes
        self._name = f"words/learned/{path.name}"
        self._topics: Sequence[str] = ()
        self._faults = 0

    def _wrong(self, line: int, message: str) -> None:
        self._faults += 1
        self._mistakes.add(self._name, line, 1, f"{message}; this file is made by python -m tests.quality.words.learn")

    def read(self, before: int) -> Iterator[Subject | Feature]:
        """Its subjects, numbered from ``before`` on, then its features; what is wrong is noted."""
        if self._path.stem not in LANGUAGES:
            return self._wrong(1, f"named after no language: one of {', '.join(LANGUAGES)}")
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            return self._wrong(1, f"cannot be read: {error}")
        rows = [(number, line.split("\t")) for number, line in enumerate(text.split("\n"), 1) if line]
        head = rows[: 2 + len(SETTINGS)]
        self._topics = head[0][1][1:] if head and head[0][1][0] == _HEAD else ()
        if not self._topics or [cells[0] for _, cells in head[1:]] != [*SETTINGS, _CHECKS]:
            return self._wrong(1, f"begins with lines for {_HEAD}, {', '.join(SETTINGS)}, {_CHECKS}")
        settings = {cells[0]: self._numbers(number, cells) for number, cells in head[1:-1]}
        checks = dict(enumerate(head[-1][1][1:]))
        for index, topic in enumerate(self._topics):
            yield self._subject(topic, index, settings, tuple(checks.get(index, "").split()))
        for number, cells in itertools.islice(rows, len(head), None):
            if self._faults > _MOST_FAULTS:
                return
            weights = tuple((before + index, weight) for index, weight in self._numbers(number, cells).items())
            yield Feature(cells[0], weights, Where(self._name, number))

    def _numbers(self, line: int, cells: Sequence[str]) -> dict[int, float]:
        if not 2 <= len(cells) <= len(self._topics) + 1 or not cells[0].strip("* "):
            self._wrong(line, f"a name and at most {len(self._topics)} numbers, parted by tabs")
            return {}
        try:
            return {index: float(cell) for index, cell in enumerate(cells[1:]) if cell not in ("", "-")}
        except ValueError:
            self._wrong(line, "numbers only, or nothing")
            return {}

    def _subject(
        self, topic: str, index: int, settings: Mapping[str, Mapping[int, float]], checks: tuple[str, ...]
    ) -> Subject:
        found = {name: settings[name].get(index) for name in SETTINGS}
        page = _line(found["page-at"], found["page-step"])
        typed = _line(found["typed-at"], found["typed-step"])
        if typed is None:
            self._wrong(1, f"{topic}: typed-at and typed-step are needed")
        typed = typed or Line(0.0, 0.0)
        return Subject(
            topic,
            self._path.stem,
            found["start"] or 0.0,
            found["listed"] or 0.0,
            page,
            typed,
            checks,
            found["believed"],
        )


def _line(at: float | None, step: float | None) -> Line | None:
    return None if at is None or step is None else Line(at, step)
