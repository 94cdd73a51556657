"""HTML to the text a reader sees, with selectolax; hostile nesting and XML go through a linear tag stripper.

Inline tags join (``bad<b></b>word`` is one word), block tags separate. Scripts, styles and templates say nothing.
"""

from __future__ import annotations

import html
import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

_BLOCKS = (
    "address article aside audio blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe input legend li "
    "main menu nav noscript object ol optgroup option p pre section select summary table tbody td textarea tfoot th "
    "thead title tr ul video"
)


def _alternatives(names: list[str]) -> str:
    """Names grouped by first letter: the matcher looks at one branch, not at sixty."""
    first = sorted({name[0] for name in names})
    return "|".join(f"{c}(?:{'|'.join(sorted((n[1:] for n in names if n[0] == c), key=len))})" for c in first)


def _either_case(names: list[str]) -> str:
    """The same in capitals and small letters: a third quicker than IGNORECASE, which folds every character."""
    return re.sub("[a-z]", lambda match: f"[{match[0]}{match[0].upper()}]", _alternatives(names))


_BLOCK_PATTERN = rf"<(?=/?(?:{_alternatives(_BLOCKS.split())})[\s>/])"
_BLOCK = re.compile(_BLOCK_PATTERN)
_BLOCK_ANY_CASE = re.compile(_BLOCK_PATTERN, re.IGNORECASE)  # takes twice as long, so only where there are capitals
_CAPITAL_TAG = re.compile("</?[A-Z]")
_PARTED_NAME = re.compile(r"(<[a-zA-Z][^\s>/<]*)\f<")
"""``<style<p>`` is an element of that name, which shows its text: white space must not make a ``<style>`` of it."""
_FORMATTING = re.compile(r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.IGNORECASE)
_SILENT = ["script", "style", "template"]
_SPOKEN = "title,[alt],[title],[placeholder],[aria-label],[srcdoc],[label],input[value],meta[content]"
_SPOKEN_NAMES = ("alt", "title", "placeholder", "aria-label", "label")
_META_NAMES = frozenset(
    {"description", "keywords", "og:title", "og:description", "twitter:title", "twitter:description"}
)

_FEW_TAGS = 1000
_COPIED = re.compile(rf"<(?:{_either_case('b big code em font i nobr s small strike strong tt u'.split())})(?=[\s>/])")
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


def html_passages(text: str) -> tuple[str, ...]:
    """Title, visible text, and text in attributes (alt, title, labels, descriptions) of an HTML document."""
    plain = _plain(text)
    if plain is None:
        return (strip_tags(text),)
    block = _BLOCK_ANY_CASE if _CAPITAL_TAG.search(plain) else _BLOCK
    parted = _sub(block, "\f<", plain)
    while _PARTED_NAME.search(parted):
        parted = _PARTED_NAME.sub(r"\1<", parted)
    return _said(parted)


def html_letters(text: str) -> tuple[str, ...]:
    """The letters of ``html_passages`` without the white space between blocks, in two thirds of the time."""
    plain = _plain(text)
    return (strip_tags(text),) if plain is None else _said(plain)


def _plain(text: str) -> str | None:
    """Markup of which a tree can be built without much time or memory, or None."""
    tags = text.count("<")
    if tags > _FEW_TAGS and tags * len(_COPIED.findall(text)) > _MOST_COPIES:
        text = _sub(_FORMATTING, r"<\1span", text)
    return None if tags > _MANY_TAGS and (tags > _MOST_TAGS or is_deep(text)) else text


def _said(markup: str) -> tuple[str, ...]:
    tree = LexborHTMLParser(markup)
    tree.strip_tags(_SILENT)
    title, spoken = _attributes(tree)
    root = tree.body or tree.root
    body = root.text(deep=True, separator="") if root is not None else ""
    return tuple(again(passage) for passage in (title, body, spoken) if passage)


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


def _attributes(tree: LexborHTMLParser) -> tuple[str, str]:
    """The title, and what attributes say."""
    titles: list[str] = []
    found: list[str] = []
    for node in tree.css(_SPOKEN):
        tag, attributes = node.tag, node.attributes
        if tag == "title":
            titles.append(node.text())
        if not attributes:
            continue
        found.extend(attributes.get(name) or "" for name in _SPOKEN_NAMES if name in attributes)
        if tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").lower()
            found.append((attributes.get("content") or "") if name in _META_NAMES else "")
        elif tag == "input":
            found.append(attributes.get("value") or "")
        if srcdoc := attributes.get("srcdoc"):
            found.append(strip_tags(srcdoc))
    return titles[0] if titles else "", "\n".join(filter(None, found))


def again(text: str) -> str:
    """Entities that were written twice (``&amp;#97;``)."""
    return html.unescape(text) if "&" in text else text


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


_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<(?P<silent>script|style|template)(?=[\s/>])(?:\"[^\"]*+\"|'[^']*+'|[^'\"<>])*+(?<!/)>.*?(?:</(?P=silent)[^>]*+>|\Z)"
    r"|</?(?P<name>[a-zA-Z][^\s/<>]*+)[^<>]*+>?"
    r"|<[!?][^>]*+>?",
    re.IGNORECASE | re.DOTALL,
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rb rp rt ruby s samp small span "
    "strike strong sub sup time tspan tt u var wbr".split()
)


def strip_tags(text: str) -> str:
    """The text between tags in one linear pass, for XML and for HTML no tree should be built of."""
    return again(html.unescape(_TOKEN.sub(_between, text)))


def _between(match: re.Match[str]) -> str:
    if (inside := match["cdata"]) is not None:
        return html.escape(inside, quote=False)
    if match["name"] is not None:
        return "" if match["name"].lower() in _INLINE else "\n"
    return "" if match[0].startswith("<!--") else "\n"
