"""Our HTTP connections in place of mitmproxy's, which has no seam for them. Refuses to run on a version never tested.

mitmproxy crashes on chunked trailers, takes endless heads, forwards bare CR and obs-fold, shows its own error pages,
and reads host names as in 2003 (``hostnames``). The classes are looked up by name in ``mitmproxy.proxy.layers``, which
is what is changed here.
"""

from __future__ import annotations

from mitmproxy import http as messages
from mitmproxy import version
from mitmproxy.net import check
from mitmproxy.net.http import url
from mitmproxy.proxy.layers import http, websocket

from hedgerow.proxy import hostnames
from hedgerow.proxy.http1 import Http1Client, Http1Server
from hedgerow.proxy.http2 import Http2Server
from hedgerow.proxy.websocket import WebsocketLayer

TESTED = ("12.2.3",)


class UntestedMitmproxy(RuntimeError):
    """This mitmproxy may work differently inside; a filter must not find out while it serves."""


def apply() -> None:
    """Put our classes in place; done again, it changes nothing. Raises UntestedMitmproxy."""
    if version.VERSION not in TESTED:
        known = ", ".join(TESTED)
        raise UntestedMitmproxy(f"mitmproxy {version.VERSION} was never tested with Hedgerow (tested: {known})")
    for ours in (Http1Client, Http1Server, Http2Server):
        assert hasattr(http, ours.__name__)
        setattr(http, ours.__name__, ours)
    # Compares every field of every message with its annotation; `python -O` leaves it out, but asserts with it.
    messages.MessageData.__post_init__ = _believe  # type: ignore[method-assign]
    setattr(websocket, WebsocketLayer.__name__, WebsocketLayer)
    for module, name in ((check, "is_valid_host"), (url, "is_valid_host"), (url, "parse_authority")):
        assert hasattr(module, name)
        setattr(module, name, getattr(hostnames, name))


def _believe(_message: messages.MessageData) -> None:
    """The parsers make fields of the right types."""
