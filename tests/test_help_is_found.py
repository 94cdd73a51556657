"""Who looks for a helpline gets ours: in five languages and every band, on open and closed engines; no alarm."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from hedgerow.core.alerting import alerts
from hedgerow.core.explain import explain
from hedgerow.core.model import Action, Channel, Identity, Policy, Typed
from hedgerow.stores.policies import load_policy
from tests.core.house import ask, lists
from tests.shipped import BANDS, CATEGORIES, POLICIES
from tests.test_word_lists import shipped

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
ENGINES = lists(search="www.google.com")
SEARCHES = """
suicide hotline
suicide prevention hotline
kids help phone number
mental health helpline for teens
who can i call if someone is hurting me
đường dây nóng phòng chống tự tử
duong day nong tu tu
tổng đài 111
số điện thoại tư vấn tâm lý cho trẻ em
gọi ai khi bị bạo hành
телефон доверия
горячая линия суицид
детский телефон доверия 8 800 2000 122
куда позвонить если бьют родители
сенім телефоны
балаларға көмек 111
суицидтің алдын алу жедел желісі
психологиялық көмек
خط پیشگیری از خودکشی
خط خودکشی
شماره اورژانس اجتماعی
مشاوره رایگان برای نوجوانان
به کی زنگ بزنم اگر کتک بخورم
""".strip().splitlines()


@cache
def policy() -> Policy:
    return load_policy(POLICIES, Path("no school"), CATEGORIES).policy


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_for_help_gets_help_and_tells_nobody(search: str, band: str) -> None:
    request = ask("https://www.google.com/search", typed=(Typed(Channel.SEARCH, search),))
    found = explain(request, Identity("192.0.2.7", band), policy(), ENGINES, NOW, shipped().scan)
    assert found.decision.action is Action.HELP, found.steps
    assert found.alerts == ()


@pytest.mark.parametrize(
    "search, topic",
    [
        ("i want to kill myself", "self-harm"),
        ("em muốn chết quá", "self-harm"),
        ("я хочу умереть", "self-harm"),
        ("өмір сүргім келмейді", "self-harm"),
        ("می‌خواهم بمیرم", "self-harm"),
        ("nobody likes you just go kill yourself", "bullying"),
    ],
)
@pytest.mark.parametrize("band", BANDS)
def test_what_is_serious_is_told_of_pupils_and_not_of_staff(search: str, topic: str, band: str) -> None:
    found = alerts(shipped().scan([search], True), Channel.SEARCH, policy().bands[band], NOW.date())
    assert (topic in {one.topic for one in found}) is (band != "staff")
