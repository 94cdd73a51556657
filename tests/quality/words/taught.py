"""The texts that weights are learned from: ``training/``, the lists' own examples, half of the archive's comments."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core import kazakh, vietnamese
from hedgerow.core.normal import fold
from hedgerow.stores.words import load_lists
from tests.quality.words.frozen import ROOT
from tests.quality.words.halves import comments

TRAINING = Path(__file__).parent / "training"
WORDS = ROOT / "policies" / "words"

TOPICS = {"adult": "adult", "gambling": "gambling", "drugs": "drugs", "crisis": "self-harm", "abuse": "bullying"}
"""The texts' topics, and the lists'."""

LISTED = {"abuse": ("bullying", "hate", "violence", "strong-language")}
"""Where several lists are about the same texts."""


@dataclass(frozen=True, slots=True)
class Text:
    topic: str
    harmful: bool
    typed: bool
    text: str
    writer: str = ""
    example: bool = False  # of a list: learned from, but the lists were made to say the right thing about it
    real: bool = False  # of the archive: weighs the words of the others, and gives none of its own


PROMISES = "promises"
"""Texts of other tests (``tests/test_word_lists.py``) that no topic may take for its own."""


def texts(language: str) -> list[Text]:
    found = []
    for topic in (*TOPICS, PROMISES):
        paths = sorted((TRAINING / language).glob(f"{topic}*.txt"))
        for name, line in ((path.name, line) for path in paths for line in path.read_text("utf-8").splitlines()):
            head, bar, text = line.partition("|")
            label, kind, *_ = (*head.split(), "", "")
            if not bar or label not in ("h", "i") or kind not in ("page", "post", "chat", "search"):
                raise SystemExit(f"training/{language}/{name}: not LABEL KIND GENRE | text: {line[:60]}")
            writer = name.removeprefix(topic)  # the same number, the same writer
            found.append(Text(topic, label == "h", kind != "page", text.strip(), writer, topic == PROMISES))
    return found


def examples(language: str) -> Iterator[Text]:
    """The lists' own examples."""
    topics = {name: topic for topic in TOPICS for name in LISTED.get(topic, (TOPICS[topic],))}
    for one in load_lists(WORDS, WORDS / "absent"):
        for sample in one.samples if one.language == language else ():
            harmful = sample.key.startswith("must-hit")
            if one.topic in topics or not harmful:
                typed = sample.key != "must-hit-page"
                yield Text(topics.get(one.topic, ""), harmful, typed, sample.text, example=True)


def real(archive: Path | None, language: str) -> Iterator[Text]:
    """Comments of the archive, each tenth by a writer of its own: a model that has seen them says nothing of them."""
    for one in comments(archive, language):
        writer = f"archive-{zlib.crc32(one.id.encode()) // 2 % 10}"
        yield Text("abuse", one.harmful, True, one.text, writer, real=True)


def respelled(text: str, language: str) -> str | None:
    """The text as it is typed without its letters, where people do that."""
    folded = fold(text)
    if language == "vi":
        return vietnamese.toneless(folded)
    return kazakh.russian_keys(folded) if language == "kk" else None


def number(text: Text) -> int:
    """Of the writer."""
    return int("".join(filter(str.isdigit, text.writer)) or 1)
