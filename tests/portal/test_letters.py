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


def alert(topic: str = "self-harm", severity: str = "high", band: str = "ages-8-10", times: int = 1) -> Message:
    item = Item("AAA0-BBBB-CCCC", "alert", AT, severity, topic, band, times)
    return Message("f00d", "mailto:a@b.example", (item,), 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_says_how_urgent_and_about_what_and_warns_of_hasty_judgement(language: str) -> None:
    texts = shipped_messages()[language]
    told, head = as_text(alert(), SITE, texts), subject(alert(), texts)
    assert texts["mail.severity.high"] in head and "(AAA0)" in head
    assert f"{texts['mail.severity.high']}: {texts['topic.self-harm']} (ages-8-10)   2026-11-24 13:00" in told
    assert texts["mail.alert.care"] in told and texts["mail.care"] not in told
    assert "hedgerow reports show AAA0" in told and "BBBB" not in told + head and "{" not in told + head
    more = as_text(alert("more", "medium", "", 7), SITE, texts)
    line = next(line for line in more.splitlines() if line.startswith("    AAA0"))
    assert line.endswith(f"{texts['mail.alert.more'].replace('{count}', '7')}   2026-11-24 13:00")


def test_a_schools_own_topic_is_called_as_the_school_calls_it() -> None:
    assert "medium: vaping (ages-8-10)" in as_text(alert("vaping", "medium"), SITE, shipped_messages()["en"])


def test_the_most_severe_of_several_stands_in_the_subject() -> None:
    both = (alert(severity="medium").items[0], alert().items[0])
    told = subject(Message("f00d", "mailto:a@b.example", both, 0), shipped_messages()["en"])
    assert told == "Words that a pupil typed need a look: high (AAA0)"


def test_a_letter_with_an_alert_and_a_report_says_both() -> None:
    texts = shipped_messages()["en"]
    both = Message("f00d", "mailto:a@b.example", (*message("wrong").items, *alert(severity="medium").items), 0)
    told = as_text(both, SITE, texts)
    assert subject(both, texts) == "2 new reports from pupils"
    assert "wrote to you" in told and "in what pupils typed" in told


def test_a_webhook_is_told_how_urgent_and_about_what() -> None:
    told = json.loads(json.dumps(as_json(alert(), SITE)))
    assert told["reports"] == [
        {
            "code": "AAA0",
            "kind": "alert",
            "topic": "alerts",
            "at": "2026-11-24T06:00Z",
            "read": "hedgerow reports show AAA0",
            "severity": "high",
            "about": "self-harm",
            "band": "ages-8-10",
            "times": 1,
        }
    ]


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
