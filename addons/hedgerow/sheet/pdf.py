"""HTML to PDF by WeasyPrint: Pango shapes the letters, so that Persian is joined and runs from right to left."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

PACKAGES = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core"


class CannotPrint(Exception):
    """This machine lacks a library or a font. The message says what to install."""


def need_font(language: str) -> None:
    """Raises CannotPrint when no font of this machine can write the language: the page would be of empty boxes."""
    if shutil.which("fc-list") is None:
        raise CannotPrint(f"fontconfig is not installed, so no font can be found: {PACKAGES}")
    done = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, text=True, timeout=60)
    if not done.stdout.strip():
        raise CannotPrint(f"no font on this machine can write this language ({language}): {PACKAGES}")


def to_pdf(html: str, language: str) -> bytes:
    """The document as PDF. Nothing is fetched, whatever stands in it. Raises CannotPrint."""
    need_font(language)
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # the library is there and what it stands on is not
        why = str(error).splitlines()[0]
        raise CannotPrint(f"PDF needs Pango, and it cannot be loaded ({why}): {PACKAGES}") from error
    made: Any = HTML(string=html, url_fetcher=_nothing)
    result: bytes = made.write_pdf(pdf_variant="pdf/ua-1")
    return result


def _nothing(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"nothing is fetched: {url}")
