"""The features of a learned model: as a hundred thousand objects they would take forty megabytes of a worker."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple, overload

from hedgerow.core.model import Where


class Feature(NamedTuple):
    """A folded word, two words, or the beginning of one (``casin*``), and what it weighs for each subject."""

    text: str
    weights: tuple[tuple[int, float], ...]  # number of the subject, and what it weighs for it
    where: Where


class Features(Sequence[Feature]):
    """Packed: made anew when one is asked for. Immutable."""

    __slots__ = ("_begins", "_files", "_lines", "_of_file", "_starts", "_subjects", "_text", "_values")

    def __init__(self, features: Iterable[Feature] = ()) -> None:
        texts: list[str] = []
        self._begins, self._starts = array("I", [0]), array("I", [0])
        self._subjects, self._values = array("H"), array("d")
        self._lines, self._of_file = array("I"), array("H")
        files: dict[str, int] = {}
        for text, weights, where in features:
            texts.append(text)
            self._begins.append(self._begins[-1] + len(text))
            self._subjects.extend(subject for subject, _ in weights)
            self._values.extend(weight for _, weight in weights)
            self._starts.append(len(self._values))
            self._lines.append(where.line)
            self._of_file.append(files.setdefault(where.file, len(files)))
        self._text, self._files = "".join(texts), tuple(files)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> Feature: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Feature]: ...
    def __getitem__(self, number: int | slice) -> Feature | Sequence[Feature]:
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        at = range(len(self))[number]
        where = Where(self._files[self._of_file[at]], self._lines[at])
        return Feature(self._text[self._begins[at] : self._begins[at + 1]], tuple(self.weights(at)), where)

    def weights(self, number: int) -> Iterable[tuple[int, float]]:
        """Of one feature: number of the subject, and what it weighs for it."""
        start, end = self._starts[number], self._starts[number + 1]
        return zip(self._subjects[start:end], self._values[start:end], strict=True)
