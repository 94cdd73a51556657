"""The sheet's sentences, a file for each language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.yamlfile import load


@cache
def sentences(language: str) -> Mapping[str, str]:
    """By key. Raises PolicyError: the files are the package's, so that is a bug of ours."""
    mistakes = Mistakes()
    root = load(Path(__file__).with_name(f"{language}.yaml"), f"{language}.yaml", mistakes)
    found = {key.value: readers.text(value) for key, value in root}
    mistakes.raise_if_any()
    return found
