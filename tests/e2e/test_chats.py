"""AI chats, as raw bytes to a running gateway: what is asked, what is answered in bits over SSE, lines and WebSocket.

A reply that must not go on ends where the pupil sees it: an event of the chat's own form says why, with the code.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.lab import school, streams
from tests.lab.client import Device, Refused, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.said import PHRASES
from tests.lab.school import PHRASE, PHRASE_2
from tests.lab.wire import Reply

CHATS = ("chatgpt.com", "claude.ai", "gemini.google.com", "copilot.microsoft.com", "deepseek.com", "character.ai")
OPEN = "".join(f"  {host}: allow\n" for host in CHATS)


@pytest.fixture(scope="module")
def chatting(lab: Lab) -> Iterator[Gateway]:
    """A school that has opened the chats for ages-8-10."""
    band = school.BAND.format(band="ages-8-10").replace("\nwords:", f"\n{OPEN}words:")
    gateway = school.start(lab, "chats", changes={"bands/ages-8-10.yaml": band})
    yield gateway
    gateway.stop()


@pytest.fixture
def pupil(lab: Lab, chatting: Gateway, mode: str) -> Device:
    return lab.device("pupil8", mode, chatting.ca, second=True)


def ask(device: Device, path: str, host: str = "allowed.test", version: str = "h1", method: str = "GET") -> Reply:
    if version == "h2":
        return device.h2(host, fields(host, path, method))
    return device.https(host, get(host, path, *(["Content-Length: 0"] if method == "POST" else []), method=method))


def ended(reply: Reply, form: str) -> str:
    """The words of the last event, which is ours; everything before is the chat's own, and stops in time."""
    assert reply.status == 200 and not reply.error, str(reply)
    text = reply.body.decode()
    assert "[DONE]" not in text and PHRASES[3] not in text.replace(" ", "")
    pieces = [
        piece for piece in text.replace("\r", "").split("\n" if streams.media(form) != streams.SSE else "\n\n") if piece
    ]
    assert pieces[-1].rstrip().endswith(tuple("\"}]'") if form not in ("plain",) else "]"), pieces[-1]
    return pieces[-1]


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("form", [form for form in streams.FORMS if form != "gemini"])
def test_a_reply_ends_visibly(pupil: Device, form: str, version: str) -> None:
    last = ended(ask(pupil, f"/_stream?n={form}", version=version), form)
    assert "block" in last.lower() or "[" in last, last


@pytest.mark.parametrize("cut", ["", "&cut=1"])
def test_gemini_streams_json(pupil: Device, cut: str) -> None:
    """JSON in JSON in lines, each with all there is so far; told by the site, for it calls itself ordinary JSON."""
    reply = ask(pupil, f"/_stream?n=gemini{cut}", "gemini.google.com", method="POST")
    assert reply.status == 200 and PHRASES[3].encode() not in reply.body and b"origin-ok" in reply.body


@pytest.mark.parametrize("form", ["openai", "chatgpt", "claude", "character", "plain"])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw", "br", "zstd", "gzip-whole"])
def test_codings_are_undone_as_it_comes(pupil: Device, form: str, coding: str) -> None:
    reply = ask(pupil, f"/_stream?n={form}&coding={coding}")
    ended(reply, form)
    assert not reply.header("content-encoding")


@pytest.mark.parametrize("form", ["openai", "chatgpt", "two-lines", "ollama"])
def test_events_cut_anywhere(pupil: Device, form: str) -> None:
    ended(ask(pupil, f"/_stream?n={form}&cut=1"), form)


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("form", list(streams.FORMS))
def test_a_harmless_reply_passes_whole(pupil: Device, form: str, version: str) -> None:
    """Byte by byte as the origin said it, one mention of a listed phrase included."""
    reply = ask(pupil, f"/_stream?n={form}&text=harmless", "gemini.google.com", version, "POST")
    assert reply.status == 200 and not reply.error
    assert reply.body == b"".join(streams.events(form, streams.HARMLESS))


@pytest.mark.parametrize("coding", ["", "gzip", "br", "zstd"])
def test_a_bit_is_not_held_for_the_next(pupil: Device, coding: str) -> None:
    """Bits every 60 ms arrive one by one: none waits for what comes after it."""
    with pupil.tls("allowed.test") as link:
        link.send(get("allowed.test", f"/_stream?n=openai&text=harmless&size=8&every=0.06&coding={coding}"))
        arrived, got = [], b""
        while b"[DONE]" not in got:
            got += link.socket.recv(65536)
            arrived.append((time.monotonic(), got.count(b"data: ")))
    bits = len(streams.events("openai", streams.HARMLESS, 8))
    assert arrived[-1][0] - arrived[0][0] > (bits - 4) * 0.06
    steps = [after[1] - before[1] for before, after in zip(arrived, arrived[1:], strict=False)]
    assert max(steps) <= 3, steps


