"""The archive's comments in two halves: one that lists, weights and thresholds were tuned on, and one unread
since (the first lists' authors had drawn halves of their own)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from hedgerow.stores.labelled import Labelled, labelled

COMMENTS = {"fa": "parsoffensive_fa_dev", "ru": "russian_toxicity_dev", "vi": "vihos_train_vi"}
"""Files of the archive, labelled by others: Vietnamese ones under the MIT licence, the others without a stated one."""


def tuned_on(identity: str) -> bool:
    """True of the half that was tuned on."""
    return zlib.crc32(identity.encode()) % 2 == 0


def comments(archive: Path | None, language: str) -> Iterator[Labelled]:
    """Those of the half that was tuned on."""
    if archive is not None and language in COMMENTS:
        found = labelled("archive", archive / "texts" / "dev" / f"{COMMENTS[language]}.jsonl")
        yield from (one for one in found if tuned_on(one.id))
