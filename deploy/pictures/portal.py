"""Draw the portal's pages for the documents, as ``make.py`` draws those of the filter.

    .venv/bin/python deploy/pictures/portal.py [FOLDER]

The real application answers for a made-up school (the one of ``tests/portal/place.py``). FOLDER also gets README.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from palette import small
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.portal.place import PREFIX, Browser, house

ORDER = ("en", "vi", "fa", "kk", "ru")
PAGES = {
    "start": ("", "Where it begins: whom to call, then all that can be told or asked."),
    "help": ("report?kind=help", '"I need help": the numbers stand before anything is asked or stored.'),
    "wrong": ("report?kind=wrong", '"This page should be open", from the plain address.'),
    "outcome": ("outcome", "What became of a report, by its code."),
    "unlock": ("unlock", "The field for a teacher's code."),
    "poster": ("poster", "The poster, on paper: its code leads to the portal."),
}


def photograph(chromium: Chromium, html: str, paper: bool) -> bytes:
    page = chromium.new_page(viewport={"width": 620 if paper else 360, "height": 400})
    if paper:
        page.emulate_media(media="print")
    page.set_content(html)
    taken = page.screenshot(full_page=True)
    page.close()
    return small(taken)


def gallery() -> str:
    """README.md: a table for each page, a column for each language."""
    lines = [
        "# The pages of the portal",
        "",
        "Made by `portal.py`; [PORTAL.md](../../PORTAL.md) says what they are for.",
    ]
    for name, (_, about) in PAGES.items():
        images = " | ".join(f"![{name}-{language}]({name}-{language}.png)" for language in ORDER)
        lines += [
            "",
            f"## {name}",
            "",
            about,
            "",
            f"| {' | '.join(ORDER)} |",
            "|" + "---|" * len(ORDER),
            f"| {images} |",
        ]
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as school, sync_playwright() as playwright:
        made = house(Path(school))
        pupil = Browser(made, host="hedgerow.school.test")
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (path, _) in PAGES.items():
            for language in ORDER:
                html = pupil.get(f"{PREFIX}/{path}{'&' if '?' in path else '?'}lang={language}").text
                (folder / f"{name}-{language}.png").write_bytes(photograph(chromium, html, name == "poster"))
        chromium.close()
        made.close()
    (folder / "README.md").write_text(gallery(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "portal")
