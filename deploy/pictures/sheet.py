"""Draw the monthly sheet for the documents: a month made up for it, by the code that makes the real one.

    .venv/bin/python deploy/pictures/sheet.py [FOLDER]

Needs pdftoppm (poppler-utils). One test of 8,640 runs was answered otherwise, so that a fault can be seen.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from palette import small

from hedgerow import __version__
from hedgerow.sheet.model import Fault, Month
from hedgerow.sheet.page import Page
from hedgerow.sheet.pdf import to_pdf

LANGUAGES = ("vi", "fa")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RUNS = 8640
ASKED = {"floor": 15, "categories": 150, "bypass": 15, "doh": 10, "safe-search": 20, "words": 80, "helplines": 60,
         "networks": 4, "page": 10, "certificate": 1, "portal": 1}  # fmt: skip
FACTS = {
    "member": {"n": 1},
    "networks": {"n": 3, "m": 1},
    "record": {"n": 14, "whole": True},
    "reports": {"n": 2, "m": 0},
    "recipients": {"n": 2},
    "alerts": {"n": 1, "m": 0},
    "retention": {"n": 30, "span": "day", "m": 2},
    "policies": {"n": 3},
    "unread": {"n": 3_872_057, "share": 0.066},
}


def month() -> Month:
    """A month of a school that does not exist."""
    counts = {check: (RUNS * asked - (check == "portal"), RUNS * asked) for check, asked in ASKED.items()}
    counts["helplines-reached"] = (RUNS // 6, RUNS // 6)
    fault = Fault(datetime(2026, 11, 17, 9, 40, tzinfo=ZONE), "portal", "", "hedgerow.internal")
    last, made = datetime(2026, 11, 30, 23, 55, tzinfo=ZONE), datetime(2026, 12, 1, 8, 0, tzinfo=ZONE)
    numbers = {"runs": RUNS, "days": 30, "all_days": 30, "last": last, "pause": 540.0}
    return Month(
        "THCS Hoa Phượng", "2026-11", made, __version__, True, counts=counts, faults=(fault,), facts=FACTS, **numbers
    )  # type: ignore[arg-type]


def draw(language: str, folder: Path) -> None:
    """The first page."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "sheet.pdf")
        path.write_bytes(to_pdf(Page(month(), language).html(), language))
        command = ["pdftoppm", "-r", "88", "-png", "-f", "1", "-l", "1", "-singlefile", str(path), str(path)]
        subprocess.run(command, check=True)
        (folder / f"sheet-{language}.png").write_bytes(small(path.with_suffix(".pdf.png").read_bytes()))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "sheet"
    for name in LANGUAGES:
        draw(name, target)