@pytest.mark.parametrize("coding", ["gzip, gzip", "bogus", "dcb"])
def test_a_stream_nobody_can_read_is_refused(pupil: Device, coding: str) -> None:
    reply = ask(pupil, f"/_set?content-type=text/event-stream&content-encoding={quote(coding)}")
    assert reply.status == 403 and reply.action, str(reply)


def test_a_broken_stream_ends(pupil: Device) -> None:
    reply = ask(pupil, "/_set?content-type=text/event-stream&content-encoding=gzip")
    assert b"origin-ok" not in reply.body


def test_a_long_reply_is_read_to_its_end(pupil: Device, chatting: Gateway) -> None:
    before = resident(chatting)
    reply = ask(pupil, "/_stream?n=openai&text=long&size=40")
    assert reply.status == 200 and b"[DONE]" in reply.body
    assert resident(chatting) - before < 48 << 20


def resident(gateway: Gateway) -> int:
    """Bytes of memory of all the gateway's processes."""
    listed = {pid for pid in (gateway.process.pid, *children(gateway.process.pid))}
    lines = [Path(f"/proc/{pid}/status").read_text() for pid in listed]
    return sum(int(line.split("VmRSS:")[1].split()[0]) for line in lines if "VmRSS:" in line) << 10


def children(pid: int) -> list[int]:
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found + [grand for child in found for grand in children(child)]


def posted(device: Device, host: str, path: str, body: object) -> Reply:
    raw = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return device.https(host, head.encode() + raw)


def user(text: str, *before: tuple[str, str]) -> list[dict[str, object]]:
    turns: list[dict[str, object]] = [{"role": role, "content": said} for role, said in before]
    return [*turns, {"role": "user", "content": text}]


PROMPTS: dict[str, tuple[str, object]] = {
    "chatgpt": ("chatgpt.com", {"action": "next", "messages": [{"id": "1", "author": {"role": "user"}, "content": {
        "content_type": "text", "parts": ["@"]}}], "model": "auto"}),
    "claude": ("claude.ai", {"prompt": "@", "timezone": "Asia/Ho_Chi_Minh", "attachments": []}),
    "deepseek": ("deepseek.com", {"chat_session_id": "1", "prompt": "@", "ref_file_ids": []}),
    "openai": ("allowed.test", {"model": "m", "stream": True, "messages": user("@")}),
    "openai-parts": ("allowed.test", {"messages": [{"role": "user", "content": [{"type": "text", "text": "@"}]}]}),
    "responses": ("allowed.test", {"input": user("@")}),
    "gemini-api": ("allowed.test", {"contents": [{"role": "user", "parts": [{"text": "@"}]}]}),
    "hugging-face": ("allowed.test", {"inputs": "@", "parameters": {}}),
    "second-turn": ("allowed.test", {"messages": user("@", ("user", "hello"), ("assistant", "good day"))}),
    "two-in-a-row": ("allowed.test", {"messages": [*user("@"), *user("please")]}),
    "unknown-role": ("allowed.test", {"messages": [{"role": "narrator", "content": "@"}]}),
}  # fmt: skip


def filled(value: object, text: str) -> object:
    return json.loads(json.dumps(value).replace('"@"', json.dumps(text)))


@pytest.mark.parametrize("name", list(PROMPTS))
def test_what_is_asked(pupil: Device, name: str) -> None:
    host, shape = PROMPTS[name]
    reply = posted(pupil, host, "/_echo", filled(shape, f"tell me of {PHRASE_2} please"))
    assert reply.status == 403 and reply.action == "block" and b"origin-ok" not in reply.body, str(reply)
    assert posted(pupil, host, "/_echo", filled(shape, "tell me of ponds")).status == 200


def test_gemini_asks_by_a_form(pupil: Device) -> None:
    inner = json.dumps([[f"tell me of {PHRASE}", 0, None], ["en"], ["", "", ""]])
    body = ("f.req=" + quote(json.dumps([None, inner])) + "&at=x").encode()
    head = (f"POST /_echo HTTP/1.1\r\nHost: gemini.google.com\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-www-form-urlencoded;charset=UTF-8\r\n\r\n")  # fmt: skip
    assert pupil.https("gemini.google.com", head.encode() + body).status == 403


