"""e2guardian's phrase lists: ``<phrase>``, ``< whole >``, ``<a>,<b>``, ``<x><40>``, in many encodings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hedgerow.core.charset import guess
from hedgerow.core.model import Where
from hedgerow.stores.importing.destinations import language_named
from hedgerow.stores.importing.e2conf import included
from hedgerow.stores.importing.model import Phrase
from hedgerow.stores.importing.reading import Root, raw_lines
from hedgerow.stores.importing.report import Report

_PART = re.compile(r"<([^<>]*)>")
_NUMBER = re.compile(r"-?\d{1,6}")
_INCLUDE = re.compile(r"\.Include\s*<([^>]*)>")
_SAID = re.compile(r"#\s?listcategory:\s*\"?([^\"]*)\"?", re.IGNORECASE)
_TIME = re.compile(r"#\s?time:", re.IGNORECASE)
_HINTS = (
    ("koi8", ("koi8-r",)), ("1251", ("windows-1251",)), ("big5", ("big5hkscs",)), ("gb2312", ("gb18030",)),
    ("japanese", ("euc_jp", "shift_jis")), ("chinese", ("gb18030", "big5hkscs")),
)  # fmt: skip
_SCRIPTS = (
    ("kk", re.compile("[әғқңөұүһі]", re.IGNORECASE)),
    ("ru", re.compile("[а-яё]", re.IGNORECASE)),
    ("fa", re.compile("[؀-ۿ]")),
    ("vi", re.compile("[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]", re.IGNORECASE)),
    ("zh", re.compile("[぀-鿿]")),
)


def phrases(root: Root, path: Path, kind: str, report: Report, opened: tuple[Path, ...] = ()) -> Iterator[Phrase]:
    """The phrases of a list and its includes; ``kind`` is banned, weighted or exception."""
    name, said = root.name(path), ""
    try:
        for number, raw in raw_lines(path):
            where, text = Where(name, number), decoded(raw, name).strip()
            if found := _INCLUDE.match(text):
                if target := included(root, found[1], where, path, report, (*opened, path)):
                    report.changed(where, "an include: what stands in the file is told at its own lines")
                    yield from phrases(root, target, kind, report, (*opened, path))
            elif found := _SAID.match(text):
                said = found[1].strip()
            elif _TIME.match(text):
                report.changed(where, "phrases have no times here: they hold all day")
            elif text and not text.startswith("#"):
                if phrase := _phrase(text, where, kind, topic_of(name, said)):
                    yield phrase
                else:
                    report.bad(where, "no phrase: <phrase> or <phrase><weight> expected")
    except OSError as error:
        report.refuse(Where(name), f"cannot be opened: {error.strerror or error}")


def decoded(raw: bytes, name: str) -> str:
    """A line in whatever encoding it is; a file may mix several, as the original looked for bytes. Never raises."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for hint, codecs in _HINTS:
        for codec in codecs if hint in name.lower() else ():
            try:
                return raw.decode(codec)
            except UnicodeDecodeError:
                continue
    if language_named(name) == "ru":
        return _russian(raw)
    return raw.decode(guess(raw), "replace")


def _russian(raw: bytes) -> str:
    """windows-1251 and koi8-r have their letters in one another's places, in the other case."""
    texts = [raw.decode(codec, "replace") for codec in ("windows-1251", "koi8-r")]
    return max(texts, key=lambda text: sum("а" <= char <= "я" for char in text))


def _phrase(text: str, where: Where, kind: str, topic: str) -> Phrase | None:
    parts, weight, rest = _parts(text)
    if not parts or rest[:1] not in ("", "#", ","):
        return None
    if kind == "weighted" and weight is None and len(parts) > 1 and _NUMBER.fullmatch(parts[-1].strip()):
        weight = parts.pop().strip()  # "<a>,<b>,<40>": a slip that e2guardian reads, too
    if not all(part.strip() for part in parts):
        return None
    value = float(weight) if weight is not None and kind == "weighted" else None
    if kind == "weighted" and value is None:
        return None
    language = language_named(where.file) or language_of(" ".join(parts))
    named = topic if kind == "weighted" else f"e2-{kind}"
    return Phrase(tuple(parts), value, where, named, language, excepts=kind == "exception")


def _parts(text: str) -> tuple[list[str], str | None, str]:
    """(phrases with commas between, the number behind them or None, what is left of the line)

    By hand: a pattern with so many places for blanks takes minutes on a line that is nothing but blanks.
    """
    parts: list[str] = []
    comma = False
    while found := _PART.match(text):
        if parts and not comma:
            number = found[1].strip()
            return parts, number if _NUMBER.fullmatch(number) else None, text[found.end() :].lstrip()
        parts.append(found[1])
        text = text[found.end() :].lstrip()
        comma = text.startswith(",")
        text = text[1:].lstrip() if comma and text[1:].lstrip().startswith("<") else text
    return parts, None, text


def language_of(text: str) -> str:
    """By its letters; English when they are Latin without Vietnamese marks."""
    return next((language for language, letters in _SCRIPTS if letters.search(text)), "en")


def topic_of(file: str, said: str) -> str:
    """``phraselists/french/pornography/weighted`` is ``e2-pornography``; other lists are called by their own word."""
    parts = [part for part in Path(file).parts[:-1] if part not in ("lists", "phraselists", "oldphraselists")]
    folders = [part for part in parts if not language_named(part)]
    word = folders[-1] if "phraselists" in file and folders else said or Path(file).name
    slug = "-".join(re.findall(r"[a-z0-9]+", word.lower())) or "phrases"
    return f"e2-{slug}"[:40].rstrip("-")
