"""The archive's comments in two halves: one that lists and thresholds were tuned on, and one unread since (the
first lists' authors had drawn halves of their own)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

COMMENTS = {"fa": "parsoffensive_fa_dev", "ru": "russian_toxicity_dev", "vi": "vihos_train_vi"}
"""Files of the archive, labelled by others: Vietnamese ones under the MIT licence, the others without a stated one."""


def tuned_on(identity: str) -> bool:
    """True of the half that was tuned on."""
    return zlib.crc32(identity.encode()) % 2 == 0


def comments(archive: Path | None, language: str) -> Iterator[tuple[str, str, bool]]:
    """Of the half that was tuned on: id, text, and whether it was called harmful."""
    if archive is not None and language in COMMENTS:
        path = archive / "texts" / "dev" / f"{COMMENTS[language]}.jsonl"
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            if tuned_on(row["id"]):
                yield row["id"], row["text"], row["label"] != "benign"
