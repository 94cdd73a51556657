"""The shipped word lists: complete, readable, true to their own examples, and quiet on innocent pages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
import yaml

from hedgerow.core.model import Where
from hedgerow.core.text import visible_text
from hedgerow.core.words import Lexicon, Phrase, patterns

FOLDER = Path(__file__).parents[1] / "policies" / "words"
TOPICS = ("adult", "gambling", "drugs", "violence", "self-harm", "bullying", "avoidance")
LANGUAGES = ("vi", "en", "fa", "kk", "ru")
LISTS = [f"{topic}.{language}" for topic in TOPICS for language in LANGUAGES]


@cache
def read(name: str) -> dict[str, object]:
    content = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert isinstance(content, dict)
    return content


def phrases(name: str) -> list[Phrase]:
    content, found = read(name), []
    lines = content["phrases"]
    assert isinstance(lines, list)
    for number, line in enumerate(lines):
        entry = line if isinstance(line, dict) else {"text": line}
        weight = float(entry.get("weight", "1"))
        text, where = entry["text"], Where(f"words/{name}.yaml", number + 1)
        found.append(Phrase(str(content["topic"]), text, str(content["language"]), where, weight))
    return found


@cache
def shipped() -> Lexicon:
    return Lexicon.build(phrase for name in LISTS for phrase in phrases(name))


def examples(name: str, key: str) -> list[str]:
    lines = read(name)[key]
    assert isinstance(lines, list)
    return [str(line) for line in lines]


def topics(text: str) -> dict[str, float]:
    return {score.topic: score.score for score in shipped().scan([text])}


def test_every_topic_has_every_language_and_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.yaml")) == sorted(f"{name}.yaml" for name in LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_what_it_is(name: str) -> None:
    content = read(name)
    assert f"{content['topic']}.{content['language']}" == name
    assert list(content) == ["topic", "language", "must-hit", "must-not-hit", "phrases"]
    assert len(phrases(name)) >= 25


@pytest.mark.parametrize("name", LISTS)
def test_phrases_can_be_found_and_stand_once(name: str) -> None:
    texts = [phrase.text for phrase in phrases(name)]
    assert len(texts) == len(set(texts))
    assert all(patterns(text) for text in texts)
    topic = name.partition(".")[0]
    assert not [text for text in texts if topic not in topics(f"« {text} »")]


@pytest.mark.parametrize("name", LISTS)
def test_one_mention_never_closes_a_page(name: str) -> None:
    """A news article may say any phrase once: pages need three weak phrases, or two that weigh 2."""
    assert [phrase.text for phrase in phrases(name) if max(topics(phrase.text).values()) >= 3] == []


@pytest.mark.parametrize("name", LISTS)
def test_must_hit(name: str) -> None:
    missed = [text for text in examples(name, "must-hit") if topics(text).get(name.partition(".")[0], 0) < 1]
    assert not missed


@pytest.mark.parametrize("name", LISTS)
def test_must_not_hit_any_topic(name: str) -> None:
    assert {text: topics(text) for text in examples(name, "must-not-hit") if topics(text)} == {}


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


@pytest.mark.data
def test_at_most_one_benign_page_in_500_reaches_a_page_threshold(data: Path) -> None:
    loud, count = [], 0
    for path in sorted(data.glob("pages/**/*.html")):
        count += 1
        found = shipped().scan(visible_text(path.read_bytes(), "text/html").passages)
        loud += [(path.name, score.topic, [hit.phrase for hit in score.hits]) for score in found if score.score >= 3]
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
            loud += [(row["text"][:80], score) for score in found if score.score >= 3 and score.topic != "bullying"]
    assert count > 500
    assert len(loud) * 500 <= count, loud
