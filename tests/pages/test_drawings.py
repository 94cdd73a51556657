from __future__ import annotations

from xml.etree import ElementTree

import pytest

from hedgerow.pages.drawings import DRAWINGS, drawing
from hedgerow.proxy.pages.model import PageKind


@pytest.mark.parametrize("kind", [*PageKind, "report"])
def test_each_kind_has_a_small_drawing_of_its_own(kind: str) -> None:
    made = drawing(kind)
    ElementTree.fromstring(made)  # whole XML
    assert str(kind) in DRAWINGS and 'aria-hidden="true"' in made and len(made) < 2000
    assert "<text" not in made and "\n" not in made


def test_no_two_are_the_same() -> None:
    assert len({drawing(kind) for kind in DRAWINGS}) == len(DRAWINGS)


def test_any_other_page_has_the_hedge() -> None:
    assert drawing("portal") == drawing("poster") and drawing("portal") not in [drawing(kind) for kind in DRAWINGS]
