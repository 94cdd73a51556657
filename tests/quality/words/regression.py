"""A logistic regression (scikit-learn, BSD) over which features stand in a text, divided by the root of its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from hedgerow.core.learned import features_of, length, root_of
from hedgerow.core.normal import fold, readings

STRENGTH = 30.0
"""C of the first regression: half and double it change little."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the first regression sees it."""

    features: frozenset[str]
    words: int


def read(text: str) -> Read:
    seen = readings(fold(text))
    return Read(frozenset().union(*map(features_of, seen)), length(seen[:1]))


class Matrix:
    """Texts by features."""

    def __init__(self, rows: Sequence[Read], names: Sequence[str]) -> None:
        self.names = names
        number = {name: index for index, name in enumerate(self.names)}
        places = [(r, number[f]) for r, row in enumerate(rows) for f in sorted(row.features) if f in number]
        values = [1 / root_of(rows[r].words) for r, _ in places]
        at = np.array(places, dtype=int).reshape(-1, 2)
        self.cells = csr_matrix((values, (at[:, 0], at[:, 1])), shape=(len(rows), len(self.names)))


@dataclass(frozen=True, slots=True)
class Regression:
    """The logarithm of the odds: ``start`` and what each feature adds, divided by the root of the length."""

    names: Sequence[str]
    weights: np.ndarray
    start: float

    def of(self, rows: Sequence[Read]) -> np.ndarray:
        return np.asarray(Matrix(rows, self.names).cells @ self.weights) + self.start


def regression(rows: Sequence[Read], harmful: np.ndarray, most: int, names: Sequence[str]) -> Regression:
    """Fitted twice: the second time with the features that said most, weight by the root of how often they stand."""
    whole = _fit(rows, harmful, names)
    standing = np.asarray((Matrix(rows, whole.names).cells > 0).sum(axis=0)).ravel()
    heaviest = np.argsort(-np.abs(whole.weights) * np.sqrt(standing), kind="stable")[:most]
    return _fit(rows, harmful, sorted(whole.names[n] for n in heaviest))


def _fit(rows: Sequence[Read], harmful: np.ndarray, names: Sequence[str]) -> Regression:
    """Rare features count more, by the logarithm of how rare they are, so that the penalty falls on them less."""
    matrix = Matrix(rows, names)
    standing = np.asarray((matrix.cells > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(rows)) / (1 + standing)) + 1
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5000)
    model.fit(matrix.cells @ diags(rarity), harmful)
    return Regression(matrix.names, model.coef_[0] * rarity, float(model.intercept_[0]))
