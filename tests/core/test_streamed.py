"""Text in bits: whole events out of any cut of the bytes, words across events, memory that stays flat."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.streamed import BEHIND, WINDOW, Frames, Running, in_its_form, said_by, said_in
from tests.lab import streams
from tests.lab.said import PHRASES


@pytest.mark.parametrize("form", list(streams.FORMS))
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_every_form_is_put_together_again(form: str, size: int) -> None:
    running, fresh = Running(), ""
    for event in streams.events(form, streams.TOLD, size):
        fresh += "".join(running.hear(said_by(event)))
    assert any(streams.TOLD in text for text in running.texts()), running.texts()
    assert PHRASES[3] in fresh
    assert sum(text.count(PHRASES[0]) for text in running.texts()) == 1, "a word was heard twice"


@pytest.mark.parametrize("form", list(streams.FRAMES))
def test_messages_are_put_together_again(form: str) -> None:
    running = Running()
    for frame in streams.frames(form):
        running.hear(said_in(frame))
    assert any(streams.TOLD in text for text in running.texts())


@given(st.data(), st.sampled_from(list(streams.FORMS)))
def test_any_cut_of_the_bytes_gives_the_same_events(data: st.DataObject, form: str) -> None:
    whole = streams.events(form, "pond and frog", 4)
    raw = b"".join(whole)
    frames, at = Frames(streams.media(form) == streams.SSE), 0
    events: list[bytes] = []
    while at < len(raw):
        step = data.draw(st.integers(1, 40))
        events += frames.feed(raw[at : at + step])
        at += step
    assert b"".join(events) + frames.rest() == raw
    if streams.media(form) == streams.SSE:
        assert [event.replace(b"\r", b"") for event in events if event.strip()] == [
            e.replace(b"\r", b"") for e in whole
        ]


@given(st.lists(st.binary(max_size=40)), st.booleans())
def test_nothing_is_lost_or_added(pieces: list[bytes], events: bool) -> None:
    frames = Frames(events)
    made = b"".join(event for piece in pieces for event in frames.feed(piece))
    assert made + frames.rest() == b"".join(pieces)


@given(
    st.text(max_size=60)
    | st.recursive(st.text(max_size=9), lambda i: st.lists(i) | st.dictionaries(st.text(max_size=4), i)).map(json.dumps)
)
def test_nothing_raises(text: str) -> None:
    running = Running()
    for said in (
        said_in(text),
        said_by(text.encode("utf-8", "surrogatepass")),
        said_by(f"data: {text}\n\n".encode("utf-8", "replace")),
    ):
        for fresh in running.hear(said):
            fresh.encode()
    in_its_form(text.encode("utf-8", "surrogatepass"), "text", "ours").decode()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (b"data: pond\n\n", (("", "pond"),)),
        (b"data:pond\n\n", (("", "pond"),)),
        (b"data:  pond\n\n", (("", " pond"),)),  # a bit's own blank is part of the text
        (b"data: a\ndata: b\n\n", (("", "a\nb"),)),
        (b": ping\n\n", ()),
        (b"data: [DONE]\n\n", ()),
        (b'data: {"a": 1}\n\n', ()),
        (b'event: x\nid: 3\ndata: {"text": "pond"}\n\n', (("text", "pond"),)),
        (b'data: {"parts": ["a", {"text": "b"}]}\r\n\r\n', (("parts", "a"), ("text", "b"))),
        (b'data: ["a", ["b"]]\n\n', (("/0", "a"), ("/1/0", "b"))),
        (b'data: {"text": "cut of', (("", "cut of"),)),
        (b'{"x": "{\\"y\\": \\"deep\\"}"}\n', (("xy", "deep"),)),
        (b'42["message",{"text":"pond"}]', (("/0", "message"), ("text", "pond"))),
        (b'{"text":"a"}\x1e{"text":"b"}\x1e', (("text", "a"), ("text", "b"))),
    ],
)
def test_what_one_event_says(event: bytes, said: tuple[tuple[str, str], ...]) -> None:
    assert said_by(event) == said


def test_what_is_told_as_a_whole_at_the_end_is_heard_once() -> None:
    running = Running()
    text = "the pond lies still and the frogs are asleep"
    for word in text.split(" "):
        running.hear((("delta", f"{word} "),))
    running.hear((("text", text),))
    running.hear((("text", text),))
    assert [heard.strip() for heard in running.texts()] == [text, text]


def test_labels_are_no_text() -> None:
    running = Running()
    for bit in ("a", "b", "c"):
        running.hear((("model", "gpt-4o-mini"), ("content", bit)))
    assert running.texts() == ("gpt-4o-mini", "abc")


def test_only_a_little_before_is_looked_at_again() -> None:
    running = Running()
    for number in range(1_000, 3_000):
        (fresh,) = running.hear((("text", f"pond {number} "),))
    assert len(fresh) == BEHIND + len("pond 1000 ")
    assert len(running.texts()[0]) <= WINDOW


def test_memory_is_flat_and_time_linear() -> None:
    running, frames = Running(), Frames(events=True)
    tracemalloc.start()
    started = time.process_time()
    for number in range(40_000):
        for event in frames.feed(b'data: {"f%d": "pond and frog %d"}\n\n' % (number, number)):
            running.hear(said_by(event))
    for _ in range(200):
        for event in frames.feed(b"x" * 50_000):  # an event that never ends
            running.hear(said_by(event))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 4_000_000 and time.process_time() - started < 12


@pytest.mark.parametrize("form", [form for form in streams.FORMS if form not in ("gemini", "inside")])
def test_the_end_has_the_reply_s_own_form(form: str) -> None:
    running, event = Running(), b""
    for event in streams.events(form, "pond and frog")[:3]:
        running.hear(said_by(event))
    made = in_its_form(event, running.main(), "It ends here. [ABCD-1234]")
    after = Running()
    after.hear(said_by(made))
    assert after.texts()[-1:] == ("It ends here. [ABCD-1234]",) or "It ends here. [ABCD-1234]" in after.texts()
    if streams.media(form) == streams.SSE:
        assert made.endswith(b"\n\n") and made.count(b"\n\n") == 1
    if b'"' in event and b"data: {" in event and form not in ("two-lines", "escaped"):
        assert json.loads(made.split(b"data: ")[1]).keys() == json.loads(event.split(b"data: ")[1]).keys()


@pytest.mark.parametrize(
    "event", [b"", b"data: pond\n\n", b"[1]\n", b'{"a": "b"}\n', b'data: {"a": {"b": [1]}}\n\n', b"\xff"]
)
def test_there_is_always_an_end_that_says_so(event: bytes) -> None:
    assert b"It ends here" in in_its_form(event, "text", "It ends here")
