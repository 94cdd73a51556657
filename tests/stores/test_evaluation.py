"""Counts of a small evaluation, done by hand; targets and tables made of them."""

from __future__ import annotations

import pytest
from ahocorasick_rs import AhoCorasick

from hedgerow.core.measures import Share
from hedgerow.core.model import Action, Where
from hedgerow.core.scanned import Bench
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.stores.evaluation import OURS, THEIRS, Evaluation, Figures, Key, Tally
from hedgerow.stores.evaluation_tables import error_row, markdown, rows, target_rows, worst
from hedgerow.stores.evaluation_targets import BAND, disguised, targets
from hedgerow.stores.importing.e2baseline import Baseline
from hedgerow.stores.labelled import Labelled
from tests.core.house import NOW, A, band, policy

W = Where("words/x.yaml", 1)
PHRASES = [
    Phrase("adult", "hot cams", "en", W, 3.0),
    Phrase("adult", "nude", "en", W, 1.0),
    Phrase("self-harm", "want to die", "en", W, 2.0),
    Phrase("bullying", "you loser", "en", W, 1.0),
    Phrase("strong-language", "damn", "en", W, 1.0),
]
WORDS = {"adult": A.BLOCK, "self-harm": A.HELP, "bullying": A.MONITOR, "strong-language": A.MONITOR}
SCHOOL = policy(band(BAND, words=WORDS), band("staff", words={"adult": A.WARN}))
BENCH = Bench(Lexicon.build(PHRASES).scan, SCHOOL, NOW)
THEIR_LISTS = Baseline(AhoCorasick([" cams "]), ((frozenset({0}), 1.0),))


def text(topic: str, harmful: bool, said: str, kind: str = "page", language: str = "en") -> Labelled:
    return Labelled("here", f"{topic}-{said[:9]}", language, topic, harmful, kind, "", said)


TEXTS = [
    text("adult", True, "hot cams tonight"),
    text("adult", True, "hot webcams tonight"),  # missed
    text("adult", True, "nude", "search"),
    text("adult", False, "history of the nude"),  # one mention on a page
    text("adult", False, "history of the nude", "search"),  # a false alarm
    text("crisis", True, "i want to die", "post"),
    text("crisis", True, "damn it all", "post"),  # noticed, but not for what it is
    text("crisis", False, "damn homework", "post"),
    text("abuse", True, "you loser", "chat"),
    text("abuse", True, "damn you", "chat"),
    text("abuse", False, "you loser, he joked", "chat"),
    text("", False, "hot cams, an encyclopaedia"),
]


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Evaluation(BENCH, (BAND, "staff"), BAND, True, THEIR_LISTS).measure(TEXTS)


def tally(figures: Figures, topic: str, band: str = BAND, system: str = OURS, twin: str = "") -> Tally:
    return figures.sum(lambda key: (key.topic, key.band, key.system, key.twin) == (topic, band, system, twin))


@pytest.mark.parametrize(
    "topic, band, system, caught, harmful, false, innocent",
    [
        ("adult", BAND, OURS, 2, 3, 1, 2),
        ("adult", "staff", OURS, 2, 3, 1, 2),
        ("adult", BAND, THEIRS, 1, 3, 0, 2),
        ("crisis", BAND, OURS, 1, 2, 0, 1),
        ("crisis", "staff", OURS, 0, 2, 0, 1),  # this band has no rule for it
        ("abuse", BAND, OURS, 2, 2, 1, 1),  # noticed is enough
        ("", BAND, OURS, 0, 0, 1, 1),
    ],
)
def test_counts(
    figures: Figures, topic: str, band: str, system: str, caught: int, harmful: int, false: int, innocent: int
) -> None:
    found = tally(figures, topic, band, system)
    assert (found.caught, found.harmful, found.false, found.innocent) == (caught, harmful, false, innocent)


def test_typed_and_pages_are_kept_apart(figures: Figures) -> None:
    typed = figures.tallies[Key("here", "en", "adult", True, BAND)]
    assert (typed.caught, typed.harmful, typed.blocked, typed.innocent) == (1, 1, 1, 1)


