"""The settings in force as sentences: what ``{names}`` in the privacy texts become.

The words are data, ``deploy/privacy/facts.<language>.yaml``; this says which of them holds for a school. Whatever the
school did not say is a line to fill in by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from babel import Locale

from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.site import Site
from hedgerow.stores.yamlfile import MapNode, load

BLANK = "______"
"""What the school fills in by hand."""

_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def facts(site: Site, language: str) -> Mapping[str, str]:
    """Everything a privacy text may name, for this school. Raises PolicyError when the shipped words are broken.

    What the school wrote is put on one line, so that no name becomes a heading or a cell.
    """
    words, privacy = _words(language), site.privacy
    who = "two" if len(privacy.keyholders) > 1 else "nobody"
    return {
        "school": _line(site.school) or BLANK,
        "contact": _line(site.contact.get(language, "")) or BLANK,
        "blank": BLANK,
        "keep": _counted(words, "keep", privacy.keep_days, language),
        "pseudonyms": words[f"pseudonyms.{privacy.pseudonyms}"],
        "events": words[f"events.{privacy.events}"],
        "detail": words[f"detail.{privacy.detail}"],
        "time": words[f"time.{privacy.time}"],
        "content": words["content.url" if privacy.detail == "url" else "content.less"],
        "opening": words[f"opening.{who}"].replace("{keyholders}", _list(privacy.keyholders, words)),
        "networks": "\n".join(_networks(site, words)),
        "recipients": "\n".join(_recipients(site, words)) or f"- {words['recipients.none']}",
        "law": words.get(f"law.{site.place.country}", BLANK),
        "way-out": words["way-out.parent" if site.parent_proxy else "way-out.direct"],
    }


def _networks(site: Site, words: Mapping[str, str]) -> Iterator[str]:
    for rule in site.networks:
        yield f"- **{_line(rule.name)}**: {words[f'network.{rule.level}']}"
    yield f"- {words['network.unknown']}"


def _recipients(site: Site, words: Mapping[str, str]) -> Iterator[str]:
    for topic, recipients in site.reports.items():
        if recipients and topic != "technical":  # of the machine; nothing that anybody wrote
            yield f"- {words[f'topic.{topic}']}: {_list(map(_recipient, recipients), words)}"


def _list(names: Iterable[str], words: Mapping[str, str]) -> str:
    return f"{words['comma']} ".join(map(_line, names))


def _recipient(address: str) -> str:
    """A mail address, the machine a webhook goes to (never its path: that may be a secret), or a person's name."""
    kind, _, rest = address.partition(":")
    return (urlsplit(address).hostname or BLANK) if kind == "https" else rest


def _counted(words: Mapping[str, str], key: str, n: int, language: str) -> str:
    """The plural form of CLDR for ``n``."""
    number = str(n).translate(_PERSIAN) if language == "fa" else str(n)
    return words[f"{key}.{Locale(language).plural_form(n)}"].replace("{n}", number)


def _line(text: str) -> str:
    """What a school wrote, on one line and inside one cell of a table."""
    return " ".join(text.split()).replace("|", "/")


@cache
def _words(language: str) -> Mapping[str, str]:
    """The sentences of ``facts.<language>.yaml``. Raises PolicyError."""
    mistakes = Mistakes()
    root = load(privacy_folder() / f"facts.{language}.yaml", f"privacy/facts.{language}.yaml", mistakes)
    root.known("facts")
    node = root.need("facts")
    found = {key.value: readers.text(value) for key, value in node} if isinstance(node, MapNode) else {}
    mistakes.raise_if_any()
    return MappingProxyType(found)


def privacy_folder() -> Path:
    """``deploy/privacy`` of the checkout, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "shipped" / "deploy" / "privacy"
    return inside if inside.is_dir() else here.parents[3] / "deploy" / "privacy"
