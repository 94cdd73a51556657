"""e2guardian's points, counted as it counts them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from hedgerow.stores.importing.e2baseline import Baseline, baseline
from hedgerow.stores.importing.faults import ImportFault
from tests.stores.importing.place import put

LISTS = {
    "e2guardian.conf": "",
    "e2guardianf1.conf": """weightedphraselist = '/etc/e2guardian/lists/weighted'
bannedphraselist = '/etc/e2guardian/lists/banned'
exceptionphraselist = '/etc/e2guardian/lists/exception'
""",
    "lists/weighted": """< poker ><40>
<gambl><30>
< online poker ><20>
< bet >,< win ><50>
< lesson ><-60>
""",
    "lists/banned": "< worst >\n",
    "lists/exception": "< our school >\n",
}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    return baseline(put(tmp_path_factory.mktemp("e2"), LISTS))


@pytest.mark.parametrize(
    "text, points",
    [
        ("poker", 0.4),
        ("poker poker poker", 0.4),  # each phrase once
        ("pokers", 0.0),  # a whole word
        ("gambling, the gamblers", 0.3),  # without blanks: any part of a word
        ("ungambled", 0.3),
        ("POKER!", 0.4),
        ("\ud800 poker", 0.4),
        ("online poker", 0.6),  # one phrase inside another: both
        ("bet on it. " + "and on and on " * 500 + "you win", 0.5),  # anywhere on the page
        ("bet", 0.0),
        ("poker, a lesson", -0.2),
        ("worst", 1.0),
        ("worst of our school", -math.inf),
        ("algebra", 0.0),
    ],
)
def test_points(theirs: Baseline, text: str, points: float) -> None:
    assert theirs.score((text,)) == pytest.approx(points)


def test_the_limit_is_what_one_means(tmp_path: Path) -> None:
    assert baseline(put(tmp_path, LISTS), 40).score(("poker",)) == pytest.approx(1.0)


def test_no_installation(tmp_path: Path) -> None:
    with pytest.raises(ImportFault):
        baseline(tmp_path)
