"""The written rule: which lists are believed about which names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.trust import DESCRIBING, NONE, OPEN, OWN_WORD, Evidence, Voice, asked, stands

SCHOOL, GOOGLE, KNOWN = Evidence(kept_open=True), Evidence(rank=1), Evidence(rank=50_000)


@pytest.mark.parametrize(
    ("category", "trusts", "evidence", "expected"),
    [
        ("adult", (2,), NONE, True),
        ("adult", (1,), NONE, False),
        ("adult", (1, 1), NONE, True),  # two weak families agree
        ("adult", (2,), GOOGLE, False),
        ("adult", (2, 1), GOOGLE, True),
        ("adult", (3,), GOOGLE, True),
        ("malware", (3,), GOOGLE, False),  # somebody's attachment on a large mail provider
        ("malware", (2, 2), GOOGLE, False),
        ("malware", (2, 2, 2), GOOGLE, True),
        ("phishing", (3,), KNOWN, False),
        ("phishing", (2, 2), KNOWN, True),
        ("ads-trackers", (2, 1), KNOWN, False),
        ("gambling", (2,), KNOWN, True),
        ("social", (2,), KNOWN, True),
        ("social", (2,), GOOGLE, False),  # of what is closed to many a second family must know
        ("social", (2, 1), GOOGLE, True),
        ("adult", (2,), Evidence(rank=100_001), True),  # beyond the evidence's reach
        ("games", (2,), GOOGLE, True),  # games are games however many play
        ("adult", (3, 3, 3), SCHOOL, False),
        ("malware", (3, 2), SCHOOL, False),  # an attachment somebody put on a university's server
        ("malware", (2, 2, 2), SCHOOL, True),  # a name in a public list of schools opens nothing that dangerous
        ("social", (3,), SCHOOL, False),
        ("education", (2,), SCHOOL, True),
        ("adult", (OWN_WORD,), SCHOOL, True),  # a person wrote it
        ("adult", (), NONE, False),
    ],
)
def test_stands(category: str, trusts: tuple[int, ...], evidence: Evidence, expected: bool) -> None:
    voices = [Voice(f"family {number}", trust) for number, trust in enumerate(trusts)]
    assert stands(category, voices, evidence) is expected


def test_a_family_speaks_once_with_its_most_trusted_source() -> None:
    assert not stands("adult", [Voice("one", 1), Voice("one", 1)])
    assert stands("adult", [Voice("one", 1), Voice("one", 2)])
    assert not stands("adult", [Voice("one", 2), Voice("one", 2)], GOOGLE)


_VOICES = st.lists(st.builds(Voice, st.sampled_from("abc"), st.integers(1, 3)), max_size=5)
_EVIDENCE = st.builds(Evidence, st.booleans(), st.integers(0, 200_000))
_CATEGORY = st.sampled_from(("adult", "malware", "games", "education", "ads-trackers"))


@given(_CATEGORY, _VOICES, _VOICES, _EVIDENCE)
def test_another_voice_never_opens(category: str, voices: list[Voice], more: list[Voice], evidence: Evidence) -> None:
    assert stands(category, voices + more, evidence) >= stands(category, voices, evidence)


@given(_CATEGORY, _VOICES, _EVIDENCE)
def test_evidence_never_closes(category: str, voices: list[Voice], evidence: Evidence) -> None:
    assert stands(category, voices, NONE) >= stands(category, voices, evidence)


@given(_CATEGORY, st.integers(1, 200_000), st.integers(1, 200_000))
def test_the_more_visited_the_more_is_asked(category: str, one: int, other: int) -> None:
    better, worse = (asked(category, Evidence(rank=rank)) for rank in sorted((one, other)))
    assert better is not None and worse is not None and better >= worse


def test_open_categories_describe() -> None:
    assert OPEN < DESCRIBING
