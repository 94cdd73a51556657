"""Draw the pictures of the documents: the pages exactly as the gateway sends them, photographed by Chromium.

    .venv/bin/python deploy/pictures/make.py [FOLDER]

Each page is rendered by ``hedgerow.proxy.pages`` for a made-up school and site (``samples``); nothing is retouched but
the number of colours (``palette``). FOLDER also gets README.md, the gallery. Needs what the tests need.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from palette import small
from playwright.sync_api import Browser, sync_playwright
from samples import sample

from hedgerow.core.model import REGISTERS
from hedgerow.proxy.pages.model import Answer, PageKind
from hedgerow.stores.messages import LANGUAGES

ORDER = ("en", "vi", "fa", "kk", "ru")
PHONE, DESK = 360, 1000
KINDS = {
    PageKind.BLOCK: "A site that stays closed: why, one thing worth knowing, whom to tell, a teacher's code.",
    PageKind.WARN: "A warning teaches: an idea and a question to ask oneself, then the reason, then on for 30 minutes.",
    PageKind.HELP: "Support first: whom to call or write to, then one way on. No reason is asked.",
    PageKind.LIMIT: "Closed at this time of day, and when it opens.",
    PageKind.EXAM: "During an exam only its own sites open.",
    PageKind.CERTIFICATE: "A site whose certificate is not valid.",
    PageKind.UPSTREAM: "A site that does not answer.",
    PageKind.FAULT: "The filter's own fault: nothing opens, and nobody is blamed for it.",
    PageKind.BAD_REQUEST: "A request that browsers do not send.",
    PageKind.DISAGREE: "A request that names two sites at once.",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph: what is shown, and how."""

    name: str
    answer: Answer
    caption: str
    width: int = PHONE
    scheme: Literal["light", "dark"] = "light"
    paper: bool = False


def pictures() -> Iterator[Picture]:
    """All of them: every kind in every language, then the four registers, then the ways to look at a page."""
    for kind in KINDS:
        for language in ORDER:
            yield Picture(f"{kind}-{language}", sample(kind, language), language)
    for register in REGISTERS:
        yield Picture(f"register-{register}", sample(PageKind.WARN, "en", register), register)
    card = sample(PageKind.WARN, "ru", category="misinformation")
    yield Picture("look-facts", card, "claimed fake news: where to check it")
    yield Picture("look-dark", sample(PageKind.HELP, "kk"), "dark", scheme="dark")
    yield Picture("look-banner", sample(PageKind.LIMIT, "vi", banner=True), "while the filter is relaxed")
    yield Picture("look-desk", sample(PageKind.HELP, "fa"), "on a desk, with a code for a phone's camera", DESK)
    yield Picture("look-paper", sample(PageKind.HELP, "en"), "on paper", DESK, paper=True)


def photograph(browser: Browser, picture: Picture) -> bytes:
    """The whole page as a PNG with a palette."""
    size = {"width": picture.width, "height": 560}
    page = browser.new_page(viewport=size, color_scheme=picture.scheme)  # type: ignore[arg-type]
    if picture.paper:
        page.emulate_media(media="print")
    page.set_content(picture.answer.body.decode())
    taken = page.screenshot(full_page=True)
    page.close()
    return small(taken)


def gallery(shown: list[Picture]) -> str:
    """README.md: a table for each kind, a column for each language."""
    lines = [
        "# Every page a child can meet",
        "",
        "Made by `make.py` from the shipped sentences, for a made-up school; 360 px wide, as on a phone. How to change",
        "a sentence: [policies/README.md](../../policies/README.md#the-sentences-of-the-pages).",
    ]
    for kind, about in KINDS.items():
        lines += ["", f"## {kind}", "", about, "", *_table([one for one in shown if one.name[:-3] == kind])]
    registers = [one for one in shown if one.name.startswith("register-")]
    told = "The same warning to a six-year-old, a twelve-year-old, a seventeen-year-old and a teacher."
    lines += ["", "## Four registers", "", told, "", *_table(registers)]
    looks = [one for one in shown if one.name.startswith("look-")]
    lines += ["", "## In the dark, on a desk, on paper", "", *_table(looks)]
    return "\n".join(lines) + "\n"


def _table(row: list[Picture]) -> list[str]:
    heads = " | ".join(one.caption for one in row)
    images = " | ".join(f"![{one.name}]({one.name}.png)" for one in row)
    return [f"| {heads} |", "|" + "---|" * len(row), f"| {images} |"]


def main(folder: Path) -> None:
    assert set(ORDER) == set(LANGUAGES) and set(KINDS) == set(PageKind)
    shown = list(pictures())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture in shown:
            (folder / f"{picture.name}.png").write_bytes(photograph(browser, picture))
        browser.close()
    (folder / "README.md").write_text(gallery(shown), "utf-8")
    print(f"{len(shown)} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
