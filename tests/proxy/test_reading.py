"""Text to scores: bodies, posts, conversations; no loop, no flow, no verdict."""

from __future__ import annotations

import gzip
import json

import pytest

from hedgerow.core.model import Channel, Name, NameSource, Request, Where
from hedgerow.core.streamed import said_in
from hedgerow.core.words import Lexicon, Phrase
from hedgerow.proxy.reading import POSTED_LIMIT, Ear, read_body, read_posted

LEXICON = Lexicon.build(
    Phrase("adult", text, "en", Where("adult.en.yaml", line))
    for line, text in enumerate(("quibblesnatch", "bad wibblefrotz", "frumblequat"), 1)
)
ASKED = Request((Name(NameSource.HOST, "allowed.test"),), method="POST", path="/send")


def heard(channel: Channel, *messages: str) -> list[float]:
    ear = Ear(LEXICON, channel)
    return [max((score.score for score in ear.hear(said_in(message))), default=0.0) for message in messages]


@pytest.mark.parametrize(
    ("channel", "messages", "scores"),
    [
        (Channel.MESSAGE, ("pond", "quibblesnatch"), [0, 1]),
        (Channel.MESSAGE, ("quibble", "snatch"), [0, 1]),  # one word in two messages
        (Channel.MESSAGE, ("bad", "wibblefrotz"), [0, 1]),  # two words in two messages
        (Channel.MESSAGE, ('{"text": "quibblesnatch"}',), [1]),
        (Channel.REPLY, ("quibble", "snatch ", "and ", "frumb", "lequat."), [0, 1, 0, 0, 2]),
        (Channel.REPLY, ('{"v": "quibble"}', '{"v": "snatch"}'), [0, 1]),
        (Channel.REPLY, ("bad", "wibblefrotz"), [0, 0]),  # bits carry their own blanks
        (Channel.MESSAGE, ("x" * 30_000 + " quibblesnatch " + "y" * 30_000,), [1]),  # longer than what is remembered
        (Channel.REPLY, ("x" * 8_180 + " quibblesnatch",), [1]),  # across two parts of one message
    ],
)
def test_conversations(channel: Channel, messages: tuple[str, ...], scores: list[float]) -> None:
    assert heard(channel, *messages) == scores


def test_a_reply_s_score_grows_over_all_that_is_remembered() -> None:
    filler = "frogs and ponds. " * 60
    scores = heard(Channel.REPLY, "quibblesnatch. ", filler, "frumblequat. ", filler, "bad wibblefrotz. ")
    assert scores[4] > scores[2] > scores[0] * 1.2 > 0


def test_what_was_scored_is_not_scored_again_and_again() -> None:
    """As long as the phrase stands in what is looked at, nothing new is found in it."""
    assert heard(Channel.REPLY, "quibblesnatch ", *(["pond "] * 40)) == [1, *([0] * 40)]


@pytest.mark.parametrize("size", [100, 300_000, 1_500_000])
def test_bodies(size: int) -> None:
    page = b"<html><p>" + b"pond" * (size // 4) + b" quibblesnatch</p>"
    read = read_body(gzip.compress(page), "text/html", "gzip", 2 << 20, LEXICON)
    assert [score.topic for score in read.scores] == ["adult"] and read.text.inspected == len(page)
    assert read_body(page, "text/html", "", 2 << 20, None).scores == ()
    assert read_body(b"\x00\x01" * size, "text/html", "dcb", 2 << 20, LEXICON).text.undecodable


POSTS = {
    "form": ("application/x-www-form-urlencoded", "", b"a=quibblesnatch", Channel.POSTED),
    "gzip": ("application/json", "gzip", gzip.compress(b'{"a": "quibblesnatch"}'), Channel.POSTED),
    "prompt": ("application/json", "", b'{"prompt": "quibblesnatch"}', Channel.PROMPT),
    "called-a-picture": ("image/png", "", b"a=quibblesnatch", Channel.POSTED),
}


@pytest.mark.parametrize("name", list(POSTS))
def test_posts(name: str) -> None:
    kind, coding, body, channel = POSTS[name]
    read = read_posted(body, kind, coding, ASKED, LEXICON)
    assert {typed.channel for typed in read.typed} == {channel}
    assert [score.topic for score in read.scan((read.typed[0].text,), True)] == ["adult"]


def test_posts_that_say_nothing() -> None:
    assert read_posted(b"\x89PNG\r\n\x1a\n\0\0\0", "image/png", "", ASKED, LEXICON).typed == ()
    assert read_posted(b"\x00\x01\x02", "application/json", "dcb", ASKED, LEXICON).undecodable
    long = json.dumps({"a": "pond" * POSTED_LIMIT + " quibblesnatch"}).encode()
    read = read_posted(long, "application/json", "", ASKED, LEXICON)
    assert not any(read.scan((typed.text,), True) for typed in read.typed), "the published limit"
