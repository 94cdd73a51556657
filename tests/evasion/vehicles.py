"""The ways one spelling of a host can travel: each case of group A goes through all of them."""

from __future__ import annotations

from collections.abc import Callable

from tests.lab.client import Device, Refused
from tests.lab.wire import Reply

Vehicle = Callable[[Device, str], Reply]


def wire(text: str) -> str:
    """Text as UTF-8 bytes in a str that latin-1 writes unchanged: header values are bytes."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def plain(device: Device, host: str) -> Reply:
    """Explicit: absolute form. Transparent: Host, dialled at an allowed address."""
    target = f"http://{wire(host)}/" if device.explicit else "/"
    return device.plain(f"GET {target} HTTP/1.1\r\nHost: {wire(host)}\r\n\r\n".encode("latin-1"))


def host_only(device: Device, host: str) -> Reply:
    """The spelling stands only in Host; the URI (or the dialled address) is the real name's."""
    target = "http://blocked.test/" if device.explicit else "/"
    return device.plain(f"GET {target} HTTP/1.1\r\nHost: {wire(host)}\r\n\r\n".encode("latin-1"), "blocked.test")


def tls_h1(device: Device, host: str) -> Reply:
    return device.https("allowed.test", f"GET / HTTP/1.1\r\nHost: {wire(host)}\r\n\r\n".encode("latin-1"))


def tls_h2(device: Device, host: str) -> Reply:
    authority = wire(host)
    return device.h2(
        "allowed.test", [(":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", "/")]
    )


def connect(device: Device, host: str) -> Reply:
    """CONNECT to the spelling; where that is let in, the inside pretends to be an allowed name."""
    with device.proxy() as link:
        link.send(f"CONNECT {wire(host)}:443 HTTP/1.1\r\nHost: {wire(host)}:443\r\n\r\n".encode("latin-1"))
        reply = link.reply("CONNECT")
        if reply.status != 200:
            return reply
        try:
            link.socket = device.context(("http/1.1",)).wrap_socket(link.socket, server_hostname="allowed.test")
        except OSError as error:
            return Reply(error=f"tls: {error}")
        link.send(b"GET / HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
        return link.reply()


def tunnel_only(device: Device, host: str, sni: str) -> Reply:
    """TLS with ``sni`` to ``host``; whatever comes back before or inside."""
    try:
        with device.tls(host, sni) as link:
            link.send(f"GET / HTTP/1.1\r\nHost: {sni}\r\n\r\n".encode("latin-1"))
            return link.reply()
    except Refused as refused:
        return refused.reply


VEHICLES: dict[str, Vehicle] = {"plain": plain, "host": host_only, "h1": tls_h1, "h2": tls_h2, "connect": connect}
