"""The shipped texts: every idea is there and short, and every fact-check address has a dated source and opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest

from hedgerow.core.hosts import canonical_host, parents
from hedgerow.stores.messages import shipped_messages
from tests.shipped import BANDS, CATEGORIES, LANGUAGES, POLICIES, ROOT, TOPICS, read

IDEAS = POLICIES / "messages" / "ideas"
LONGEST = 160
"""Letters of one idea or question: three lines on a phone."""


def ideas(language: str) -> dict[str, dict[str, str]]:
    found = read(IDEAS / f"{language}.yaml")["ideas"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_and_topic_has_one_idea_and_one_question(language: str) -> None:
    found = ideas(language)
    assert set(found) >= CATEGORIES | TOPICS
    for key, entry in found.items():
        assert set(entry) == {"idea", "question", "young"}, key
        assert max(map(len, entry.values())) <= LONGEST, key
        assert entry["idea"].endswith(".") and entry["young"].endswith("."), key
        assert len(entry["young"]) <= 92, key
        assert entry["question"].endswith(("?", "؟")), key


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_idea_is_only_the_english_one(language: str) -> None:
    english = {text for entry in ideas("en").values() for text in entry.values()}
    assert not english & {text for entry in ideas(language).values() for text in entry.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_twice(language: str) -> None:
    said = [text for entry in ideas(language).values() for text in entry.values()]
    assert len(said) == len(set(said))


def fact_checks() -> list[dict[str, object]]:
    found = read(POLICIES / "messages" / "fact-checks.yaml")["fact-checks"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("entry", fact_checks(), ids=lambda entry: str(entry["url"]))
def test_a_fact_check_address_has_a_dated_source(entry: dict[str, object]) -> None:
    address = urlsplit(str(entry["url"]))
    assert (address.scheme, address.path) == ("https", "/")
    assert canonical_host(address.netloc) == address.netloc
    assert address.netloc.removeprefix("factcheck.") in str(entry["source"])  # its own page was read
    assert date(2026, 11, 1) <= date.fromisoformat(str(entry["verified"])) <= date(2026, 11, 30)
    assert "(" in str(entry["name"])  # who runs it


def test_every_language_has_somewhere_to_check() -> None:
    told = {str(one) for entry in fact_checks() for one in _list(entry["languages"])}
    assert told == set(LANGUAGES)


@pytest.mark.parametrize("entry", fact_checks(), ids=lambda entry: str(entry["url"]))
def test_the_page_we_send_pupils_to_is_open_to_them(entry: dict[str, object]) -> None:
    """News and authorities are open from eight years on; an unknown page would warn once more."""
    seeds = [ROOT / "blocklists" / "seed" / f"{name}.txt" for name in ("news", "banking-government")]
    open_names = {line.removeprefix("*.") for path in seeds for line in path.read_text("utf-8").splitlines()}
    assert open_names & set(parents(urlsplit(str(entry["url"])).netloc))


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


_FAMILIAR = {
    "ru": r"\b(?:ты|тебя|тебе|тобой|твой|твоя|твоё|твоего|твоей|твоём|подумай|попробуй|покажи|выбери|скажи|проверь)\b",
    "kk": r"\b(?:сен|саған|сені|сенің|сенде|өзіңе|ойлан|көр|айт|таңда|көрсет)\b",
    "fa": r"(?<!\w)(?:تو|تورا|بگو|امتحان کن|انتخاب کن|نشان بده|فکر کن)(?!\w)",
    "vi": r"\b[Ee]m\b(?! học sinh| nhỏ)",
}
"""How nobody speaks to a grown-up."""


_TO_PUPILS_ONLY = ("portal.poster.",)
"""What hangs on the wall is said to children, whoever prints it."""


def spoken(language: str, register: str) -> Iterator[tuple[str, str]]:
    """Everything that is said to whoever is spoken to like this, whether others hear the same or not."""
    texts = shipped_messages()[language]
    yield from ((key, texts.get(key, register)) for key in texts.texts if not key.startswith(_TO_PUPILS_ONLY))


def written(language: str, register: str) -> Iterator[tuple[str, str]]:
    """The sentences the file has for this register alone."""
    found = read(POLICIES / "messages" / f"{language}.yaml")["texts"]
    assert isinstance(found, dict)
    yield from ((key, forms[register]) for key, forms in found.items() if isinstance(forms, dict) and register in forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_youngest_get_short_sentences_without_jargon(language: str) -> None:
    for key, text in written(language, "young"):
        assert len(text) <= 90 and len(re.findall(r"[.?!؟](?:\s|$)", text)) <= 2, key
        assert "{host}" not in text and "{subject}" not in text, key
        assert not re.search("HTTP|TLS|IP|server|HOST", text), key


@pytest.mark.parametrize("language", sorted(_FAMILIAR))
def test_staff_are_addressed_as_grown_ups(language: str) -> None:
    for key, text in spoken(language, "staff"):
        assert not re.search(_FAMILIAR[language], text), f"{key}: {text}"


def test_a_teacher_is_not_sent_to_a_teacher() -> None:
    for key, text in spoken("en", "staff"):
        assert not re.search("your teacher|a teacher|grown-up|your class", text), f"{key}: {text}"


def test_the_oldest_pupils_are_not_called_little_in_vietnamese() -> None:
    for key, text in spoken("vi", "older"):
        assert key.startswith("mail.") or not re.search(r"\b[Ee]m\b", text), f"{key}: {text}"


def test_one_you_in_russian() -> None:
    """Small letters for grown-ups everywhere, a capital only where a sentence begins."""
    for key, text in spoken("ru", "staff"):
        assert not re.search(r"(?<=[\w,:;—] )В(?:ы|ас|ам|ами|аш\w*)\b", text), f"{key}: {text}"


def test_nobody_is_a_he_or_a_she_in_russian() -> None:
    for register in ("young", "middle", "older"):
        for key, text in spoken("ru", register):
            assert not re.search(r"\bне один\b|\bвиноват[аы]?\b|\bсам или сама\b", text), f"{key}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_have_the_forms_their_language_needs(language: str) -> None:
    texts = shipped_messages()[language]
    told = [texts.get("minutes", n=n) for n in (1, 2, 5, 21, 30)]
    assert all(texts.digits(str(n)) in text for n, text in zip((1, 2, 5, 21, 30), told, strict=True))
    words = {re.sub(r"\d", "", text).strip() for text in told}
    assert len(words) == {"ru": 3, "en": 2}.get(language, 1)
    assert all("{minutes}" in texts.get("warn.hold", register) for register in ("young", "older", "staff"))
    assert not re.search(r"[0-9۰-۹]", texts.get("warn.hold"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("band", BANDS)
def test_a_bands_sentence_is_true_on_a_warning_too(band: str, language: str) -> None:
    """It stands beside a choice of reasons, beside none, and where nothing is closed."""
    messages = read(POLICIES / "bands" / f"{band}.yaml")["messages"]
    assert isinstance(messages, dict)
    assert not re.search("below, or|Wrongly|бұғатталған ба|по ошибке|اشتباهی|chặn nhầm|بنویس", messages[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key",
    [
        "block.lead",
        "block.lead.words",
        "block.lead.files",
        "warn.lead",
        "warn.lead.words",
        "limit.lead",
        "help.lead",
        "why.words",
        "fault.lead",
    ],
)
def test_six_twelve_and_forty_do_not_get_the_same_sentence(language: str, key: str) -> None:
    texts = shipped_messages()[language]
    assert len({texts.get(key, register) for register in ("young", "middle", "staff")}) == 3