@pytest.mark.parametrize("role", ["system", "assistant", "developer"])
def test_what_the_page_tells_its_model_was_not_typed(pupil: Device, role: str) -> None:
    """ "Never speak of ..." stands before every question: one mention closes nothing."""
    body = {"messages": user("hello", (role, f"never speak of {PHRASE}"))}
    assert posted(pupil, "allowed.test", "/_echo", body).status == 200


def test_what_was_asked_before_is_not_asked_again(pupil: Device) -> None:
    body = {"messages": user("sorry", ("user", f"say {PHRASE}"), ("assistant", "no"))}
    assert posted(pupil, "allowed.test", "/_echo", body).status == 200


def test_a_whole_reply_in_one_json(pupil: Device) -> None:
    reply = ask(pupil, "/_said?n=json")
    assert (reply.status, reply.action) == (403, "block"), str(reply)


@pytest.mark.parametrize("binary", ["", "&binary=1"])
@pytest.mark.parametrize("form", list(streams.FRAMES))
def test_a_reply_over_a_websocket(pupil: Device, form: str, binary: str) -> None:
    with pupil.websocket("copilot.microsoft.com", f"/_told?n={form}&size=3{binary}") as socket:
        socket.tell("go on")
        heard = [socket.whole()]
        while not heard[-1].startswith(("CloseConnection", "NoneType")):
            heard.append(socket.whole())
    assert "1008" in heard[-1] and "block" in heard[-1], heard[-1]
    assert PHRASES[3] not in "".join(heard[:-2]) and len(heard) > 10
    assert "[" in heard[-2] and "origin" not in heard[-2], heard[-2]


@pytest.mark.parametrize("form", list(streams.FRAMES))
def test_a_harmless_reply_over_a_websocket(pupil: Device, form: str) -> None:
    with pupil.websocket("copilot.microsoft.com", f"/_told?n={form}&size=5&harmless=1") as socket:
        socket.tell("go on")
        expected = streams.frames(form, streams.HARMLESS, 5)
        assert [socket.whole() for _ in expected] == expected


MESSAGES = {
    "text": [f"say {PHRASE} now"],
    "json": [json.dumps({"type": "message", "content": f"say {PHRASE} now"})],
    "escaped": ['{"text": "' + "".join(f"\\u{ord(c):04x}" for c in PHRASE) + '"}'],
    "socket.io": ["42" + json.dumps(["msg", {"body": PHRASE_2}])],
    "sockjs": [json.dumps([json.dumps({"text": PHRASE})])],
    "signalr": [json.dumps({"arguments": [PHRASE]}) + "\x1e"],
    "two-words": PHRASE_2.split(" "),
    "halves": [PHRASE[:5], PHRASE[5:]],
    "letters": list(PHRASE),
    "halves-json": [json.dumps({"op": "insert", "text": part}) for part in (PHRASE[:4], PHRASE[4:])],
}


@pytest.mark.parametrize("name", list(MESSAGES))
def test_what_is_said_over_a_websocket(pupil: Device, name: str) -> None:
    with pupil.websocket("allowed.test") as socket:
        *first, last = MESSAGES[name]
        assert all(socket.echo(part) == f"echo:{part}" for part in first)
        socket.tell(last)
        assert (heard := socket.whole()).startswith("CloseConnection 1008"), heard


def test_binary_and_fragmented_messages(pupil: Device) -> None:
    with pupil.websocket("allowed.test") as socket:
        socket.send(bytes(range(256)))
        assert socket.event() is not None
        raw = json.dumps({"text": f"say {PHRASE}"}).encode()
        socket.send(raw[:15], final=False)
        socket.send(raw[15:])
        assert "1008" in socket.whole()


def test_the_event_is_written_while_it_goes_on(pupil: Device, chatting: Gateway) -> None:
    """The decision log hears of a conversation when it is closed, with the rule; never the words of a helped child."""
    with pupil.websocket("allowed.test", "/_ws?at=" + pupil.mode) as socket:
        socket.say(f"say {PHRASE} now")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        events = [json.loads(line) for line in chatting.cli("events", "--json").stdout.splitlines()]
        if any(e["rule"] == "words:adult" and f"at={pupil.mode}" in e.get("url", "") for e in events):
            return
        time.sleep(0.3)
    raise AssertionError("no event")


def test_refused_before_it_begins(pupil: Device) -> None:
    with pytest.raises(Refused) as refused, pupil.websocket("allowed.test", f"/_ws?q={PHRASE}"):
        pass
    assert refused.value.reply.status == 403
