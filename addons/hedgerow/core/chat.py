"""AI chats: which sites are one, and what a posted JSON asks of a model.

A chat sends the whole conversation with each question. Only what the person says now was typed now; what stood before,
and what the page tells the model to be, is read as a page is. To add a chat: a host in ``CHATS`` and a row in the test;
its posts and streams are read by their shape, whatever it is called.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from hedgerow.core.hosts import registrable
from hedgerow.core.model import Channel, Typed
from hedgerow.core.posted import bounded
from hedgerow.core.query import decode_bytes
from hedgerow.core.streamed import strings

CHATS = frozenset(
    "chatgpt.com openai.com oaiusercontent.com claude.ai anthropic.com gemini.google.com bard.google.com "
    "aistudio.google.com notebooklm.google.com generativelanguage.googleapis.com copilot.microsoft.com "
    "sydney.bing.com deepseek.com character.ai c.ai poe.com perplexity.ai you.com pi.ai grok.com x.ai meta.ai "
    "mistral.ai huggingface.co replika.com replika.ai janitorai.com chai-research.com crushon.ai talkie-ai.com "
    "spicychat.ai polybuzz.ai chub.ai candy.ai kimi.com moonshot.cn qwen.ai tongyi.com doubao.com duck.ai giga.chat "
    "alice.yandex.ru yiyan.baidu.com chat.baidu.com my.snapchat.com phind.com groq.com openrouter.ai cohere.com".split()
)
"""Sites whose other side is a machine: what it sends is a reply, not another person's message."""

_TURNS = ("messages", "contents", "input", "inputs", "history", "conversation", "chat_history", "turns")
_MACHINE = frozenset("assistant model ai bot system tool function developer gpt chatbot".split())


def is_chat(host: str) -> bool:
    """True when ``host`` (canonical) is an AI chat by name."""
    return host in CHATS or registrable(host) in CHATS


def prompts(body: bytes, known: bool = False) -> tuple[Typed, ...]:
    """What this JSON asks of a model: () when it has not the shape of a question (then it is an ordinary post).

    ``body`` is without content encoding; ``known``: it goes to a chat by name. Never raises.
    """
    if body[:64].lstrip()[:1] != b"{":
        return ()
    try:
        asked = json.loads(decode_bytes(body)[0])
    except (ValueError, RecursionError):
        return ()
    turns = _turns(asked)
    if turns:
        now, before = _split(turns)
        rest = {key: value for key, value in asked.items() if value is not turns}
        return (*_typed(Channel.PROMPT, now), *_typed(Channel.REPLY, _joined([before, rest])))
    if known or "prompt" in asked:
        return _typed(Channel.PROMPT, [text for _, text in strings(asked)])
    return ()


def _turns(asked: dict[str, object]) -> list[dict[str, object]]:
    """The conversation: a list of objects that say who speaks."""
    for key in _TURNS:
        value = asked.get(key)
        if isinstance(value, list) and value and all(isinstance(turn, dict) and _role(turn) for turn in value):
            return value
    return []


def _role(turn: dict[str, object]) -> str:
    author = turn.get("author")
    found = author.get("role") if isinstance(author, dict) else turn.get("role") or turn.get("sender")
    return found.lower() if isinstance(found, str) else ""


def _split(turns: list[dict[str, object]]) -> tuple[list[str], list[object]]:
    """The person's last words, and all that was said before or by others."""
    last = next((n for n in reversed(range(len(turns))) if _role(turns[n]) not in _MACHINE), -1)
    begin = last
    while begin > 0 and _role(turns[begin - 1]) not in _MACHINE:
        begin -= 1
    now = [text for turn in turns[max(begin, 0) : last + 1] for text in _said(turn)]
    return now, [*turns[: max(begin, 0)], *turns[last + 1 :]]


def _said(turn: dict[str, object]) -> Iterator[str]:
    whose = ("role", "sender", "author", "id", "type")
    return (text for _, text in strings({key: value for key, value in turn.items() if key not in whose}))


def _joined(values: list[object]) -> list[str]:
    text = "\n".join(text for _, text in strings(values))
    return [text] if text else []


def _typed(channel: Channel, texts: list[str]) -> tuple[Typed, ...]:
    return tuple(Typed(channel, text) for text in bounded(filter(None, map(str.strip, texts))))