def test_precision_is_of_what_was_caught(figures: Figures) -> None:
    assert tally(figures, "adult").precision == Share(2, 3)


def test_a_twin_is_compared_with_the_text_it_came_from(figures: Figures) -> None:
    found = tally(figures, "adult", twin="zero width")
    assert (found.harmful, found.clean, found.caught) == (3, 2, 2)  # an invisible letter hides nothing
    assert tally(figures, "adult", twin="without tones") == Tally()  # English has none


@pytest.mark.parametrize("caught, reached", [(10, True), (9, True), (8, False)])
def test_what_a_disguise_saves(caught: int, reached: bool) -> None:
    key = Key("here", "en", "adult", True, BAND, twin="leet")
    figures = Figures()
    figures.tallies |= {key: Tally(20, caught, 10), key._replace(band="staff"): Tally(20, 0, 20)}
    (lost,) = disguised(figures)
    assert (lost.clean, lost.caught, lost.reached) == (Share(10, 20), Share(caught, 20), reached)


def test_errors_are_of_one_band_and_the_worst_come_first(figures: Figures) -> None:
    found = list(worst(figures, 9))
    assert {error.band for _, error in found} == {BAND}
    assert [(kind, error.sample.text) for kind, error in found if error.sample.topic == "adult"] == [
        ("false alarm", "history of the nude"),
        ("missed", "hot webcams tonight"),
    ]
    row = error_row(*found[0])
    assert row["action"] == str(Action.BLOCK) and row["hits"] == ["nude +1 (words/x.yaml:1)"]


def test_ordinary_posts_are_what_was_typed_about_anything_else() -> None:
    ordinary = [
        *TEXTS,
        text("abuse", False, "i want to die laughing, you loser", "chat"),
        text("abuse", False, "hi", "chat"),
    ]
    found = targets(Evaluation(BENCH, (BAND,), BAND).measure(ordinary))
    (share,) = [one.share for one in found if one.what == "crisis: false alarms on ordinary posts"]
    assert share == Share(
        1, 4
    )  # of three chats and a search; a page and what sounds like a crisis are counted elsewhere


def test_nothing_is_measured_twice_differently() -> None:
    measure = Evaluation(BENCH, (BAND, "staff"), BAND, True, THEIR_LISTS).measure
    assert list(rows(measure(TEXTS))) == list(rows(measure(TEXTS)))


def test_targets(figures: Figures) -> None:
    found = {(one.what, one.language, one.band): one for one in targets(figures)}
    adult = found["adult: pages caught", "en", BAND]
    assert (adult.share, adult.wanted, adult.reached, adult.theirs) == (Share(1, 2), 0.95, False, Share(1, 2))
    blocked = found["harmless: blocked", "en", BAND]
    assert blocked.share == Share(2, 4) and not blocked.reached  # abuse has its own target
    assert found["crisis: false alarms on its twins", "en", BAND].reached
    assert not found["crisis: false alarms on its twins", "en", BAND].surely
    assert ("harmless: blocked", "all", "staff") in found and ("harmless: blocked", "en", "staff") not in found
    assert ("gambling: pages caught", "en", BAND) not in found  # nothing was measured


def test_tables_have_a_cell_for_every_head(figures: Figures) -> None:
    lines = list(markdown(figures, (BAND, "staff")))
    assert len([line for line in lines if line.startswith("### ")]) == 4
    widths: set[int] = set()
    for line in lines:
        widths = {line.count("|")} | widths if line.startswith("|") else set()
        assert len(widths) <= 1, line
    assert "| en | abuse (noticed) | 2 | 100.0% (34.2-100.0) |" in "\n".join(lines)


def test_rows_for_programs(figures: Figures) -> None:
    wanted = {row["target"] for row in target_rows(figures)}
    assert {"adult: pages caught", "harmless: blocked", "disguised: repeats"} <= wanted
    wanted_row = {"topic": "adult", "typed": False, "band": BAND, "system": OURS, "twin": ""}
    (row,) = [row for row in rows(figures) if wanted_row.items() <= row.items()]
    assert row["recall"] == 0.5 and row["recall_interval"] == [0.0945, 0.9055]
