"""An operator's mistakes: all of them are collected, told with file, line and column, and the old policy stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in one file. Lines and columns count from 1; line 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class PolicyError(ValueError):
    """The files cannot be used. Nothing was changed: correct every mistake named and load again."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))

    def __reduce__(self) -> tuple[type[PolicyError], tuple[tuple[Mistake, ...]]]:
        return type(self), (self.mistakes,)


@dataclass(slots=True)
class Mistakes:
    """Collects the mistakes of a whole reading. One per load: give it to every file that belongs together."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, file: str, line: int, column: int, message: str) -> None:
        self.found.append(Mistake(file, line, column, message))

    def raise_if_any(self) -> None:
        """Raises PolicyError with everything found so far, in the order of files and lines."""
        if self.found:
            raise PolicyError(self.found)
