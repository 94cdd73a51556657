"""A real browser on a pupil's device: one name of every category, at two ages, by the proxy and redirected.

Chromium trusts the school's CA through its NSS database and nothing is ignored; it canonicalises what is typed, chooses
h1 or h2 itself, and shows what a pupil would see.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.clicking import Browser, browser
from tests.e2e.verdicts import BANDS, Row, rows
from tests.lab.client import MODES
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") and shutil.which("certutil")), reason="needs chromium and certutil"
)


def sample() -> list[Row]:
    """The first of each category, and the odd spellings that a browser turns into names."""
    chosen: dict[str, Row] = {}
    for row in rows():
        chosen.setdefault(row.category, row)
    odd = [row for row in rows() if row.kind == "lookalike" and (not row.url.isascii() or "%" in row.url)]
    return [*chosen.values(), *odd[:4]]


@pytest.fixture(scope="module", params=[(band, mode) for band in BANDS for mode in MODES], ids="-".join)
def seat(request: pytest.FixtureRequest, lab: Lab, gateway: Gateway) -> Iterator[tuple[str, Browser]]:
    """One browser for all names, as a pupil has it."""
    band, mode = request.param
    with browser(lab.device(BANDS[band], mode, gateway.ca)) as page:
        yield band, page


@pytest.mark.parametrize("row", sample(), ids=lambda row: f"{row.category} {row.url}")
def test_what_the_pupil_sees(seat: tuple[str, Browser], row: Row) -> None:
    band, page = seat
    shown = page.open(row.url)
    if row.expected[band] in ("allow", "monitor"):
        assert "origin-ok" in shown, shown[:500]
    else:
        assert "origin-ok" not in shown and f'class="{row.expected[band]}"' in shown, shown[:500]
        assert page.run("document.querySelectorAll('script').length") == 0


def test_the_sample_is_one() -> None:
    assert len(sample()) >= 16 and len({row.category for row in sample()}) >= 15


def test_nothing_is_loaded_from_elsewhere_by_a_page_of_ours(seat: tuple[str, Browser]) -> None:
    """Style and picture are in the page; nothing calls home."""
    _, page = seat
    page.open("https://blocked.test/")
    assert page.run("performance.getEntriesByType('resource').length") == 0
    assert page.run("getComputedStyle(document.querySelector('main')).maxWidth") != "none", "the style is in force"
