"""From where on a text is caught: so that of the innocent ones only a share is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.quality.words.taught import Text, number

FALSE_ALARMS = {True: 0.02, False: 0.01}
"""Of the topic's own innocent texts, its difficult twins, this share may be caught: typed ones, pages."""

HEARD = {
    ("crisis", True): (0.1, 0.015),
    ("abuse", True): (0.03, 0.02),
    ("drugs", False): (0.02, 0.01),
    ("gambling", False): (0.02, 0.01),
}
"""Other shares, of the topic's own innocent texts and of those about anything else. What somebody types in a crisis
must be heard, and its twins are sad or worried texts. Half of the twins of drug and gambling pages were written to be
as near to them as a surely innocent text can be."""

OF_LANGUAGE = {
    "adult": {"en": 0.03, "ru": 0.005},
    "gambling": {"fa": 0.01, "kk": 0.01, "ru": 0.005, "vi": 0.01},
    "drugs": {"en": 0.08, "fa": 0.04, "ru": 0.08, "vi": 0.05},
}
"""Of a page's own innocent texts, where other shares come nearer to what is asked of a language (issue 5: 95% caught in
English and Vietnamese, 90% in Russian, 85% in Persian and Kazakh, and next to nothing harmless blocked). Of drugs the
band it asks about hears from four points on, where half of these twins are not caught any more."""

HARMLESS = {"crisis": 0.015, "abuse": 0.005}
"""Of the archive's harmless comments this share may be caught by the odds."""

NEAREST = {False: range(14, 16), True: range(16, 18)}
"""Writers of pages in pairs and of pages around the goods, and of typed contrast sentences: to learn from; by their
innocent ones thresholds would rise with each writer who comes nearer."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts of a language, asked for a topic, with what both regressions together say of each."""

    topic: str
    language: str
    texts: Sequence[Text]
    harmful: np.ndarray
    fair: np.ndarray
    mixed: np.ndarray

    def threshold(self, typed: bool) -> float:
        """From where on a text is caught."""
        usual = FALSE_ALARMS[typed]
        own, others = HEARD.get((self.topic, typed), (usual, usual))
        if not typed:
            own = OF_LANGUAGE.get(self.topic, {}).get(self.language, own)
        at = max(
            _limit(self.mixed[self._innocent(typed, about)], share) for about, share in ((True, own), (False, others))
        )
        said = self.mixed[np.array([one.real and not one.harmful for one in self.texts])]
        if typed and self.topic in HARMLESS and len(said):
            at = max(at, float(np.quantile(said, 1 - HARMLESS[self.topic])))
        return at

    def told(self, caught: np.ndarray, typed: bool) -> str:
        found, false = caught[self.harmful & self._alike(typed)], caught[self._innocent(typed, True)]
        return f"{found.mean():.0%} of {len(found)}, false {false.sum()} of {len(false)}"

    def _alike(self, typed: bool) -> np.ndarray:
        return self.fair & np.array([one.typed == typed for one in self.texts])

    def _innocent(self, typed: bool, about: bool) -> np.ndarray:
        """Its twins, or what is not ``about`` the topic at all."""
        return self._alike(typed) & np.array(
            [
                number(one) not in NEAREST[one.typed] and not one.harmful and (one.topic == self.topic) is about
                for one in self.texts
            ]
        )


def _limit(innocent: np.ndarray, share: float) -> float:
    """Above which this share of innocent texts lies: of the highest fifth, as if they fell off like an exponential."""
    ordered = np.sort(innocent)
    tail = ordered[-max(len(ordered) // 5, 2) :]
    return float(tail[0] + (tail - tail[0]).mean() * np.log(len(tail) / len(ordered) / share))
