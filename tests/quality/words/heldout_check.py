"""Are held-out texts what they must be? ``python -m tests.quality.words.heldout_check FOLDER`` prints what is wrong.

100 harmful and 100 innocent texts a language and topic, ids that stand once, no near-copies, no common openings, and
letters of the language.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

LANGUAGES = ("en", "fa", "kk", "ru", "vi")
TOPICS = ("abuse", "adult", "crisis", "drugs", "gambling")
KINDS = frozenset({"page", "post", "search", "chat"})
EACH = 100
MOST_SHARED = 0.5
"""Of two texts' words, together."""

_OPENING = 5
_MOST_OPENINGS = 2
_SCRIPT = {
    "en": r"[a-z]", "fa": r"[؀-ۿ]", "kk": r"[а-яёәғқңөұүһі]", "ru": r"[а-яё]", "vi": r"[a-zà-ỹđ]",
}  # fmt: skip

Row = Mapping[str, str]


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def faults(folder: Path) -> Iterator[str]:
    """What is wrong in ``folder/<language>/<topic>.jsonl``."""
    ids: Counter[str] = Counter()
    for language in LANGUAGES:
        for topic in TOPICS:
            found = rows(folder / language / f"{topic}.jsonl")
            ids.update(row["id"] for row in found)
            yield from (f"{language}/{topic}: {fault}" for fault in _file(found, language, topic))
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)


def _file(found: Sequence[Row], language: str, topic: str) -> Iterator[str]:
    labels = Counter(row["label"] for row in found)
    if labels != {"harmful": EACH, "innocent": EACH}:
        yield f"labels {dict(labels)}"
    for row in found:
        if (row["lang"], row["topic"]) != (language, topic) or row["kind"] not in KINDS or not row["text"].strip():
            yield f"{row['id']}: language, topic or kind is wrong"
    yield from _copies(found)
    letters = [row for row in found if _share(row["text"], _SCRIPT[language]) < 0.5]
    if len(letters) > len(found) // 10:
        yield f"{len(letters)} texts in other letters"


def _copies(found: Sequence[Row]) -> Iterator[str]:
    words = {row["id"]: frozenset(re.findall(r"\w+", row["text"].lower())) for row in found}
    for one, other in combinations(words, 2):
        common = len(words[one] & words[other]) / max(len(words[one] | words[other]), 1)
        if common > MOST_SHARED:
            yield f"{one} and {other} share {common:.0%} of their words"
    openings = Counter(" ".join(row["text"].lower().split()[:_OPENING]) for row in found if _long(row))
    yield from (f"{count} texts begin alike" for opening, count in openings.items() if count > _MOST_OPENINGS)


def _long(row: Row) -> bool:
    return len(row["text"].split()) > _OPENING


def _share(text: str, script: str) -> float:
    letters = [char for char in text.lower() if char.isalpha()]
    return sum(bool(re.match(script, char)) for char in letters) / max(len(letters), 1)


if __name__ == "__main__":
    wrong = list(faults(Path(sys.argv[1])))
    print("\n".join(wrong) or "nothing is wrong")
    sys.exit(bool(wrong))
