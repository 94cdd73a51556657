"""HTML to the text a reader sees, with its places, by selectolax; hostile nesting and XML go through ``core.tags``.

Inline tags join (``bad<b></b>word`` is one word), block tags separate. Scripts, styles and templates say nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from selectolax.lexbor import LexborHTMLParser

from hedgerow.core.entities import unescape
from hedgerow.core.model import Passage, Place
from hedgerow.core.sieve import Marks, Signs
from hedgerow.core.spoken import spoken
from hedgerow.core.tags import alternatives, strip_tags

_BLOCKS = (
    "address article aside audio blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe input legend li "
    "main menu nav noscript object ol optgroup option p pre section select summary table tbody td textarea tfoot th "
    "thead title tr ul video"
)

_BLOCK_PATTERN = rf"<(?=/?(?:{alternatives(_BLOCKS.split())})[\s>/])"
_BLOCK = re.compile(_BLOCK_PATTERN)
_BLOCK_ANY_CASE = re.compile(_BLOCK_PATTERN, re.IGNORECASE)  # takes twice as long, so only where there are capitals
_PARTED_NAME = re.compile(r"(<[a-zA-Z][^\s>/<]*)\f<")
"""``<style<p`` is an element of that name, which shows its text: white space must not make a ``<style>`` of it."""
_UNUSUAL = Signs([rb"<(?:/?[A-Z]|[a-z][^\s>/<]*<)"])
"""Capitals, or a tag inside a name: looked for once, as neither stands on most pages."""
_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.IGNORECASE)
_SILENT = ["script", "style", "template"]

_OPEN, _CLOSE = "\ue001", "\ue002"
_HEADINGS, _MOST_HEADINGS = "h1,h2,h3,h4", 500
_HEADING = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]{{1,300}}+){_CLOSE}")
"""What stands between the marks of a heading. A longer one is a page in large letters."""

_FEW_TAGS = 1000
_COPIED = "b big code em font i nobr s small strike strong tt u".split()
_FORMATS = Marks([rb"(?i)<%b%b[\s/>]" % (end, name.encode()) for name in _COPIED for end in (b"", b"/")])
_MOST_COPIES = _FEW_TAGS * _FEW_TAGS // 4
"""Formatting left open is copied into every block that follows: n tags can make n*n/4 nodes, gigabytes of them.
Renamed to spans it says the same and is not copied. (An ``<a>`` closes the one before: there is only one to copy.)"""

_MANY_TAGS = 5000
"""Pages with fewer tags cannot cost the tree builder much, however they nest."""

_MOST_TAGS = 60_000
"""Beyond it no tree is built at all: each node takes 170 bytes, and no real page of two megabytes has so many."""

_SLICE = 128 * 1024
"""Characters rewritten at once."""

_MAX_DEPTH = 512
"""As browsers do. Deeper trees make the tree builder's scope searches quadratic."""

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
_UNNESTED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr".split()
)


_LONG = 128 * 1024
"""Characters of a page in which a tag may have more attributes than the tree builder should see."""

_CROWDED = re.compile(
    r"""<[a-zA-Z][^\s/>]{0,99}+"""
    r"""(?:[\s/]*+(?:=[^\s/>=]{0,99}+|[^\s/>=]{1,99}+)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+){128}"""
)
"""Each attribute is compared with all before it: 200,000 take seven seconds, and no tag anyone wrote has a hundred.
Names are counted by the hundred characters: from each ``<`` on, only so much is looked at."""


def html_passages(text: str) -> tuple[Passage, ...]:
    """Title, headings, visible text, and text in attributes (alt, title, labels, descriptions) of an HTML document."""
    plain = _plain(text)
    if plain is None:
        return (Passage(strip_tags(text)),)
    tree = LexborHTMLParser(_separated(plain))
    tree.strip_tags(_SILENT)
    found: dict[Place, list[str]] = defaultdict(list)
    if title := tree.css_first("title"):
        found[Place.TITLE].append(title.text())
    for heading in tree.css(_HEADINGS)[:_MOST_HEADINGS]:
        heading.insert_before(_OPEN)
        heading.insert_after(_CLOSE)
    root = tree.body or tree.root
    _read(root.text(deep=True, separator="") if root is not None else "", found)
    for place, said in spoken(tree):
        found[place].append(said)
    return tuple(Passage(unescape("\n".join(texts)), place) for place, texts in found.items() if any(texts))


def _read(body: str, found: dict[Place, list[str]]) -> None:
    """The body's text, its headings apart from the rest."""
    if _OPEN in body:
        found[Place.HEADING].extend(_HEADING.findall(body))
        body = _unmarked(_HEADING.sub("\n", body))
    found[Place.BODY].append(body)


def _unmarked(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _separated(plain: str) -> str:
    """White space before block tags."""
    if not _UNUSUAL.ends(_encoded(plain), 1):
        return _sub(_BLOCK, "\f<", plain)
    parted = _sub(_BLOCK_ANY_CASE, "\f<", plain)
    while _PARTED_NAME.search(parted):
        parted = _PARTED_NAME.sub(r"\1<", parted)
    return parted


def _plain(text: str) -> str | None:
    """Markup of which a tree can be built without much time or memory, or None."""
    tags = text.count("<")
    if tags > _MOST_TAGS:
        return None
    if tags > _FEW_TAGS and _copies(text, _MOST_COPIES // tags):
        text = _sub(_FORMATTING, r"<\1span", text)
    if tags > _MANY_TAGS and is_deep(text):
        return None
    return None if len(text) > _LONG and _CROWDED.search(text) else text


def _copies(text: str, most: int) -> bool:
    """True when more than ``most`` formatting tags are open together: few pages have so many at all."""
    numbers = _FORMATS.numbers(_encoded(text))
    return len(numbers) > most and _most_open(numbers) > most


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _most_open(tags: list[int]) -> int:
    """How many of these tags are open together at most: closers (odd numbers) count only for what is open."""
    opened = [0] * len(_COPIED)
    depth = most = 0
    for tag in tags:
        name = tag >> 1
        if not tag & 1:
            opened[name] += 1
            depth += 1
            if depth > most:
                most = depth
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return most


def _sub(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    """``pattern.sub`` in slices that begin with a tag: it holds a list of all pieces, many times the text's size."""
    slices: list[str] = []
    start = 0
    while len(text) - start > _SLICE:
        end = text.rfind("<", start + 1, start + _SLICE)
        if end < 0:
            break
        slices.append(pattern.sub(replacement, text[start:end]))
        start = end
    slices.append(pattern.sub(replacement, text[start:] if start else text))
    return "".join(slices)


def is_deep(text: str) -> bool:
    """True when elements nest deeper than ``_MAX_DEPTH``: closers count only for what is open."""
    depth, opened = 0, Counter[str]()
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _UNNESTED:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            if depth > _MAX_DEPTH:
                return True
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return False
