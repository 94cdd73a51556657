"""Learns ``policies/words/learned/*.tsv``: ``python -m tests.quality.words.learn --archive DATA [LANGUAGE...]``.

From ``training/``, for each topic a logistic regression (scikit-learn, BSD; ``pip install scikit-learn``, nothing else
needs it) over which words, pairs of words and beginnings of words stand in a text, divided by the root of its length.
Half of the archive's Vietnamese and Persian comments teach it, too, what these words weigh: no word comes from there.
The harmless ones count as innocent for the other topics, too.
Then a second one, over what the first says of texts it has not seen (five groups of writers, each judged by what the
other four teach) and what the hand-made lists say: how much either counts. From where on a text is caught is told by
the innocent ones among the unseen, the harmless comments among them. Prints what to expect. The held-out texts and the
other half of the comments have no part in it. The same texts, lists and archive give the same file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from hedgerow.core.learned import MEANT, root_of
from hedgerow.core.summing import PAGE, TYPED
from hedgerow.core.words import Lexicon
from hedgerow.stores.word_weights import ENDING, SETTINGS
from hedgerow.stores.words import in_force, load_lists
from tests.quality.words.halves import COMMENTS
from tests.quality.words.regression import Regression, read, regression
from tests.quality.words.taught import LISTED, TOPICS, WORDS, Text, examples, number, real, respelled, texts
from tests.quality.words.thresholds import Judged

LANGUAGES = ("en", "fa", "kk", "ru", "vi")

CHECKS = {"abuse": ("hate", "violence", "strong-language")}
"""Other topics, whose lists count only as far as this model agrees."""

TYPED_ONLY = frozenset({"crisis", "abuse"})
"""What people say of themselves and to each other: pages are judged by the lists alone."""

MOST_FEATURES = {True: 10_000, False: 5_000}
"""Of a topic in a language. Twice as many catch 3 to 6% more of drug pages and of insults; every page pays for its own,
and what is about typed texts only (True) is sought in those only."""

BELIEVED = {"abuse": {"vi": 3.0, "ru": 4.0, "en": 4.0, "fa": 3.0, "kk": 4.0}}
"""Odds, with what the lists say in so few words, from which on what lists say is believed. By lists alone two thirds
of the archive's insults are noticed, by all weights together 40%. Chosen on the half that is tuned on and on the last
writers' texts: a point more notices 3 to 6% less of the archive's, and takes away a fifth of the false alarms."""

TAUGHT_BY_COMMENTS = frozenset({"fa", "vi"})
"""Languages in which half of the archive's comments weigh words. Its manifest gives the Vietnamese ones under MIT,
the Persian ones without a licence "for tuning", the Russian ones "to measure only": those set a threshold alone."""

MADE_AFTER_READING = ("en", "fa", "ru", "vi")
READ_FOR_LISTS = {"abuse": 10}
"""Writers up to this number were read by those who made the lists: what lists are worth is measured on later ones."""

STEPS = {True: 0.5, False: 0.75}
"""Points a unit of the logarithm of the odds."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What one topic of one language comes to."""

    weights: dict[str, float]
    settings: dict[str, float | None]
    told: str


