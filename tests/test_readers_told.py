"""Who reads a report: the texts name the school's people, and whoever looks after the machine; and none says "only"."""

from __future__ import annotations

import re

import pytest

from hedgerow.stores.messages import shipped_messages
from tests.shipped import LANGUAGES, ROOT

KEEPER = {
    "en": r"filter's (?:keeper|computer)",
    "vi": r"người trông coi máy",
    "fa": r"نگهدار دستگاه|از دستگاه فیلتر نگهداری",
    "kk": r"сүзгі(?:ге|нің компьютеріне) қарайтын адам",
    "ru": r"смотритель фильтра|следит за компьютером фильтра",
}
ONLY_THEY = {
    "en": r"only the people",
    "vi": r"chỉ (?:những )?người",
    "fa": r"فقط کسانی",
    "kk": r"тек (?:мектеп|мына)",
    "ru": r"читают только|только те",
}


def told(language: str) -> list[str]:
    texts = shipped_messages()[language]
    spoken = [texts.get("report.private", register) for register in ("young", "middle", "older", "staff")]
    return [*spoken, (ROOT / "deploy" / "privacy" / f"notice.{language}.md").read_text("utf-8")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_looks_after_the_machine_could_read_it_too(language: str) -> None:
    for text in told(language):
        assert re.search(KEEPER[language], text, re.IGNORECASE), text
        assert not re.search(ONLY_THEY[language], text, re.IGNORECASE), text
