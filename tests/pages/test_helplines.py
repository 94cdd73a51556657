from __future__ import annotations

import pytest

from hedgerow.core.model import Where
from hedgerow.pages.helplines import FEW, MOST, HelplineView, qr_code, short, views, whole
from hedgerow.stores.policy_helplines import Helpline, Translated

CHILD = HelplineView("Child line", "1-800 111", "text CONNECT", "day and night")
CHAT = HelplineView("Chat", "", "chat at help.example", "", "https://help.example/")


def test_the_page_that_helps_says_all_there_is_to_know() -> None:
    made = whole((CHILD, CHAT), "Somebody", "Scan")
    assert '<a href="tel:1800111"><bdi dir="ltr">1-800 111</bdi></a>' in made
    assert all(text in made for text in ("Child line", "text CONNECT", "day and night", "chat at help.example", "Scan"))
    assert made.count("<svg") == 1


def test_every_other_page_says_whom_to_reach() -> None:
    made = short((CHILD, CHAT), "Somebody")
    assert 'href="tel:1800111"' in made and "<strong><bdi>chat at help.example</bdi></strong>" in made
    assert "day and night" not in made and "<svg" not in made


@pytest.mark.parametrize("lines, few, most", [(9, FEW, MOST), (1, 1, 1)])
def test_no_more_than_fit(lines: int, few: int, most: int) -> None:
    many = tuple(HelplineView(f"Line {n}", str(100 + n)) for n in range(lines))
    assert short(many, "x").count("tel:") == few and whole(many, "x", "s").count("<li>") == most


def test_one_number_stands_once_in_the_readers_language() -> None:
    lines = (HelplineView("Линия 111", "111"), HelplineView("111 желісі", "111"), HelplineView("b", "112"))
    made = short(lines, "x")
    assert "Линия 111" in made and "желісі" not in made and made.index("111") < made.index("112")


def test_without_a_helpline_there_is_no_box() -> None:
    assert short((), "x") == whole((), "x", "s") == ""


def test_a_line_that_is_only_a_chat_has_the_code_of_its_address_or_none() -> None:
    assert "<svg" in whole((CHAT,), "x", "s")
    assert "<svg" not in whole((HelplineView("n", "", "chat"),), "x", "s")


@pytest.mark.parametrize("hostile", ["<b>", '"><script>', "&"])
def test_what_a_file_says_is_text(hostile: str) -> None:
    line = HelplineView(hostile, f"1{hostile}", hostile, hostile)
    for made in (short((line,), hostile), whole((line,), hostile, hostile)):
        assert "<script" not in made and "<b>" not in made and "& " not in made


def test_the_code_is_read_by_a_phone() -> None:
    """Level M of ISO/IEC 18004 in an SVG that stands in the page: no address outside is asked for."""
    made = qr_code("tel:111", "Scan & call")
    assert 'aria-label="Scan &amp; call"' in made and "http" not in made


def test_each_piece_keeps_its_own_direction() -> None:
    """On a Persian page a Vietnamese service's hours begin with a number: alone it would run to the other end."""
    made = whole((HelplineView("Tổng đài", "111", "nhắn tin", "24 giờ mỗi ngày"),), "x", "s")
    assert made.count("<bdi") == 4 and '<bdi class="small">24 giờ mỗi ngày</bdi>' in made


def test_a_page_tells_them_in_its_language_and_shortly_where_there_is_one_line() -> None:
    english = Translated("Child line (in Vietnamese)", hours="24 hours a day")
    line = Helpline(
        "Tổng đài điện thoại quốc gia", "vi", Where("h", 1), "111", hours="24 giờ", short="Tổng đài",
        translations={"en": english},
    )  # fmt: skip
    assert "Child line (in Vietnamese)" in short(views((line,), "en"), "x")
    assert "24 hours a day" in whole(views((line,), "en"), "x", "s")
    vietnamese = views((line,), "vi")
    assert "Tổng đài</bdi>" in short(vietnamese, "x") and "điện thoại" in whole(vietnamese, "x", "s")


def test_the_order_is_kept_when_one_number_stands_twice() -> None:
    lines = (HelplineView("a", "111"), HelplineView("b", "112"), HelplineView("c", "111"))
    made = whole(lines, "x", "s")
    assert made.index(">a<") < made.index(">b<") and ">c<" not in made