class Teacher:
    """One language."""

    def __init__(self, language: str, archive: Path | None = None) -> None:
        self.language = language
        self.texts = [*texts(language), *examples(language), *real(archive, language)]
        self.plain = [read(one.text) for one in self.texts]
        self.other = [read(other) if (other := respelled(one.text, language)) else None for one in self.texts]
        lexicon = Lexicon.build(in_force(load_lists(WORDS, WORDS / "absent")))
        self.listed = [_listed(lexicon, one.text, one.typed) for one in self.texts]

    def teach(self, topic: str) -> Taught:
        use = [n for n, one in enumerate(self.texts) if _is_of_use(one, topic)]
        harmful = np.array([self.texts[n].harmful and self.texts[n].topic == topic for n in use])
        most_features = MOST_FEATURES[topic in TYPED_ONLY]
        unseen = self._unseen(use, harmful, most_features)
        names = LISTED.get(topic, (TOPICS[topic],))
        listed = np.log1p([_most(self.listed[n], names) for n in use])
        fair = np.array([self._fair(self.texts[n], topic) for n in use])
        mixer = LogisticRegression(C=100.0, class_weight="balanced")
        mixer.fit(np.c_[unseen, listed][fair], harmful[fair])
        scale, by_list = (float(max(value, 0.0)) for value in mixer.coef_[0])
        start = float(mixer.intercept_[0])
        mixed = scale * unseen + by_list * listed + start
        model = self._taught(use, harmful, most_features)
        weights = {
            name: round(scale * value, 2)
            for name, value in zip(model.names, model.weights, strict=True)
            if round(scale * value, 2)
        }
        judged = Judged(topic, self.language, [self.texts[n] for n in use], harmful, fair, mixed)
        areas = [roc_auc_score(harmful[fair], said[fair]) for said in (unseen, mixed)]
        told = [f"{self.language}/{topic}: AUC {areas[0]:.3f}, with lists {areas[1]:.3f}"]
        settings: dict[str, float | None] = {"start": scale * model.start + start, "listed": by_list}
        for typed, name in ((False, "page"), (True, "typed")):
            settings |= {f"{name}-at": None, f"{name}-step": None}
            if typed or topic not in TYPED_ONLY:
                at = judged.threshold(typed)
                settings |= {f"{name}-at": at, f"{name}-step": STEPS[typed]}
                told.append(f"{name} at {at:.1f}: {judged.told(mixed >= at, typed)}")
        settings["believed"] = BELIEVED.get(topic, {}).get(self.language)
        if settings["believed"] is not None:
            roots = np.array([root_of(self.plain[n].words) for n in use])
            believed = (mixed + (MEANT / roots - by_list) * listed >= settings["believed"]) & (
                listed >= np.log1p(TYPED)
            )
            told.append(f"lists believed: {judged.told(believed, True)}")
        return Taught(weights, settings, "; ".join(told))

    def _fair(self, text: Text, topic: str) -> bool:
        """True of what nobody had read who made what judges it."""
        return not text.example and not text.real and (text.topic != topic or unread(text, self.language))

    def _unseen(self, use: Sequence[int], harmful: np.ndarray, most: int) -> np.ndarray:
        """What the first regression says of each text, taught by other writers: whoever wrote it has habits."""
        said = np.zeros(len(use))
        writers = [self.texts[n].writer or str(n % 5) for n in use]
        for taught, asked in GroupKFold(5).split(use, groups=writers):
            model = self._taught([use[n] for n in taught], harmful[taught], most)
            said[asked] = model.of([self.plain[use[n]] for n in asked])
        return said

    def _taught(self, use: Sequence[int], harmful: np.ndarray, most: int) -> Regression:
        """By each text, also as it is typed without its letters."""
        teachers = [
            (n, bool(label))
            for n, label in zip(use, harmful, strict=True)
            if self.language in TAUGHT_BY_COMMENTS or not self.texts[n].real
        ]
        found = [(n, self.plain[n], label) for n, label in teachers]
        found += [(n, other, label) for n, label in teachers if (other := self.other[n])]
        own = set().union(*(row.features for n, row, _ in found if not self.texts[n].real))
        return regression([row for _, row, _ in found], np.array([label for *_, label in found]), most, sorted(own))


def _is_of_use(text: Text, topic: str) -> bool:
    """What teaches a topic; of the real insults none teaches another: they may be about that as well."""
    if text.real and text.harmful and text.topic != topic:
        return False
    return text.typed or text.topic == topic or topic not in TYPED_ONLY


def _listed(lexicon: Lexicon, text: str, typed: bool) -> dict[str, float]:
    return {score.topic: score.score for score in lexicon.scan([text], typed, 0.0)}


def _most(listed: Mapping[str, float], topics: Iterable[str]) -> float:
    return max((listed.get(topic, 0.0) for topic in topics), default=0.0)


def unread(text: Text, language: str) -> bool:
    """True of texts that who made the lists of this language has not read."""
    return language not in MADE_AFTER_READING or number(text) > READ_FOR_LISTS.get(text.topic, 0)


def table(language: str, archive: Path | None) -> Iterator[str]:
    teacher = Teacher(language, archive)
    taught = [teacher.teach(topic) for topic in TOPICS]
    for one in taught:
        print(one.told, file=sys.stderr)
    yield "\t".join(("topics", *TOPICS.values()))
    for name in SETTINGS:
        yield "\t".join((name, *(_cell(one.settings[name]) for one in taught)))
    yield "\t".join(("checks", *(" ".join(CHECKS.get(topic, ())) for topic in TOPICS)))
    for feature in sorted(set().union(*(one.weights for one in taught))):
        yield "\t".join((feature, *(_cell(one.weights.get(feature)) for one in taught))).rstrip()


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", default=LANGUAGES, metavar="LANGUAGE")
    parser.add_argument("--archive", type=Path, help="the unpacked archive, half of whose comments teach")
    chosen = parser.parse_args(arguments)
    if needing := sorted(COMMENTS.keys() & chosen.languages if not chosen.archive else ()):
        parser.error(
            f"{', '.join(needing)} cannot be learned without --archive: its comments weigh words or set thresholds"
        )
    for language in chosen.languages:
        (WORDS / "learned").mkdir(exist_ok=True)
        text = "\n".join(table(language, chosen.archive)) + "\n"
        (WORDS / "learned" / f"{language}{ENDING}").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    assert PAGE == 3.0 and TYPED == 1.0
    main()
