"""Replies that come bit by bit, in the forms that AI chats have: each says four listed phrases, letter by letter.

To add a chat's form: a function ``(bit, so_far, number) -> event``, its name in ``FORMS``.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from .said import ALL, PHRASES

TOLD = f"origin-ok now {ALL} and more"
HARMLESS = "origin-ok The pond is deep. " + f"Once {PHRASES[0]}, then frogs and hedges. " * 2
SSE, LINES, JSON = "text/event-stream", "application/x-ndjson", "application/json; charset=utf-8"

Form = Callable[[str, str, int], str]


def _sse(value: object, name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(value)}\n\n"


def _chatgpt(bit: str, so_far: str, number: int) -> str:
    patch = {"p": "/message/content/parts/0", "o": "append", "v": bit} if not number else {"v": bit}
    return _sse(patch, "delta")


def _gemini(bit: str, so_far: str, number: int) -> str:
    inner = json.dumps([None, ["c_1", "r_2"], None, None, [["rc_3", [so_far], None]]])
    line = json.dumps([["wrb.fr", None, inner]])
    return f"{len(line)}\n{line}\n"


def _responses(bit: str, so_far: str, number: int) -> str:
    return _sse({"type": "response.output_text.delta", "item_id": "msg_1", "delta": bit}, "response.output_text.delta")


FORMS: dict[str, tuple[str, Form]] = {
    "openai": (SSE, lambda bit, far, n: _sse({"object": "chat.completion.chunk", "model": "gpt-4o-mini-2024-07-18",
                                              "choices": [{"index": 0, "delta": {"content": bit}}]})),
    "responses": (SSE, _responses),
    "chatgpt": (SSE, _chatgpt),
    "chatgpt-parts": (SSE, lambda bit, far, n: _sse({"message": {"id": "a1", "author": {"role": "assistant"},
                                                     "content": {"content_type": "text", "parts": [far]}}})),
    "claude": (SSE, lambda bit, far, n: _sse({"type": "content_block_delta", "index": 0,
                                              "delta": {"type": "text_delta", "text": bit}}, "content_block_delta")),
    "claude-old": (SSE, lambda bit, far, n: _sse({"completion": bit, "stop_reason": None}, "completion")),
    "deepseek": (SSE, lambda bit, far, n: _sse({"v": bit, "p": "response/content", "o": "APPEND"})),
    "gemini-api": (SSE, lambda bit, far, n: _sse({"candidates": [{"content": {"parts": [{"text": bit}],
                                                                              "role": "model"}}]})),
    "gemini": (JSON, _gemini),
    "character": (LINES, lambda bit, far, n: json.dumps({"turn": {"candidates": [{"raw_content": far}]}}) + "\n"),
    "ollama": (LINES, lambda bit, far, n: json.dumps({"model": "llama3", "message": {"role": "assistant",
                                                      "content": bit}, "done": False}) + "\n"),
    "plain": (SSE, lambda bit, far, n: f"data: {bit}\n\n"),
    "crlf": (SSE, lambda bit, far, n: f"id: {n}\r\ndata: {json.dumps({'text': bit})}\r\n\r\n"),
    "two-lines": (SSE, lambda bit, far, n: f'data: {{"text":\ndata: {json.dumps(bit)}}}\n\n'),
    "escaped": (SSE, lambda bit, far, n: 'data: {"text": "' + "".join(f"\\u{ord(c):04x}" for c in bit) + '"}\n\n'),
    "inside": (SSE, lambda bit, far, n: _sse({"data": json.dumps({"text": bit})})),
}  # fmt: skip
DONE = "data: [DONE]\n\n"


def events(form: str, text: str = TOLD, size: int = 3) -> list[bytes]:
    """The whole reply."""
    kind, make = FORMS[form]
    bits = [text[at : at + size] for at in range(0, len(text), size)]
    made = [make(bit, "".join(bits[: n + 1]), n).encode() for n, bit in enumerate(bits)]
    return [*made, DONE.encode()] if kind == SSE else made


def media(form: str) -> str:
    return FORMS[form][0]


def packed(coding: str, pieces: list[bytes]) -> Iterator[bytes]:
    """Each piece flushed, as a server that streams does."""
    if coding in ("gzip", "deflate", "raw"):
        zlibbed = zlib.compressobj(wbits={"gzip": 31, "deflate": 15, "raw": -15}[coding])
        yield from (zlibbed.compress(piece) + zlibbed.flush(zlib.Z_SYNC_FLUSH) for piece in pieces)
        yield zlibbed.flush()
    elif coding == "br":
        brotlied = brotli.Compressor()
        yield from (brotlied.process(piece) + brotlied.flush() for piece in pieces)
        yield brotlied.finish()
    elif coding == "zstd":
        zstded = zstandard.ZstdCompressor().compressobj()
        yield from (zstded.compress(piece) + zstded.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) for piece in pieces)
        yield zstded.flush()
    elif coding == "gzip-whole":
        yield gzip.compress(b"".join(pieces))
    else:
        yield from pieces


FRAMES: dict[str, Form] = {
    "copilot": lambda bit, far, n: json.dumps({"event": "appendText", "messageId": "m1", "partId": "0", "text": bit}),
    "character": lambda bit, far, n: json.dumps({"command": "update_turn", "turn": {"candidates": [
        {"candidate_id": "c1", "raw_content": far}]}}),
    "signalr": lambda bit, far, n: json.dumps({"type": 1, "target": "update", "arguments": [{"text": bit}]}) + "\x1e",
    "socket.io": lambda bit, far, n: "42" + json.dumps(["token", {"text": bit}]),
    "plain": lambda bit, far, n: bit,
}  # fmt: skip


def frames(form: str, text: str = TOLD, size: int = 3) -> list[str]:
    bits = [text[at : at + size] for at in range(0, len(text), size)]
    return [FRAMES[form](bit, "".join(bits[: n + 1]), n) for n, bit in enumerate(bits)]
