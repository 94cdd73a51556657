"""Draw the pictures of the README: the pages exactly as the gateway sends them, photographed by Chromium.

    .venv/bin/python deploy/pictures/make.py [FOLDER]

Each page is rendered by ``hedgerow.proxy.pages`` for a made-up school and site; nothing is retouched.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Action, Capture, Decision, Step
from hedgerow.proxy.pages import LANGUAGES, render
from hedgerow.proxy.pages.model import HelplineView, PageContext, PageKind

CHROMIUM = (
    "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()

SUBJECTS = {
    "en": "social networks",
    "vi": "mạng xã hội",
    "fa": "شبکه‌های اجتماعی",
    "kk": "әлеуметтік желілер",
    "ru": "социальные сети",
}
LINES = {"vi": HelplineView("Tổng đài quốc gia bảo vệ trẻ em", "111"), "kk": HelplineView("Байланыс орталығы", "111")}

PICTURES = (
    ("block-en", PageKind.BLOCK, "en", (420, 780), False),
    ("warn-vi", PageKind.WARN, "vi", (420, 900), False),
    ("warn-fa", PageKind.WARN, "fa", (420, 900), False),
    ("help-kk", PageKind.HELP, "kk", (420, 820), False),
    ("limit-ru-dark", PageKind.LIMIT, "ru", (420, 780), True),
    ("block-desktop", PageKind.BLOCK, "en", (1100, 700), False),
)


def page(kind: PageKind, language: str) -> bytes:
    """One page's bytes, for a pupil of ages-14-17 who asked for forum.example."""
    action = {PageKind.WARN: Action.WARN, PageKind.HELP: Action.HELP, PageKind.LIMIT: Action.LIMIT}.get(
        kind, Action.BLOCK
    )
    decision = Decision(
        action, Capture.DECRYPTED, "ages-14-17", Step.CATEGORY, "category:social", "bands/ages-14-17.yaml:40",
        "", "forum.example", category="social", policy="0", digest="0",
    )  # fmt: skip
    line = LINES.get(language)
    context = PageContext(
        language=language,
        school="Hedgerow School",
        host="forum.example",
        subject=SUBJECTS[language],
        helplines=(line,) if line else (),
        token="-",
        action="/",
        until=datetime(2026, 11, 23, 11, 30),
    )
    return render(kind, decision, context).body


def photograph(html: bytes, to: Path, size: tuple[int, int], dark: bool) -> None:
    """Raises subprocess.CalledProcessError when Chromium cannot draw it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_bytes(html)
        look = ["--blink-settings=preferredColorScheme=0"] if dark else []
        place = [f"--user-data-dir={folder}/profile", f"--window-size={size[0]},{size[1]}", f"--screenshot={to}"]
        subprocess.run([*CHROMIUM, *look, *place, source.as_uri()], check=True, capture_output=True, timeout=60)


def main(folder: Path) -> None:
    assert set(SUBJECTS) == set(LANGUAGES)
    for name, kind, language, size, dark in PICTURES:
        photograph(page(kind, language), folder / f"{name}.png", size, dark)
        print(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
