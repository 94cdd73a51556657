from __future__ import annotations

import json

import pytest

from hedgerow.portal.letters import as_json, as_text, subject
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from hedgerow.stores.report_notices import TROUBLES, Notice
from hedgerow.stores.report_outbox import Message
from hedgerow.stores.site import Site

AT = 1_795_500_000.0  # 2026-11-24 06:00 UTC
SITE = Site(school="THCS Hoa Phượng", timezone="Asia/Ho_Chi_Minh")


def message(*names: str, number: int = 0) -> Message:
    return Message("f00d", "mailto:a@b.example", (), 0, tuple(Notice(name, AT, number) for name in names))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_what_is_the_matter_in_the_schools_language(language: str) -> None:
    texts = shipped_messages()[language]
    text = as_text(message(*TROUBLES), SITE, texts)
    assert "THCS Hoa Phượng" in text and text.count("2026-11-24 13:00") == len(TROUBLES)
    assert "\n    hedgerow check\n" in text and "{" not in text + subject(message(*TROUBLES), texts)
    unread = as_text(message("unread", number=12), SITE, texts)
    assert "12" in unread and "\n    hedgerow reports list --only unread\n" in unread and "{" not in unread
    alerts = as_text(message("unread-alerts", number=3), SITE, texts)
    assert "3" in alerts and "\n    hedgerow reports list --kind alert --only unread\n" in alerts and "{" not in alerts
    assert subject(message("unread-alerts"), texts) == subject(message("unread"), texts)
    assert subject(message("unread"), texts) != subject(message("disk"), texts)


def test_a_webhook_is_told_the_same() -> None:
    assert json.loads(json.dumps(as_json(message("unread", number=2), SITE))) == {
        "event": "alerts",
        "id": "f00d",
        "school": "THCS Hoa Phượng",
        "notices": [
            {"name": "unread", "at": "2026-11-24T06:00Z", "unread": 2, "read": "hedgerow reports list --only unread"}
        ],
    }
    told = as_json(message("disk"), SITE)
    assert told["event"] == "technical"
    assert told["notices"] == [{"name": "disk", "at": "2026-11-24T06:00Z", "read": ""}]
