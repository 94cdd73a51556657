"""What is put in mitmproxy's place, and on which mitmproxy only."""

from __future__ import annotations

from typing import Any

import pytest
from mitmproxy import http as messages
from mitmproxy import version
from mitmproxy.proxy.layers import http, websocket

from hedgerow.proxy import http1, http2, patches
from hedgerow.proxy import websocket as conversations


def test_our_classes_are_the_ones_that_serve() -> None:
    patches.apply()
    patches.apply()
    for ours in (http1.Http1Server, http1.Http1Client, http2.Http2Server):
        assert getattr(http, ours.__name__) is ours
    assert websocket.WebsocketLayer is conversations.WebsocketLayer


def test_this_mitmproxy_is_a_tested_one() -> None:
    assert version.VERSION in patches.TESTED


@pytest.mark.parametrize("other", ["12.2.2", "12.3.0", "13.0.0"])
def test_an_untested_mitmproxy_is_refused(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "VERSION", other)
    with pytest.raises(patches.UntestedMitmproxy, match=other):
        patches.apply()


def test_a_messages_fields_are_not_compared_with_their_annotations() -> None:
    """Comparing took a tenth of a request's time. ``MessageData`` has no other use for the method."""
    patches.apply()
    moment: Any = "any moment"
    assert messages.Response(b"HTTP/1.1", 200, b"OK", messages.Headers(), b"", None, moment, None).status_code == 200
