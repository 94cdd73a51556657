"""Group G: other protocols. A tunnel carries web pages or nothing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from wsproto.events import BytesMessage
from wsproto.extensions import PerMessageDeflate

from tests.lab import names
from tests.lab.client import Device, Refused, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.school import PHRASE
from tests.lab.verdict import CLOSED, assert_refused, assert_served
from tests.lab.wire import Reply


def connect(device: Device, authority: str) -> Reply:
    with device.proxy() as link:
        link.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        return link.reply("CONNECT")


@pytest.mark.parametrize("host", ["blocked.test", "allowed.test"])
@pytest.mark.parametrize("port", [9999, 22, 25, 1080, 1194, 3389, 9001, 3128, 53, 853])
def test_G01_ports(explicit: Device, watch: Watch, host: str, port: int) -> None:
    assert_refused(connect(explicit, f"{host}:{port}"), {403, 400}, watch, host)
    assert not watch.addresses()


@pytest.mark.parametrize("port", ["9999", "22"])
def test_G01_plain_request_to_a_port(explicit: Device, watch: Watch, port: str) -> None:
    assert_refused(explicit.plain(get(f"allowed.test:{port}", f"http://allowed.test:{port}/")), {403, 400}, watch)
    assert not watch.addresses()


@pytest.mark.parametrize("authority", ["allowed.test", "allowed.test:", "allowed.test:0", ":443",
                                       "allowed.test:443:443",
                                       "http://allowed.test/", "/", "x@allowed.test:443",
                                       "allowed.test:https"])  # fmt: skip
def test_G01_malformed_authorities(explicit: Device, watch: Watch, authority: str) -> None:
    assert_refused(connect(explicit, authority), {400, 403}, watch)
    assert not watch.addresses()


@pytest.mark.parametrize("sni", ["blocked.test", "allowed.test", None], ids=str)
def test_G02_address(pupil: Device, watch: Watch, sni: str | None) -> None:
    """A pupil gets no page by an address alone; with an allowed SNI the name is dialled, not the address."""
    address = names.v4("blocked.test")
    reply = pupil.https(address, get(sni or address), sni=sni)
    assert not watch.touching("blocked.test")
    if sni == "allowed.test" and not pupil.explicit:
        return assert_served(reply)
    assert_refused(reply, {403, 421}, watch)


@pytest.mark.parametrize(
    "data",
    [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00\x00\x00\x0c\x01\x00\x00\x00abcd", b"\x05\x01\x00", b"\x38" * 64,
     b"\x13BitTorrent protocol" + bytes(48), b"EHLO school\r\n"],
    ids=["ssh", "binary", "socks5", "openvpn", "bittorrent", "smtp"],
)  # fmt: skip
@pytest.mark.parametrize("port", [443, 80])
def test_G03_other_protocols(pupil: Device, watch: Watch, data: bytes, port: int) -> None:
    """The client speaks something that is neither TLS nor HTTP."""
    try:
        with pupil.tunnel("allowed.test", port) as link:
            link.send(data)
            got = link.until_closed(0.6)
    except Refused as refused:
        return assert_refused(refused.reply, {400, 403}, watch, "allowed.test")
    assert b"SSH-2.0-lab" not in got and b"origin-ok" not in got
    assert not watch.touching("allowed.test")


@pytest.mark.parametrize("port", [443])
def test_G03_silent_client(pupil: Device, watch: Watch, port: int) -> None:
    """A server-first protocol: the client waits. Nothing is dialled, and the connection ends within the deadline."""
    try:
        with pupil.tunnel("allowed.test", port) as link:
            link.socket.settimeout(14)
            assert link.more() == b"", "closed by the gateway"
    except Refused as refused:
        assert_refused(refused.reply, {400, 403}, watch)
    assert not watch.touching("allowed.test")


@pytest.mark.parametrize("host, statuses", [("blocked.test", {400, 403}), ("allowed.test", {200, 400, 403})])
def test_G04_plain_http_on_443(pupil: Device, watch: Watch, host: str, statuses: set[int]) -> None:
    try:
        with pupil.tunnel(host, 443) as link:
            link.send(get(host))
            reply = link.reply()
    except Refused as refused:
        reply = refused.reply
    assert reply.status in {*statuses, CLOSED}, str(reply)
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("host", ["blocked.test", "allowed.test"])
def test_G04_tls_on_80(pupil: Device, watch: Watch, host: str) -> None:
    """Judged as TLS or closed; the blocked site is never reached."""
    reply = replace(pupil, timeout=3).https(host, port=80)
    assert not watch.touching("blocked.test")
    if host == "blocked.test":
        assert_refused(reply, {403, 400, CLOSED}, watch)


QUESTION = b"\0\0\1\0\0\1\0\0\0\0\0\0\x07blocked\x04test\0\0\1\0\1"
ASKED = base64.urlsafe_b64encode(QUESTION).decode().rstrip("=")
DOH = {
    "G12-post": (("POST", "/dns-query"), ("Content-Type: application/dns-message", f"Content-Length: {len(QUESTION)}")),
    "G12-get": (("GET", f"/dns-query?dns={ASKED}"), ("Accept: application/dns-message",)),
    "G12-other-path": (("GET", f"/a?b=c&dns={ASKED}"), ()),
    "G12-json": (("GET", "/resolve?name=blocked.test&type=A"), ()),
    "G12-json-accept": (("GET", "/x?y=blocked.test"), ("Accept: application/dns-json",)),
}


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
@pytest.mark.parametrize("asked, extra", [pytest.param(*case, id=name) for name, case in DOH.items()])
@pytest.mark.parametrize("host", ["dns.google", "monitored.test", "unlisted.test"])
def test_G12_doh(
    teen: Device, watch: Watch, host: str, asked: tuple[str, str], extra: tuple[str, ...], vehicle: str
) -> None:
    """A listed name server, one nobody knows, a site that is open otherwise: 403 by what is asked, not by the host."""
    method, path = asked
    body = QUESTION if method == "POST" else b""
    if vehicle == "h1":
        reply = teen.https(host, get(host, path, *extra, method=method) + body, method=method)
    else:
        pairs = [(name.lower(), value) for name, value in (line.split(": ") for line in extra)]
        reply = teen.h2(host, [*fields(host, path, method=method), *pairs], body or None)
    assert_refused(reply, {403}, watch)
    assert reply.action == "block" and not watch.requests(host)


def test_G12_what_only_looks_like_it(teen: Device, watch: Watch) -> None:
    for path in ("/settings?dns=1.1.1.1", "/resolve?name=Anna", "/resolve?name=a.b&ticket=7"):
        assert_served(teen.https("monitored.test", get("monitored.test", path)))


@pytest.mark.parametrize("alpn", ["ssh/1.0", "acme-tls/1", "dot", "doq", "h3", "spdy/3", "http/0.9"])
def test_G06_alpn(pupil: Device, watch: Watch, alpn: str) -> None:
    try:
        with pupil.tls("allowed.test", alpn=(alpn,)) as link:
            link.send(b"SSH-2.0-x\r\n")
            got = link.until_closed(3)
        assert b"origin-ok" not in got
    except Refused as refused:
        assert refused.reply.status in (CLOSED, 400, 403)
    assert not watch.requests()


def test_G07_websocket_to_an_allowed_name(pupil: Device) -> None:
    with pupil.websocket("allowed.test") as socket:
        assert [socket.echo(text) for text in ("pond", "frog", "x" * 70000)][:2] == ["echo:pond", "echo:frog"]


def test_G07_websocket_to_a_blocked_name(pupil: Device, watch: Watch) -> None:
    with pytest.raises(Refused) as refused, pupil.websocket("blocked.test"):
        pass
    assert_refused(refused.value.reply, {403}, watch, "blocked.test")


def test_G07_words_in_a_message(pupil: Device, watch: Watch) -> None:
    """The message does not reach the origin, and the conversation is closed as forbidden by policy."""
    with pupil.websocket("allowed.test") as socket:
        assert socket.echo("pond") == "echo:pond"
        socket.tell(f"say {PHRASE} now")
        assert socket.whole().startswith("CloseConnection 1008 hedgerow: block ")


@pytest.mark.parametrize("kind", ["binary", "fragmented", "deflated", "split", "json"])
def test_G07_however_it_is_sent(pupil: Device, kind: str) -> None:
    offered = [PerMessageDeflate()] if kind == "deflated" else []
    with pupil.websocket("allowed.test", extensions=offered) as socket:
        raw = f"say {PHRASE} now".encode()
        if kind == "binary":
            socket.send(raw)
        elif kind == "fragmented":
            for at in range(0, len(raw), 3):
                socket.send(raw[at : at + 3], final=at + 3 >= len(raw))
        elif kind == "split":
            assert socket.echo(PHRASE[:6]) == f"echo:{PHRASE[:6]}"
            socket.tell(PHRASE[6:])
        else:
            socket.tell(json.dumps({"text": raw.decode()}))
        assert socket.whole().startswith("CloseConnection 1008"), kind


def test_G07_binary_that_is_no_text_passes(pupil: Device) -> None:
    with pupil.websocket("allowed.test") as socket:
        socket.send(bytes(range(256)) + PHRASE.encode())
        event = socket.event()
        assert isinstance(event, BytesMessage) and PHRASE.encode() in bytes(event.data)


H2_CONNECTS = {
    "G09-h2-connect": [(":method", "CONNECT"), (":authority", "blocked.test:443")],
    "G09-h2-connect-allowed": [(":method", "CONNECT"), (":authority", "allowed.test:443")],
    "G09-extended": [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"),
                     (":authority", "allowed.test"), (":path", "/_ws")],
    "G09-connect-udp": [(":method", "CONNECT"), (":protocol", "connect-udp"), (":scheme", "https"),
                        (":authority", "allowed.test"), (":path", "/.well-known/masque/udp/1.1.1.1/443/")],
    "G09-connect-ip": [(":method", "CONNECT"), (":protocol", "connect-ip"), (":scheme", "https"),
                       (":authority", "allowed.test"), (":path", "/")],
}  # fmt: skip


@pytest.mark.parametrize("headers", [pytest.param(h, id=name) for name, h in H2_CONNECTS.items()])
def test_h2_connect(pupil: Device, watch: Watch, headers: list[tuple[str, str]]) -> None:
    assert_refused(pupil.h2("allowed.test", headers), {400, 403, 405, 421, 501, CLOSED}, watch, "blocked.test")
    assert not watch.requests()


def test_G09_masque_over_h1(pupil: Device, watch: Watch) -> None:
    extra = ("Connection: Upgrade", "Upgrade: connect-udp", "Capsule-Protocol: ?1")
    reply = pupil.https("allowed.test", get("allowed.test", "/_switch", *extra))
    assert reply.status in (400, 403, 502), str(reply)


def test_G11_chained_proxy_port(explicit: Device, watch: Watch) -> None:
    assert_refused(connect(explicit, "other-proxy.test:3128"), {400, 403}, watch, "other-proxy.test")


@pytest.mark.parametrize("line", ["CONNECT blocked.test:443 HTTP/1.1", "CONNECT allowed.test:443 HTTP/1.1"])
def test_G11_connect_inside_a_tunnel(pupil: Device, watch: Watch, line: str) -> None:
    """A tunnel in the tunnel, in the clear: never opened."""
    try:
        with pupil.tunnel("allowed.test", 443) as link:
            link.send(f"{line}\r\nHost: blocked.test:443\r\n\r\n".encode())
            reply = link.reply("CONNECT")
    except Refused as refused:
        reply = refused.reply
    assert_refused(reply, {400, 403, 405, 421, CLOSED}, watch, "blocked.test", "allowed.test")


@pytest.mark.parametrize("line", ["CONNECT blocked.test:443 HTTP/1.1", "CONNECT allowed.test:443 HTTP/1.1"])
def test_G21_connect_inside_tls(pupil: Device, watch: Watch, line: str) -> None:
    """A secure web proxy on 443, as VPN extensions use."""
    reply = pupil.https("allowed.test", f"{line}\r\nHost: blocked.test:443\r\n\r\n".encode(), method="CONNECT")
    assert_refused(reply, {400, 403, 405, 421, CLOSED}, watch, "blocked.test")
    assert not watch.requests()


def test_G21_absolute_uri_inside_tls(pupil: Device, watch: Watch) -> None:
    reply = pupil.https("allowed.test", get("allowed.test", "http://blocked.test/"))
    assert_refused(reply, {400, 403, 421}, watch, "blocked.test")


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
def test_G16_alt_svc(pupil: Device, vehicle: str) -> None:
    path = "/_set?alt-svc=h3%3D%22%3A443%22&x-pond=1&alternate-protocol=quic"
    reply = (
        pupil.http("allowed.test", path)
        if vehicle == "plain"
        else pupil.https("allowed.test", get("allowed.test", path))
        if vehicle == "h1"
        else pupil.h2("allowed.test", fields("allowed.test", path))
    )
    assert reply.status == 200 and reply.header("x-pond") == "1"
    assert not reply.header("alt-svc")


@pytest.mark.parametrize("target", ["ftp://blocked.test/", "gopher://blocked.test/", "ws://blocked.test/", "wss://blocked.test/",
                                    "file:///etc/passwd", "ftp://allowed.test/x", "javascript:alert(1)", "https://blocked.test/",
                                    "data:text/html,x", "ws://allowed.test/"])  # fmt: skip
def test_G25_schemes(explicit: Device, watch: Watch, target: str) -> None:
    host = "blocked.test" if "blocked" in target else "allowed.test"
    assert_refused(explicit.plain(get(host, target)), {400, 403}, watch, host)


def test_I02_proxy_protocol_is_not_spoken(pupil: Device, watch: Watch) -> None:
    """A header that claims another source address."""
    data = b"PROXY TCP4 10.20.40.10 10.20.0.1 5000 8080\r\n"
    target = "http://blocked.test/" if pupil.explicit else "/"
    assert_refused(
        pupil.plain(data + get("blocked.test", target), "blocked.test"), {400, CLOSED}, watch, "blocked.test"
    )
    binary = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c" + bytes(12)
    assert_refused(
        pupil.plain(binary + get("blocked.test", target), "blocked.test"), {400, CLOSED}, watch, "blocked.test"
    )
