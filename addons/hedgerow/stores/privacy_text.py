"""What a school tells parents and pupils about the filter, and its impact assessment, with what is in force filled in.

``deploy/privacy/notice.<language>.md`` and ``dpia.<language>.md`` are the texts; ``{names}`` in them are filled with
``stores.privacy_facts``. A school's own wording of a text lies in ``local/privacy/`` under the same name.

    notice(site, "vi")             # Markdown, for the school's web page and for paper
    dpia(site, "vi", today)        # Markdown, for the head of the school to complete and to sign
    privacy_html(site, "vi")       # the notice as the inside of an HTML page: what the portal shows
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from hedgerow.stores.errors import Mistake, Mistakes, PolicyError
from hedgerow.stores.markdown import to_html
from hedgerow.stores.messages import LANGUAGES
from hedgerow.stores.privacy_facts import facts, privacy_folder
from hedgerow.stores.site import Site

_FIELD = re.compile(r"\{([a-z-]+)\}")


def notice(site: Site, language: str, own: Path | None = None) -> str:
    """The notice for parents and pupils, in Markdown. ``own`` is the school's folder, ``policies/local``.

    Raises PolicyError when the school's own text names something that nothing fills, OSError when it cannot be read.
    """
    return _filled("notice", language, facts(site, language), own)


def dpia(site: Site, language: str, on: date, own: Path | None = None) -> str:
    """The data protection impact assessment, in Markdown; ``on`` is the day it is filled in. Raises as ``notice``."""
    return _filled("dpia", language, {**facts(site, language), "date": on.isoformat()}, own)


def privacy_html(site: Site, language: str, own: Path | None = None) -> str:
    """The notice as HTML inside a page that has a title of its own, everything escaped. Raises as ``notice``."""
    return to_html(notice(site, language, own), top=2)


def own_mistakes(site: Site, own: Path) -> Iterator[Mistake]:
    """What is wrong with the school's own texts in ``own``: the portal would show the shipped one in their place."""
    known = {f"{kind}.{language}.md": (kind, language) for kind in ("notice", "dpia") for language in LANGUAGES}
    folder = own / "privacy"
    for name in sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else ():
        if name not in known:
            yield Mistake(f"local/privacy/{name}", 0, 0, f"nothing reads this file; known: {', '.join(known)}")
            continue
        kind, language = known[name]
        try:
            notice(site, language, own) if kind == "notice" else dpia(site, language, date.min, own)
        except PolicyError as error:
            yield from error.mistakes
        except OSError as error:
            yield Mistake(f"local/privacy/{name}", 0, 0, f"cannot be read: {error.strerror or error}")


def _filled(kind: str, language: str, known: Mapping[str, str], own: Path | None) -> str:
    path, name = _template(f"{kind}.{language}.md", own)
    mistakes = Mistakes()
    text = _read(path, name, mistakes)
    for number, line in enumerate(text.splitlines(), 1):
        for found in _FIELD.finditer(line):
            if found[1] not in known:
                message = f"nothing fills {found[0]}; known: {', '.join(sorted(known))}"
                mistakes.add(name, number, found.start() + 1, message)
    mistakes.raise_if_any()
    return _FIELD.sub(lambda found: known[found[1]], text)


def _read(path: Path, name: str, mistakes: Mistakes) -> str:
    """The text; "" after a mistake about its bytes. Raises OSError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        mistakes.add(name, 0, 0, f"is not UTF-8: byte 0x{error.object[error.start]:02x}")
        return ""


def _template(name: str, own: Path | None) -> tuple[Path, str]:
    """Where the text lies, and what messages call it."""
    if own is not None and (path := own / "privacy" / name).exists():
        return path, f"local/privacy/{name}"
    return privacy_folder() / name, f"privacy/{name}"
