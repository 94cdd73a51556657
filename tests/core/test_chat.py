"""What is asked of AI chats: the person's last words were typed, the rest of the conversation was not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.chat import is_chat, prompts
from hedgerow.core.model import Channel, Typed


def asked(body: object, known: bool = False) -> tuple[list[str], str]:
    """What was typed, and the rest."""
    found = prompts(json.dumps(body).encode(), known)
    typed = [item.text for item in found if item.channel is Channel.PROMPT]
    assert all(item.channel in (Channel.PROMPT, Channel.REPLY) for item in found)
    return typed, "".join(item.text for item in found if item.channel is Channel.REPLY)


def turn(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


@pytest.mark.parametrize(
    ("body", "typed", "rest"),
    [
        ({"messages": [turn("user", "now")]}, ["now"], ""),
        ({"messages": [turn("system", "before"), turn("user", "now")]}, ["now"], "before"),
        ({"messages": [turn("user", "before"), turn("assistant", "said"), turn("user", "now")]}, ["now"], "before"),
        ({"messages": [turn("user", "one"), turn("user", "two")]}, ["one", "two"], ""),
        ({"messages": [turn("user", "now"), turn("assistant", "begun")]}, ["now"], "begun"),
        ({"messages": [turn("assistant", "all")]}, [], "all"),
        ({"messages": [turn("NARRATOR", "now")]}, ["now"], ""),  # nobody knows who that is: the person
        ({"messages": [{"author": {"role": "user"}, "content": {"parts": ["now"]}}]}, ["now"], ""),
        ({"contents": [{"role": "model", "parts": [{"text": "said"}]}, {"role": "user", "parts": [{"text": "now"}]}]},
         ["now"], "said"),
        ({"messages": [turn("user", "now")], "system": "before", "tools": [{"name": "find"}]}, ["now"], "before"),
        ({"input": [{"role": "user", "content": [{"type": "input_text", "text": "now"}]}]}, ["now"], ""),
        ({"prompt": "now", "model": "m"}, ["now", "m"], ""),
    ],
)  # fmt: skip
def test_shapes(body: object, typed: list[str], rest: str) -> None:
    found, others = asked(body)
    assert [text for text in found if text != "input_text"] == typed
    assert rest in others and not any(text in others for text in typed)


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"text": "no role"}]},
        {"messages": [turn("user", "now"), {"text": "no role"}]},  # one turn without a speaker: everything was typed
        {"messages": "now"},
        {"messages": []},
        {"query": "now"},
        {},
    ],
)
def test_other_posts_are_read_as_any_form_is(body: object) -> None:
    assert prompts(json.dumps(body).encode()) == ()


def test_a_known_chat_needs_no_shape() -> None:
    assert asked({"q": ["now"]}, known=True) == (["now"], "")


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"messages": [', b"\xff\xfe{", b'{"a":' * 50_000, b'{"prompt": 5}'])
def test_what_is_no_question(body: bytes) -> None:
    assert prompts(body) == ()


@pytest.mark.parametrize(
    ("host", "chat"),
    [
        ("chatgpt.com", True),
        ("ab.chatgpt.com", True),
        ("gemini.google.com", True),
        ("docs.google.com", False),
        ("copilot.microsoft.com", True),
        ("www.microsoft.com", False),
        ("neo.character.ai", True),
        ("chat.deepseek.com", True),
        ("notclaude.ai", False),
        ("claude.ai.evil.test", False),
    ],
)
def test_chats_by_name(host: str, chat: bool) -> None:
    assert is_chat(host) is chat


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8) | st.sampled_from(["user", "assistant"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["messages", "role", "content", "author", "prompt", "x"]), inner, max_size=5)
    ),
)


@given(JSON, st.booleans())
def test_never_raises_and_loses_no_text_of_what_it_takes(value: object, known: bool) -> None:
    found = prompts(json.dumps(value).encode(), known)
    assert all(isinstance(item, Typed) and item.text for item in found)
