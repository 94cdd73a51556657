"""Draw the portal's pages for the documents, as ``make.py`` draws those of the filter.

    .venv/bin/python deploy/pictures/portal.py [FOLDER]

The real application answers for a made-up school (the one of ``tests/portal/place.py``). FOLDER also gets README.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from palette import small
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Route, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from hedgerow.portal.house import House
from tests.portal.place import PREFIX, Browser, house

ORDER = ("en", "vi", "fa", "kk", "ru")
PAGES = {
    "start": ("", "Where it begins: whom to call, then all that can be told or asked."),
    "help": ("report?kind=help", '"I need help": the numbers stand before anything is asked or stored.'),
    "wrong": ("report?kind=wrong", '"This page should be open", from the plain address.'),
    "outcome": ("outcome", "What became of a report, by its code."),
    "unlock": ("unlock", "The field for a teacher's code."),
    "poster": ("poster", "The poster, on paper: its code leads to the portal."),
    "device-ready": ("device?system=android", "Setting a device up: the test says it is ready."),
    "device-missing": ("device?system=ios", "The same on a device without the certificate."),
    "device-paper": ("device?system=windows", "The same on paper, to hand out: steps, fingerprint, code."),
    "device-read": ("device/read", "What the filter reads on this device, and what it never reads."),
}
OWN = "hedgerow.school.test"


def photograph(chromium: Chromium, made: House, path: str, paper: bool, arrives: str) -> bytes:
    """The page as a browser shows it, the application its only network; of the test's documents one ``arrives``."""

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if "/device/test/" in asked.path and not asked.path.endswith(arrives):
            return route.abort()
        reply = Browser(made, host=asked.hostname or "", scheme=asked.scheme).get(f"{asked.path}?{asked.query}")
        return route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.content)

    page = chromium.new_page(viewport={"width": 620 if paper else 360, "height": 400})
    page.route("**/*", answer)
    if paper:
        page.emulate_media(media="print")
    page.goto(f"http://{OWN}{PREFIX}/{path}", wait_until="networkidle")
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
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (path, _) in PAGES.items():
            for language in ORDER:
                told = f"{path}{'&' if '?' in path else '?'}lang={language}"
                arrives = "missing" if name == "device-missing" else "ready"
                taken = photograph(chromium, made, told, name in ("poster", "device-paper"), arrives)
                (folder / f"{name}-{language}.png").write_bytes(taken)
        chromium.close()
        made.close()
    (folder / "README.md").write_text(gallery(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "portal")
