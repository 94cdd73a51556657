"""Long texts in pieces, so that no single call works on megabytes: a thread gives way to others only between calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser

SLICE = 128 * 1024
"""Characters worked on at once."""
HALF = 512 * 1024
"""Characters of HTML a tree is built of at once: 4 ms."""
_OVERLAP = 400
"""Characters read on both sides of a cut, so that no phrase is lost there."""
_MARK = "hedgerow-cut"
_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "template")


def in_slices(work: Callable[[str], str], text: str, before: str) -> str:
    """``work`` done slice by slice. Slices begin with ``before``, at which cutting changes nothing for ``work``."""
    return "".join(map(work, cut(text, before, SLICE))) if len(text) > SLICE else work(text)


def cut(text: str, before: str, size: int) -> Iterator[str]:
    """Pieces of at most ``size`` characters that begin with ``before``, as far as it stands often enough."""
    start = 0
    while len(text) - start > size:
        end = text.rfind(before, start + 1, start + size)
        end = end if end > start else start + size
        yield text[start:end]
        start = end
    yield text[start:] if start else text


def overlapping(text: str, size: int = 2 * SLICE) -> Iterator[str]:
    """Pieces of a long text, each beginning a little before the last one ended, at a blank."""
    start = 0
    while len(text) - start > size:
        yield text[start : start + size]
        back = text.find(" ", start + size - _OVERLAP, start + size)
        start = back if back >= 0 else start + size - _OVERLAP
    yield text[start:] if start else text


def documents(html: str) -> Iterator[str]:
    """A long page as several, which together show what it shows: an element left open at a cut goes on behind it."""
    rest, opened = html, ""
    while len(rest) > HALF:
        end = max(rest.rfind("<", 1, HALF), 0) or max(rest.rfind(" ", 1, HALF), 0) or HALF
        head, rest = rest[:end], rest[end:]
        yield opened + head
        opened = _left_open(opened + head)
    yield opened + rest


def _left_open(head: str) -> str:
    """What begins the next piece where this one ends inside a script, a comment or the like; "" where it shows text."""
    tree = LexborHTMLParser(f"{head}<{_MARK}>")
    if tree.css_first(_MARK) is not None:
        return ""
    for node in reversed(tree.css(",".join(_RAW))):
        if _MARK in (node.html or ""):
            return f"<{node.tag}>"
    return "<!--" if head.rfind("<!--") > head.rfind("-->") else ""
