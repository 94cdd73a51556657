"""Compiles the words by which most gateways of the tests judge, and keeps them where all find them.

    python -m tests.warm

``deploy/test`` runs it beside mypy: else each process of the suite would compile the same, all at the same time.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hedgerow.stores.kept_words import environment, kept_words
from tests.lab import school
from tests.shipped import POLICIES


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hedgerow-warm-") as folder:
        for name, text in school.files().items():
            if name.startswith("words/"):
                path = Path(folder, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
        for words in ("words", "none"):
            kept_words(POLICIES / "words", Path(folder, words), [environment()])


if __name__ == "__main__":
    main()
