"""Ask the running gateway for one URL as a pupil's device would, and say what happened in the words of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hedgerow.core.hosts import canonical_host
from hedgerow.core.urls import parse_url
from tests.lab.client import Device
from tests.lab.wire import Reply

BANDS = {"ages-8-10": "pupil8", "ages-14-17": "pupil14"}
TABLE = Path(__file__).parent / "expected.yaml"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of ``expected.yaml``."""

    url: str
    category: str
    kind: str
    expected: Mapping[str, str]  # band -> action


def rows() -> list[Row]:
    told: list[dict[str, Any]] = yaml.load(TABLE.read_text(), yaml.BaseLoader)
    return [Row(t["url"], t["category"], t["kind"], {band: t[band] for band in BANDS}) for t in told]


def ask(device: Device, url: str, version: str) -> Reply:
    """A GET of ``url`` over h1 or h2, as a browser sends it: case and dots as written, other alphabets and %xx as the
    name they stand for (their raw bytes are the business of tests/evasion)."""
    target = parse_url(url)
    name = canonical_host(target.host_raw)
    raw = target.host_raw if target.host_raw.isascii() and "%" not in target.host_raw else name
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    if target.scheme == "http":
        return device.http(raw, path)
    if version == "h2":
        head = [(":method", "GET"), (":scheme", "https"), (":authority", raw), (":path", path)]
        return device.h2(name, head, port=target.port)
    data = f"GET {path} HTTP/1.1\r\nHost: {raw}\r\nAccept: text/html\r\n\r\n".encode()
    return device.https(name, data, port=target.port)


def told(reply: Reply) -> str:
    """allow (monitor looks the same from outside), warn, limit, help, block, or what went wrong."""
    if reply.status == 200 and reply.from_origin and not reply.action:
        return "allow"
    return reply.action or str(reply)


def agrees(reply: Reply, expected: str) -> bool:
    return told(reply) == ("allow" if expected == "monitor" else expected)
