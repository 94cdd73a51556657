from __future__ import annotations

import json

import pytest

from hedgerow.portal.letters import as_json, as_text, subject
from hedgerow.stores.messages import LANGUAGES, shipped_messages
from hedgerow.stores.report_model import KINDS
from hedgerow.stores.report_outbox import Item, Message
from hedgerow.stores.site import Site

AT = 1_795_500_000.0  # 2026-11-24 06:00 UTC
SITE = Site(school="THCS Hoa Phượng", timezone="Asia/Ho_Chi_Minh")


def message(*kinds: str) -> Message:
    return Message(
        "f00d", "mailto:a@b.example", tuple(Item(f"AAA{n}-BBBB-CCCC", kind, AT) for n, kind in enumerate(kinds)), 0
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_what_for_whom_and_where_to_read(language: str, kind: str) -> None:
    texts = shipped_messages()[language]
    text = as_text(message(kind), SITE, texts)
    assert "THCS Hoa Phượng" in text and "hedgerow reports show AAA0" in text and "2026-11-24 13:00" in text
    assert (texts["mail.care"] in text) is (kind in ("help", "hurt"))
    assert "(AAA0)" in subject(message(kind), texts)
    assert "{" not in text + subject(message(kind), texts)
    assert "BBBB" not in text + subject(message(kind), texts) + json.dumps(as_json(message(kind), SITE))


def test_many_in_one_letter() -> None:
    texts = shipped_messages()["en"]
    assert subject(message("wrong", "harmful", "wrong"), texts) == "3 new reports from pupils"
    russian = shipped_messages()["ru"]
    assert subject(message(*("wrong",) * 3), russian) == "3 новых сообщения от учеников"
    assert subject(message(*("wrong",) * 5), russian) == "5 новых сообщений от учеников"
    assert as_text(message("wrong", "harmful"), SITE, texts).count("AAA") == 3  # two lines, and how to read one


def test_a_webhook_gets_the_topic_and_the_beginning_of_the_code_and_no_more() -> None:
    assert json.loads(json.dumps(as_json(message("help"), SITE))) == {
        "event": "reports",
        "id": "f00d",
        "school": "THCS Hoa Phượng",
        "reports": [
            {
                "code": "AAA0",
                "kind": "help",
                "topic": "help",
                "at": "2026-11-24T06:00Z",
                "read": "hedgerow reports show AAA0",
            }
        ],
    }
