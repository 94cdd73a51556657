from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.stores.importing.e2phrases import decoded, language_of, phrases, topic_of
from hedgerow.stores.importing.reading import Root
from hedgerow.stores.importing.report import Report
from tests.stores.importing.place import put, said


@pytest.mark.parametrize("line, parts, weight", [
    ("< anal ><20>", (" anal ",), 20.0),
    ("< anal >,< porn><70>  # why", (" anal ", " porn"), 70.0),
    ("<a>,<b>,<c><-30>", ("a", "b", "c"), -30.0),
    ("<a>,<b>,<40>", ("a", "b"), 40.0),  # a slip that e2guardian reads, too
])  # fmt: skip
def test_weighted(tmp_path: Path, line: str, parts: tuple[str, ...], weight: float) -> None:
    put(tmp_path, {"a": line + "\n"})
    (phrase,) = phrases(Root(tmp_path), tmp_path / "a", "weighted", Report("x"))
    assert (phrase.parts, phrase.weight, phrase.excepts) == (parts, weight, False)


@pytest.mark.parametrize("line", ["<a>", "no phrase", "<><20>", "< ><20>", "<a><b>", "<a"])
def test_no_weighted_phrase(tmp_path: Path, line: str) -> None:
    put(tmp_path, {"a": line + "\n"})
    report = Report("x")
    assert not list(phrases(Root(tmp_path), tmp_path / "a", "weighted", report)) and report.unreadable == 1


def test_includes_and_kinds(tmp_path: Path) -> None:
    put(tmp_path, {
        "banned": ".Include<lists/phraselists/pornography/banned>\n#time: 9 0 17 0 0\n<one>\n",
        "lists/phraselists/pornography/banned": '#listcategory: "P"\n<two>,<three>\n.Include</banned>\n',
        "exception": "<four>\n",
    })  # fmt: skip
    report, root = Report("x"), Root(tmp_path)
    found = list(phrases(root, tmp_path / "banned", "banned", report))
    assert [(one.parts, one.weight, one.topic) for one in found] == [
        (("two", "three"), None, "e2-banned"), (("one",), None, "e2-banned"),
    ]  # fmt: skip
    assert "leads out" in said(report)["lists/phraselists/pornography/banned:3"]
    (excepted,) = phrases(root, tmp_path / "exception", "exception", report)
    assert excepted.excepts


@pytest.mark.parametrize("name, codec, text", [
    ("russian-koi8-r/pornography/weighted", "koi8-r", "<проститутка><50>"),
    ("russian-1251/pornography/weighted", "windows-1251", "<проститутка><50>"),
    ("pornography/weighted_russian", "koi8-r", "<проститутка><50>"),  # no encoding is named
    ("pornography/weighted_russian", "windows-1251", "<проститутка><50>"),
    ("chinesegb2312/pornography/weighted", "gb2312", "<乳房><30>"),
    ("chinesebig5/pornography/weighted", "big5", "<乳房><30>"),
    ("japanese/pornography/weighted", "euc_jp", "<おっぱい><30>"),
    ("pornography/weighted", "utf-8", "<điếm><30>"),
])  # fmt: skip
def test_encodings(name: str, codec: str, text: str) -> None:
    assert decoded(text.encode(codec), name) == text


@pytest.mark.parametrize("text, language", [
    ("casino", "en"), ("казино", "ru"), ("құмар ойын", "kk"), ("قمار", "fa"), ("cờ bạc", "vi"), ("赌博", "zh"),
])  # fmt: skip
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("line", ["<a>" + " " * 60_000 + "x", "<a> , " * 9_000 + "!", "<" * 60_000])
def test_a_long_line_takes_no_time(tmp_path: Path, line: str) -> None:
    """The first once took four minutes."""
    put(tmp_path, {"a": line})
    begun = process_time()
    assert not list(phrases(Root(tmp_path), tmp_path / "a", "weighted", Report("x")))
    assert process_time() - begun < 2


@pytest.mark.parametrize("file, said_, topic", [
    ("lists/phraselists/pornography/weighted_french", "Pornography", "e2-pornography"),
    ("lists/phraselists/french/badwords/weighted", "", "e2-badwords"),
    ("lists/weightedphraselist", "", "e2-weightedphraselist"),
    ("lists/own", "Our own Words!", "e2-our-own-words"),
])  # fmt: skip
def test_topics(file: str, said_: str, topic: str) -> None:
    assert topic_of(file, said_) == topic


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(alphabet="<>, -0123ab#\n", max_size=120).map(str.encode),
       st.sampled_from(["banned", "weighted", "exception"]))  # fmt: skip
def test_any_bytes(tmp_path: Path, content: bytes, kind: str) -> None:
    put(tmp_path, {"russian-koi8-r/a": content})
    for phrase in phrases(Root(tmp_path), tmp_path / "russian-koi8-r" / "a", kind, Report("x")):
        assert all(part.strip() for part in phrase.parts)
