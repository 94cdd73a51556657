"""The least of an alert that lets somebody act, and where none is raised at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.core.alerting import Alert
from hedgerow.core.model import Channel, Decision, Identity, Severity
from hedgerow.core.policy import decide
from hedgerow.stores.alerts import make_alert, tellable
from hedgerow.stores.pseudonyms import Pseudonyms
from hedgerow.stores.site import Privacy
from tests.core.house import NOW as JUDGED
from tests.core.house import PUPIL, A, ask, band, lists, policy

NOW = datetime(2026, 11, 25, 10, 3, 7, tzinfo=UTC)
ALERT = Alert("grooming", Severity.HIGH, Channel.MESSAGE, 2.5, "vi", "đừng nói với mẹ nhé")
SCHOOL = policy(band(categories={"social": A.ALLOW}))


def decided(url: str = "https://chat.forum.test/private/room?with=stranger") -> Decision:
    return decide(ask(url), PUPIL, SCHOOL, lists(social="forum.test"), JUDGED)


def made(folder: Path, decision: Decision, **privacy: str) -> dict[str, str] | None:
    who = Identity("192.0.2.7", "ages-8-10", "classrooms")
    return make_alert(ALERT, decision, who, NOW, Privacy(**privacy), Pseudonyms(folder))  # type: ignore[arg-type]


def test_it_holds_what_is_needed_and_nothing_else(tmp_path: Path) -> None:
    found = made(tmp_path, decided(), detail="url")
    assert found is not None and found.pop("person") == Pseudonyms(tmp_path).of("192.0.2.7", NOW, "day")
    assert found == {
        "at": f"{NOW.timestamp():.0f}",
        "topic": "grooming",
        "severity": "high",
        "channel": "message",
        "band": "ages-8-10",
        "network": "classrooms",
        "site": "forum.test",
        "language": "vi",
        "score": "2.50",
        "evidence": "đừng nói với mẹ nhé",
    }
    assert not [one for one in ("192.0.2.7", "private", "stranger", "chat.forum") if one in json.dumps(found)]


def test_what_was_written_to_somebody_is_not_taken_for_theirs(tmp_path: Path) -> None:
    who = Identity("192.0.2.7", "ages-8-10")
    found = make_alert(ALERT, decided(), who, NOW, Privacy(), Pseudonyms(tmp_path), received=True)
    assert found is not None and found["channel"] == "message, received"


@pytest.mark.parametrize("detail, site", [("category", ""), ("host", "forum.test"), ("url", "forum.test")])
def test_a_school_that_keeps_no_names_of_sites_keeps_none_here(tmp_path: Path, detail: str, site: str) -> None:
    found = made(tmp_path, decided(), detail=detail)
    assert found is not None and found["site"] == site


@pytest.mark.parametrize("more", [{"protected": True}, {"secret": True}])
def test_helplines_and_what_must_not_be_known_raise_none(tmp_path: Path, more: dict[str, bool]) -> None:
    decision = replace(decided(), **more)  # type: ignore[arg-type]
    assert not tellable(decision) and made(tmp_path, decision) is None
    assert tellable(decided())
