"""The topics are the ones the contract names, and what the lists of every language are called."""

from __future__ import annotations

from hedgerow.core.judges import SUPPORT
from hedgerow.core.topics import TOPICS
from tests import shipped


def test_topics() -> None:
    assert TOPICS == shipped.TOPICS
    assert SUPPORT in TOPICS
    assert {path.name.split(".")[0] for path in (shipped.POLICIES / "words").glob("*.yaml")} <= TOPICS
