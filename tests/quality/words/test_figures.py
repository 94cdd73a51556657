"""What is published is what was measured, and the word lists are still as good as that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.cli.evaluate import as_at
from hedgerow.core.measures import Share
from hedgerow.core.scanned import Bench
from hedgerow.stores.evaluation import OURS, Evaluation, Figures, Tally
from hedgerow.stores.evaluation_targets import BAND
from tests.quality.words.__main__ import HELD_OUT, heldout, shipped
from tests.quality.words.frozen import FIGURES, README, read, tables, with_tables, write

LANGUAGES, TOPICS = ("en", "fa", "kk", "ru", "vi"), ("abuse", "adult", "crisis", "drugs", "gambling")


@pytest.fixture(scope="module")
def frozen() -> Figures:
    return read(FIGURES)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """The held-out texts, clean, with the word lists as they are now."""
    snapshot = shipped(tmp_path_factory.mktemp("shipped")).snapshot()
    bench = Bench(snapshot.lexicon.scan, snapshot.policy, as_at(snapshot))

    return Evaluation(bench, list(snapshot.policy.bands), BAND, twins=False).measure(heldout())


def tally(figures: Figures, language: str, topic: str, band: str) -> Tally:
    wanted = (HELD_OUT, language, topic, band, OURS, "")
    return figures.sum(lambda key: (key.source, key.language, key.topic, key.band, key.system, key.twin) == wanted)


def regressions(before: Tally, now: Tally) -> Iterator[str]:
    """What is worse than chance explains: below the interval of what was caught, above that of false alarms."""
    if now.recall.value < before.recall.interval[0]:
        yield f"caught {now.recall.value:.1%}, published {before.recall.value:.1%}"
    for name in ("false", "stopped", "blocked"):
        share, published = (Share(getattr(one, name), one.innocent) for one in (now, before))
        if share.value > published.interval[1]:
            yield f"{name}: {share.value:.1%}, published {published.value:.1%}"


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_got_worse(frozen: Figures, measured: Figures, language: str, topic: str) -> None:
    for band in ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17", "staff"):
        before, now = (tally(one, language, topic, band) for one in (frozen, measured))
        assert (before.harmful, before.innocent) == (now.harmful, now.innocent) == (100, 100)
        worse = list(regressions(before, now))
        assert not worse, f"{language} {topic} {band}: {worse}; better lists? python -m tests.quality.words DATA"


def test_a_regression_is_seen() -> None:
    before = Tally(harmful=100, caught=90, innocent=100, false=1, stopped=1, blocked=1)
    assert not list(regressions(before, Tally(harmful=100, caught=84, innocent=100, false=4, stopped=4, blocked=4)))
    worse = regressions(before, Tally(harmful=100, caught=82, innocent=100, false=9, stopped=9, blocked=1))
    assert [line.split()[0] for line in worse] == ["caught", "false:", "stopped:"]


def test_the_published_tables_are_the_measured_ones(frozen: Figures) -> None:
    text = README.read_text(encoding="utf-8")
    assert with_tables(text, tables(frozen)) == text, "python -m tests.quality.words --tables"


def test_figures_are_kept_as_they_were(frozen: Figures, tmp_path: Path) -> None:
    write(frozen, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == FIGURES.read_bytes()
