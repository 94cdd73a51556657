"""The form and the language of an answer. Neither ever changes the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hedgerow.proxy.pages.model import AnswerType

_BY_DESTINATION = {
    "document": AnswerType.PAGE,
    "iframe": AnswerType.FRAME,
    "frame": AnswerType.FRAME,
    "fencedframe": AnswerType.FRAME,
    "embed": AnswerType.FRAME,
    "object": AnswerType.FRAME,
    "image": AnswerType.IMAGE,
    "script": AnswerType.SCRIPT,
    "serviceworker": AnswerType.SCRIPT,
    "worker": AnswerType.SCRIPT,
    "sharedworker": AnswerType.SCRIPT,
    "audioworklet": AnswerType.SCRIPT,
    "paintworklet": AnswerType.SCRIPT,
    "style": AnswerType.STYLE,
    "xslt": AnswerType.EMPTY,
    "font": AnswerType.FONT,
    "audio": AnswerType.AUDIO,
    "video": AnswerType.VIDEO,
    "track": AnswerType.TRACK,
    "manifest": AnswerType.JSON,
    "json": AnswerType.JSON,
    "report": AnswerType.EMPTY,
}
"""Sec-Fetch-Dest (W3C Fetch Metadata) to form. "empty" is fetch() and XHR: they say what they accept, but a page of
ours is for people: a script of the same site would read the token in it and answer in the person's name."""

_BY_ENDING = {
    **dict.fromkeys(("js", "mjs"), AnswerType.SCRIPT),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp"), AnswerType.IMAGE),
    **dict.fromkeys(("woff", "woff2", "ttf", "otf"), AnswerType.FONT),
    **dict.fromkeys(("mp3", "m4a", "ogg", "wav"), AnswerType.AUDIO),
    **dict.fromkeys(("mp4", "webm", "m3u8", "ts", "m4s"), AnswerType.VIDEO),
    **dict.fromkeys(("json", "webmanifest"), AnswerType.JSON),
    "css": AnswerType.STYLE,
    "vtt": AnswerType.TRACK,
}
"""The end of the path, where a client accepts anything: browsers send no Sec-Fetch-Dest over plain http."""

_TAKES_A_PAGE = ("*/*", "text/*")
"""Who names neither these nor HTML asks for one thing alone: events, XML, an answer of a name service."""
_MACHINES = ("application/grpc", "application/dns-message")
"""What programs send each other, whatever they accept."""


def choose_answer(method: str, headers: Mapping[str, str], upgrade: str = "", path: str = "") -> AnswerType:
    """What the client can show: by Sec-Fetch-Dest where there is one, else by Accept, at last by the path's end."""
    if method == "HEAD":
        return AnswerType.HEAD
    if upgrade or method == "OPTIONS":
        return AnswerType.EMPTY
    destination = headers.get("sec-fetch-dest", "").lower()
    if destination in _BY_DESTINATION:
        return _BY_DESTINATION[destination]
    accept = headers.get("accept", "").lower()
    if "html" in accept and destination != "empty":
        return AnswerType.PAGE
    if "json" in accept or headers.get("x-requested-with", "").lower() == "xmlhttprequest" or destination == "empty":
        return AnswerType.JSON
    if accept.startswith("image/"):
        return AnswerType.IMAGE
    if accept.startswith("text/css"):
        return AnswerType.STYLE
    if accept.startswith("text/plain"):
        return AnswerType.TEXT
    by_machine = accept and not any(anything in accept for anything in _TAKES_A_PAGE)
    sends_frames = headers.get("content-type", "").lower().startswith(_MACHINES)
    last = AnswerType.EMPTY if by_machine or sends_frames else AnswerType.PAGE
    return _BY_ENDING.get(path.rpartition(".")[2].lower(), last)


def choose_language(accept_language: str, offered: Sequence[str]) -> str:
    """The offered language the reader prefers (RFC 9110 12.5.4), else the first offered. Never raises."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:512].split(",")):
        tag, _, parameters = part.strip().partition(";")
        wanted.append((-_quality(parameters), place, tag.partition("-")[0].strip().lower()))
    for quality, _, language in sorted(wanted):
        if quality < 0 and language in offered:
            return language
    return offered[0] if offered else "en"


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0
