"""The options the layers read: every one mitmproxy's layers ask for is there, and set as a filter must have it."""

from __future__ import annotations

import re
from pathlib import Path

import mitmproxy.proxy
import pytest

from hedgerow.proxy.settings import Settings, plain_error

LAYERS = Path(mitmproxy.proxy.__file__).parent
UNUSED = {"show_ignored_hosts", "proxyauth", "mode"}  # in layers we never make: SOCKS, DNS


def test_every_option_the_layers_read_is_there() -> None:
    sources = [
        *LAYERS.glob("layers/*.py"),
        *LAYERS.glob("layers/http/*.py"),
        LAYERS / "server.py",
        LAYERS / "tunnel.py",
    ]
    sources = [path for path in sources if "quic" not in path.name and "http3" not in path.name]
    asked = {name for path in sources for name in re.findall(r"context\.options\.(\w+)", path.read_text())}
    assert asked - UNUSED - {name for name in dir(Settings)} == set()


@pytest.mark.parametrize(
    "name, value",
    [
        ("connection_strategy", "lazy"),
        ("rawtcp", False),
        ("validate_inbound_headers", True),
        ("store_streamed_bodies", False),
        ("stream_large_bodies", None),
        ("body_size_limit", None),
    ],
)
def test_what_would_open_the_filter_stays_shut(name: str, value: object) -> None:
    assert getattr(Settings(), name) == value


def test_nobody_changes_them() -> None:
    with pytest.raises(AttributeError):
        Settings().rawtcp = True  # type: ignore[misc]


def test_the_plain_answer_says_nothing_from_outside() -> None:
    status, headers, body = plain_error(502, "upstream")
    assert (status, body) == (502, b"502 upstream\n")
    assert dict(headers)["X-Hedgerow-Action"] == "block"
