"""The shipped word lists: complete, readable, true to their own examples, and quiet on innocent pages."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hedgerow.core.judges import SEEKING
from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.stores.kept_words import WEIGHTS
from hedgerow.stores.word_weights import load_weights
from hedgerow.stores.words import WordList, failed_samples
from tests.pace import takes_less
from tests.shipped import word_lists

FOLDER = Path(__file__).parents[1] / "policies" / "words"
LANGUAGES = ("vi", "en", "fa", "kk", "ru")
FIRST = ("adult", "gambling", "drugs", "violence", "self-harm", "bullying", "avoidance", "help-seeking")
LATER = ("weapons", "hate", "eating-disorders", "grooming", "extremism", "strong-language", "cheating")
LISTS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def loaded() -> dict[str, WordList]:
    return {f"{one.topic}.{one.language}": one for one in word_lists()}


@cache
def shipped() -> Lexicon:
    phrases = [phrase for one in loaded().values() for phrase in one.phrases]
    return Lexicon.build(phrases, load_weights(FOLDER / WEIGHTS))


def topics(text: str) -> dict[str, float]:
    """Scores of what can close a page: that it names a helpline never does."""
    return {score.topic: score.score for score in shipped().scan([text]) if score.topic != SEEKING}


def test_every_topic_has_every_language_and_nothing_else() -> None:
    assert {f"{topic}.{language}" for topic in FIRST for language in LANGUAGES} <= set(LISTS)
    assert set(LISTS) <= {f"{topic}.{language}" for topic in (*FIRST, *LATER) for language in LANGUAGES}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_phrases_and_promises(name: str) -> None:
    one = loaded()[name]
    assert sum(not phrase.lowers for phrase in one.phrases) >= 25
    assert {sample.key for sample in one.samples} >= {"must-hit", "must-not-hit"}


def spoken(phrase: Phrase) -> str:
    """The shortest text in which a phrase stands."""
    return " ".join(texts[0].replace("*", "") for texts in phrase.searched)


@pytest.mark.parametrize("name", LISTS)
def test_every_phrase_can_be_found(name: str) -> None:
    """Each by itself: as a topic of its own, where no longer phrase stands in its way."""
    phrases = loaded()[name].phrases
    lexicon = Lexicon.build(replace(phrase, topic=f"{n}", lowers=False) for n, phrase in enumerate(phrases))
    for n, phrase in enumerate(phrases):
        scores = lexicon.scan([f"« {spoken(phrase)} »"], not phrase.most, least=0.0)
        found = {score.topic for score in scores}
        assert f"{n}" in found, phrase


@pytest.mark.parametrize("name", LISTS)
def test_promises_are_kept(name: str) -> None:
    assert not list(map(str, failed_samples([loaded()[name]], shipped().scan)))


INNOCENT = """
Scunthorpe, Essex, Sussex and Penistone play cricket; the therapist wrote an analysis of cocktails.
A sextant measures angles. Moby-Dick is a sperm whale. Grilled chicken breast with spotted dick for dessert.
Breast cancer, cervical screening and HPV vaccine. Sex education: puberty, periods, consent, contraception.
LGBT youth support groups. How to get help if someone shares intimate images of you without consent.
Childline: call 0800 1111. If you have thoughts of suicide, talk to someone you trust. Suicide prevention day.
Heroin and cocaine are illegal drugs. Frank tells you the effects of cannabis, ecstasy and ketamine.
The bookmaker's shop closed. Monte Carlo casino. A lottery draw. Russian roulette in the novel.
The bomb disposal team made the device safe. The gunpowder plot of 1605. Henry VIII beheaded two wives.
""".strip().splitlines()


@pytest.mark.parametrize("text", INNOCENT)
def test_health_news_and_scunthorpe_pass(text: str) -> None:
    assert topics(text) == {}


HELP_AND_NEWS = """
If you feel that you want to die, you are not alone. Call Samaritans free on 116 123.
Drugs: cannabis, cocaine, heroin and ketamine, how they affect you. Talk to Frank. Getting help to stop smoking weed.
Online gambling can become an addiction. GamCare helps people who bet. Roulette and slots are age restricted.
Porn can give young people false ideas about sex. Talk with your child about pornography, sexting and nude images.
Bullying: someone calls you names, says you are ugly or stupid. Tell a trusted adult.
Molotov signed the pact in 1939. Napalm was used in Vietnam. ISIS beheading of hostages was condemned.
Nếu em nghĩ đến việc tự tử, hãy gọi tổng đài 111. Tự tử có thể phòng tránh được.
Ma túy tổng hợp: cần sa, ketamine, thuốc lắc gây hại cho não. Luật phòng chống ma túy 2021.
Công an triệt phá đường dây cá độ bóng đá qua mạng, bắt giữ 20 người đánh bạc.
Quan hệ tình dục an toàn, bao cao su, biện pháp tránh thai cho tuổi vị thành niên.
Nữ sinh lớp 8 bị bạn đánh hội đồng, nhà trường vào cuộc.
اگر به خودکشی فکر می‌کنید با ۱۲۳ اورژانس اجتماعی تماس بگیرید.
مصرف شیشه، حشیش و تریاک به مغز آسیب می‌زند. ترک اعتیاد با کمک مشاور.
پلیس فتا: دستگیری گردانندگان سایت‌های شرط‌بندی در تهران.
بیماری‌های مقاربتی و روابط جنسی ایمن. سن بلوغ جنسی.
دولت فیلترینگ را بررسی می‌کند؛ کاربران از فیلترشکن استفاده می‌کنند.
Если у вас есть мысли о самоубийстве, позвоните по телефону доверия 8-800-2000-122.
Наркотики: гашиш, мефедрон, кокаин. Ответственность за хранение. Закладки находят полицейские.
Полиция закрыла подпольное казино. Ставки на спорт вызывают зависимость, букмекерская контора оштрафована.
Половое созревание, контрацепция, ИППП. Порно и подросток: разговор с родителями.
Роскомнадзор блокирует VPN. Обход блокировок и закон.
Расчленение тела в судебной медицине. Убийство Кеннеди.
Өз-өзіне қол жұмсаудың алдын алу. 111 сенім телефонына хабарласыңыз.
Есірткі сату үшін жауапкершілік. Нашақорлық дертінің салдары. Полиция мефедрон тәркіледі.
Букмекерлік кеңсе қызметі заңмен реттеледі. Лудомания — құмар ойынға тәуелділік.
Жыныстық жетілу, контрацепция, ЖЖБИ алдын алу.
Буллинг: сыныптасы оқушыны келемеж етті. Психолог кеңесі.
""".strip().splitlines()


@pytest.mark.parametrize("text", HELP_AND_NEWS)
def test_help_and_news_that_name_the_matter_stay_below_a_page_threshold(text: str) -> None:
    assert max(topics(text).values(), default=0) < 3


ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "aăâbcdđeêghiklmnoôơpqrstuưvxy",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщыіьэюя",
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_letters_that_stand_alone_say_nothing(alphabet: str) -> None:
    """An alphabet, the letters of a puzzle, answers of a test: no words of one or two letters. Of a hundred draws of
    nine, which somebody types, a few happen to hold what means something ("r u", "b t m")."""
    draw = random.Random(5)
    puzzles = ["\n".join(" ".join(draw.choices(alphabet, k=12)) for _ in range(12)) for _ in range(50)]
    assert [text for text in (" ".join(alphabet), *puzzles) if max(topics(text).values(), default=0) >= 3] == []
    drawn = [" ".join(draw.sample(alphabet, 9)) for _ in range(100)]
    loud = [text for text in drawn if any(score.score >= 1 for score in shipped().scan([text], True))]
    assert len(loud) <= 5
    assert not any(score.score >= 1 for score in shipped().scan([" ".join(alphabet)], True))


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "page"])
@pytest.mark.parametrize("row", ["weedforsalehere", "купитьвмоскве", "muacansaodau", "خریدمواد", "大麻を買う"])
def test_half_a_megabyte_of_letters_that_stand_alone_takes_its_time_and_no_more(row: str, typed: bool) -> None:
    """0.8 s on a quiet machine, words of the model or not, each row another one."""
    numbered = (f"{row}{number:05}" for number in range(2**19 // (2 * len(row))))
    text = "\n".join(" ".join(one) for one in numbered)[: 2**19]
    shipped()
    assert takes_less(4, lambda: shipped().scan([text], typed))


@pytest.mark.data
def test_at_most_one_benign_page_in_500_reaches_a_page_threshold(data: Path) -> None:
    loud, count = [], 0
    for path in sorted(data.glob("pages/**/*.html")):
        count += 1
        found = shipped().scan(visible_text(path.read_bytes(), "text/html").passages)
        loud += [
            (path.name, score.topic, [hit.phrase for hit in score.hits])
            for score in found
            if score.score >= 3 and score.topic != SEEKING
        ]
    assert count > 500
    assert len(loud) * 500 <= count, loud


@pytest.mark.data
def test_at_most_one_benign_comment_in_500_reaches_a_page_threshold(data: Path) -> None:
    """Comments labelled benign by others; noisy labels, so bullying is left to the issue that measures quality."""
    loud, count = [], 0
    for path in sorted(data.glob("texts/dev/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["label"] != "benign":
                continue
            count += 1
            found = shipped().scan([row["text"]])
            loud += [
                (row["text"][:80], score)
                for score in found
                if score.score >= 3 and score.topic not in ("bullying", SEEKING)
            ]
    assert count > 500
    assert len(loud) * 500 <= count, loud
