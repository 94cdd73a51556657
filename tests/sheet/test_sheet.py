"""The monthly sheet: what it counts, what it admits, and how it reads in five languages."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hedgerow.selftest.model import CHECKS
from hedgerow.sheet.gather import gather, longest, traffic
from hedgerow.sheet.model import FACTS, ROWS, Month
from hedgerow.sheet.page import Page
from hedgerow.sheet.pdf import CannotPrint, need_font, to_pdf
from hedgerow.sheet.texts import sentences
from hedgerow.stores.messages import LANGUAGES
from hedgerow.stores.selftest_log import Kept, append, read
from hedgerow.stores.site import Site
from hedgerow.stores.state import State, prepare

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SITE = Site(school="THCS Hoa Phượng", timezone="Asia/Ho_Chi_Minh", reports={"help": ("desk:Lan",)})
NEEDS = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")


def at(day: int, hour: int = 12, month: int = 11) -> float:
    return datetime(2026, month, day, hour, tzinfo=ZONE).timestamp()


def kept(moment: float, wrong: int = 0, requests: float = 0, unread: float = 0) -> Kept:
    failed = [("categories", "ages-8-10", "games.test.hedgerow.internal", "got open")] * wrong
    counts = {"categories": (150 - wrong, 150), "floor": (15, 15), "portal": (1, 1)}
    return Kept(moment, 2.0, "abc", counts, failed, {"requests": requests, "unread": unread})


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = prepare(tmp_path / "state")
    runs = (kept(at(1)), kept(at(1, 13), requests=100, unread=10), kept(at(2), wrong=1, requests=40, unread=4))
    for run in (kept(at(31, month=10)), *runs, kept(at(1, month=12))):
        append(made.root / "selftest", run)
    return made


def test_it_counts_the_runs_of_the_schools_month_and_no_others(state: State) -> None:
    month = gather(state, SITE, "2026-11", datetime(2026, 12, 5, tzinfo=UTC))
    assert (month.runs, month.days, month.all_days, month.over) == (3, 2, 30, True)
    assert (month.asked, month.wrong) == (3 * 166, 1)
    assert month.row("illegal") == (45, 45) and month.result("illegal") == "fine"
    assert month.result("age") == "wrong" and month.result("context") == "none" and month.result("control") == "stated"
    assert [(fault.check, fault.band) for fault in month.faults] == [("categories", "ages-8-10")]
    assert month.pause == at(1, 0, 12) - at(2)
    assert month.facts["unread"] == {"n": 140, "share": pytest.approx(0.1)}  # the second count began anew at 40
    assert month.facts["recipients"] == {"n": 1} and month.facts["record"]["whole"] is True


def test_a_month_that_is_not_over_and_one_without_a_run(state: State) -> None:
    now = datetime(2026, 11, 2, 20, tzinfo=ZONE)
    assert (month := gather(state, SITE, "2026-11", now)).all_days == 2 and not month.over
    assert "not over" in Page(month, "en").html()
    empty = gather(state, SITE, "2026-09", now)
    assert empty.runs == 0 and "did not test itself" in Page(empty, "en").html()
    assert "as the rules say" not in Page(empty, "en").html()


def test_what_could_not_be_asked_is_no_question_and_is_said(tmp_path: Path) -> None:
    """Twelve runs of an hour of `hedgerow relax`: nobody looked into a search."""
    state = prepare(tmp_path / "state")
    for minute in range(12):
        counts = {"categories": (150, 150)}
        run = Kept(at(3) + 300 * minute, 2.0, "abc", counts, unasked={"words": 80, "safe-search": 8})
        append(state.root / "selftest", run)
    found = gather(state, SITE, "2026-11", datetime(2026, 12, 5, tzinfo=UTC))
    assert (found.asked, found.result("context"), found.not_asked("context")) == (1800, "none", 960)
    html = Page(found, "en").html()
    assert "passed unopened: 960." in html and "passed unopened: 1,056." in html  # of the row, of all
    assert "unopened" not in Page(month(), "en").html()


def test_a_line_of_an_older_release_is_read(tmp_path: Path) -> None:
    line = '{"at": 1793600000, "seconds": 2, "policy": "a", "counts": {"floor": [15, 15]}, "failed": [], "totals": {}}'
    (tmp_path / "2026-11.jsonl").write_text(line + "\n")
    assert [run.unasked for run in read(tmp_path, "2026-11")] == [{}]


def test_a_torn_line_is_passed_over(state: State) -> None:
    with open(state.root / "selftest" / "2026-11.jsonl", "a") as file:
        file.write('{"at": 17960')
    assert gather(state, SITE, "2026-11", datetime(2026, 12, 5, tzinfo=UTC)).runs == 3


def test_the_longest_pause_and_counters_that_fall() -> None:
    assert longest(0, [10, 20, 90], 100) == 70 and longest(0, [], 100) == 100
    runs = [kept(0, requests=10, unread=1), kept(1, requests=30, unread=3), kept(2, requests=5, unread=1)]
    assert traffic(runs) == (25, 3)


def test_files_older_than_a_year_go(tmp_path: Path) -> None:
    for month in range(1, 13):
        append(tmp_path, kept(at(3, month=month)))
    for month in range(1, 4):
        append(tmp_path, replace(kept(0), at=datetime(2027, month, 3, tzinfo=UTC).timestamp()))
    assert sorted(path.stem for path in tmp_path.iterdir())[0] == "2026-03"


def test_every_check_speaks_for_a_row() -> None:
    assert {check for checks in ROWS.values() for check in checks} == set(CHECKS)
    assert FACTS.keys() <= ROWS.keys()


NEEDS_MD = (
    *("Illegal content", "Age and vulnerability", "Circumvention", "Control", "Context", "Identification"),
    *("Reports both ways", "Safe search", "Alerts", "Data kept", "Several schools", "Limits published"),
)


def test_every_identifier_of_what_buyers_score_has_its_row() -> None:
    titles = [sentences("en")[f"{name}.title"] for name in ROWS]
    assert titles == ["Help first", *NEEDS_MD]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_say_the_same_things(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", other[key])), key
    assert len({*other.values()}) > 75


def month(**more: object) -> Month:
    facts = {
        "member": {"n": 0},
        "networks": {"n": 3, "m": 1},
        "record": {"n": 6, "whole": True},
        "reports": {"n": 1, "m": 0},
        "recipients": {"n": 1},
        "alerts": {"n": 1, "m": 0},
        "retention": {"n": 30, "span": "day", "m": 2},
        "policies": {"n": 1},
        "unread": {"n": 123_456, "share": 0.066},
    }
    made = datetime(2026, 12, 1, 8, tzinfo=ZONE)
    counts = {check: (8640, 8640) for check in CHECKS}
    return Month("THCS Hoa Phượng", "2026-11", made, "1", True, 8640, 30, 30, made, 360.0, counts, facts=facts, **more)  # type: ignore[arg-type]


def spoken(text: str) -> str:
    """Its words, one after the other. What Poppler tells of Persian letters otherwise than written is levelled:
    lam-alef comes out as alef-lam, a hamza above beside its letter, half spaces not at all."""
    whole = re.sub(r"[\u200c-\u200f]| ?\u0654", "", re.sub(r"[\u2066-\u2069\u202a-\u202e]", " ", text))
    return " ".join(re.findall(r"\w+", whole.replace("\u0644\u0627", "\u0627\u0644")))


def stretches(sentence: str, language: str) -> list[str]:
    """The whole of it; in Persian what stands between Latin names, which run the other way."""
    parts = re.split(r"[A-Za-z]\S*", sentence) if language == "fa" else [sentence]
    return [words for part in parts if (words := spoken(part))]


@NEEDS
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_every_sentence_in_letters_of_that_language(language: str, tmp_path: Path) -> None:
    """As a reader's program takes them out; no letter is an empty box, and every font is inside the file."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(to_pdf(Page(month(), language).html(), language))
    raw = [] if language == "fa" else ["-raw"]  # with it the words of a line come from left to right
    text = subprocess.run(["pdftotext", *raw, str(path), "-"], capture_output=True, text=True, check=True).stdout
    found = spoken(text)
    for name in ROWS:
        for part in ("title", "asked", "checked", "limits"):
            for run in stretches(sentences(language)[f"{name}.{part}"], language):
                assert f" {run} " in f" {found} ", (name, part)
    assert "\ufffd" not in text and "{" not in text
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout
    assert ("Arabic" in fonts or "Vazirmatn" in fonts) is (language == "fa")
    assert {line.split()[-5] for line in fonts.splitlines()[2:]} == {"yes"}  # the column "emb"


def test_persian_runs_from_right_to_left_with_its_own_digits() -> None:
    html = Page(month(), "fa").html()
    assert '<html lang="fa" dir="rtl">' in html and "۱۲۳٬۴۵۶" in html and "۶٫۶٪" in html and "۳۰" in html
    body = html.partition("</style>")[2]
    assert not re.search(r">[^<]*[0-9][^<]*<", body.replace("\u20681\u2069", ""))  # but for Hedgerow's version


def test_a_schools_name_cannot_write_the_page() -> None:
    html = Page(replace(month(), school='<img src="file:///etc/passwd">{month}'), "en").html()
    assert "<img" not in html and "&lt;img" in html


def test_nothing_is_fetched() -> None:
    with pytest.raises(ValueError, match="nothing is fetched"):
        from hedgerow.sheet.pdf import _nothing

        _nothing("http://example.org/")


def test_without_a_font_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fontconfig that knows no font at all."""
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><fontconfig><dir>/nowhere</dir><cachedir>/nowhere</cachedir></fontconfig>'
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    with pytest.raises(CannotPrint, match=r"no font .* \(fa\): apt-get install .*fonts-noto-core"):
        need_font("fa")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotPrint, match="fontconfig is not installed"):
        need_font("fa")
