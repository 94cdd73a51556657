"""Group J: certificates, both sides."""

from __future__ import annotations

import datetime
import os
import ssl
import stat
import subprocess
import warnings
from pathlib import Path

import pytest
from cryptography import x509

from tests.evasion.hello import server_names, with_server_names
from tests.lab.client import Device, Refused, get
from tests.lab.contacts import Watch
from tests.lab.gateway import BIN, Gateway
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Link

ROOT = Path(__file__).parents[2]
ORIGIN = "Lab Internet Root"
BAD = ["expired", "selfsigned", "wronghost", "untrusted", "incomplete", "weakkey", "oldtls", "sha1", "sha1middle"]


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("name", BAD)
def test_J01_J03_upstream_certificates(pupil: Device, watch: Watch, name: str, version: str) -> None:
    """A page of ours with the school's certificate; no way to go on; no request reaches the origin."""
    host = f"{name}.test"
    reply = pupil.https(host) if version == "h1" else pupil.h2(host)
    assert_refused(reply, {502}, watch)
    assert not watch.requests(host)
    assert b"<form" not in reply.body and b"continue" not in reply.header("content-security-policy").encode()


def test_J02_revoked_certificates_are_a_published_limit() -> None:
    """There is no revocation check, and a head teacher can read so."""
    limits = (ROOT / "deploy" / "LIMITS.md").read_text(encoding="utf-8")
    assert "that was revoked is not noticed" in " ".join(limits.split())


def test_J06_a_pinned_app_passes_where_all_names_agree(pupil: Device, watch: Watch) -> None:
    """It sees its own certificate, dialled at our own answer for the name."""
    reply = pupil.https("pinned.test")
    assert_served(reply)
    assert reply.issuer == ORIGIN and watch.requests("pinned.test")


@pytest.mark.parametrize(
    "to, sni",
    [("blocked.test", "pinned.test"), ("pinned.test", "allowed.test"), ("allowed.test", "pinned.test")]
    + [("45.90.10.10", "pinned.test"), ("45.90.10.28", "pinned.test"), ("45.90.10.36", "pinned.test")]
    + [("pinned.test", "notpinned.test")],
)
def test_J06_and_nowhere_else(explicit: Device, watch: Watch, to: str, sni: str) -> None:
    """CONNECT or address, server name and our DNS say three things: never a tunnel to where the client points."""
    reply = explicit.https(to, get(sni), sni=sni)
    assert reply.issuer != ORIGIN and not reply.from_origin, f"{to} {sni}: {reply}"
    assert not watch.requests("blocked.test") and not {"45.90.10.10", "45.90.10.28"} & watch.addresses()


def test_J06_transparent(transparent: Device, watch: Watch) -> None:
    """The address a client dials is not asked: the pinned name is dialled where our DNS says it lives."""
    with transparent.tls("evil.test", "pinned.test") as link:
        link.send(get("pinned.test"))
        assert link.reply().from_origin
    assert watch.touching("pinned.test") and "45.90.10.28" not in watch.addresses()


def test_J04_old_tls_from_the_client(pupil: Device, watch: Watch) -> None:
    context = pupil.context(())
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pupil.tunnel("allowed.test") as link, pytest.raises(OSError):
        context.wrap_socket(link.socket, server_hostname="allowed.test")
    assert not watch.requests()


@pytest.mark.parametrize("host", ["allowed.test", "blocked.test"])
def test_J05_client_without_the_school_ca(pupil: Device, watch: Watch, host: str) -> None:
    context = ssl.create_default_context()
    with pupil.tunnel(host) as link, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(link.socket, server_hostname=host)
    assert not watch.requests()


def test_J07_client_certificate_wanted(pupil: Device, watch: Watch) -> None:
    reply = pupil.https("mtls.test")
    assert_refused(reply, {502}, watch)
    assert not watch.requests("mtls.test")


def handshake(device: Device, host: str, pieces: int, padding: int = 0) -> bytes:
    """TLS by hand, its first flight in pieces of that many bytes; the answer to a GET inside."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    alpn = ["http/1.1", *(f"{n:03d}".ljust(250, "x") for n in range(padding))]
    tls = device.context(alpn).wrap_bio(incoming, outgoing, server_hostname=host)
    with device.tunnel(host) as link:
        first = True
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                data = outgoing.read()
                step = pieces if first else len(data) or 1
                first = False
                for at in range(0, len(data), step):
                    link.send(data[at : at + step])
                incoming.write(_some(link))
        tls.write(get(host))
        link.send(outgoing.read())
        return _answer(tls, link, incoming)


def _some(link: Link) -> bytes:
    data = link.socket.recv(65536)
    if not data:
        raise ConnectionError("closed during the handshake")
    return data


def _answer(tls: ssl.SSLObject, link: Link, incoming: ssl.MemoryBIO) -> bytes:
    got = b""
    while b"</html>" not in got and b"hedgerow" not in got.lower():
        try:
            got += tls.read(65536)
        except ssl.SSLWantReadError:
            incoming.write(_some(link))
    return got


@pytest.mark.parametrize(
    "pieces, padding", [(1, 0), (3, 0), (65536, 70), (1000, 70)], ids=["bytes", "threes", "17K", "17K-cut"]
)
def test_J08_hello_in_pieces(pupil: Device, watch: Watch, pieces: int, padding: int) -> None:
    """The same verdict however the ClientHello arrives; one over 16 KB spans two records."""
    try:
        assert b"origin-ok" in handshake(pupil, "allowed.test", pieces, padding)
    except (ConnectionError, ssl.SSLError):
        assert padding, "an ordinary hello must work in any pieces"
    try:
        assert b"x-hedgerow-action: block" in handshake(pupil, "blocked.test", pieces, padding).lower()
    except (ConnectionError, ssl.SSLError):
        assert padding
    except Refused as refused:
        assert refused.reply.status == 403
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("host", ["allowed.test", "bank.test"])
@pytest.mark.parametrize(
    "names",
    [[b"allo\x00ed.test"], [b"allowed.test\x00.blocked.test"], [b"allowed.test", b"blocked.test"], [b"bank.test",
                                                                                                    b"blocked.test"],
     [b"blocked.test", b"bank.test"], [b""], [b"blocked.test"], [b"bank.test\x00"], [b"*.test"], [b"10.99.0.1"],
     [b"a" * 300]],
    ids=repr,
)  # fmt: skip
def test_J08_server_names(pupil: Device, watch: Watch, names: list[bytes], host: str) -> None:
    """A hello whose names were edited cannot finish decrypted; passed on undecrypted it must not be."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = pupil.context(("http/1.1",)).wrap_bio(incoming, outgoing, server_hostname="template.test")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    hello = with_server_names(outgoing.read(), names)
    assert server_names(hello) == names
    try:
        with pupil.tunnel(host) as link:
            link.send(hello)
            link.until_closed(0.4)
    except Refused:
        pass
    assert not [c for c in watch.all() if c.kind == "tls" and c.name == "blocked.test"]
    assert not watch.touching("blocked.test") and "10.99.0.1" not in watch.addresses()


def test_J09_resumed_sessions_are_judged(pupil: Device, watch: Watch) -> None:
    context = pupil.context(("http/1.1",))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = None
    for host, status in (("allowed.test", 200), ("blocked.test", 403), ("allowed.test", 200)):
        with pupil.tunnel(host) as link:
            secure = context.wrap_socket(link.socket, server_hostname=host, session=session)
            with Link(secure) as inner:
                inner.send(get(host))
                assert inner.reply().status == status
                session = secure.session
    assert not watch.touching("blocked.test")


def test_J10_the_key_is_private(gateway: Gateway) -> None:
    for folder, _, files in os.walk(gateway.state / "ca"):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        for name in files:
            path = Path(folder) / name
            if b"PRIVATE KEY" in path.read_bytes():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.parametrize("host", ["allowed.test", "blocked.test"])
def test_J11_leaves(pupil: Device, host: str) -> None:
    with pupil.tls(host) as link:
        assert isinstance(link.socket, ssl.SSLSocket)
        leaf = x509.load_der_x509_certificate(link.socket.getpeercert(binary_form=True) or b"")
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [host] and len(names) == 1
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < datetime.timedelta(days=200)


@pytest.mark.parametrize("name", ["SSLKEYLOGFILE", "MITMPROXY_SSLKEYLOGFILE"])
def test_J12_refuses_to_log_tls_secrets(gateway: Gateway, tmp_path: Path, name: str) -> None:
    command = [str(BIN / "hedgerow"), "serve", "--policies", str(gateway.policies), "--blocklists",
               str(gateway.blocklists),
               "--state", str(tmp_path / "state"), "--listen", "127.0.0.1:0", "--mode", "regular", "--workers", "1",
               "--metrics", "127.0.0.1:0"]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=20, env={**os.environ, name: str(tmp_path / "keys")}
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert name in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "keys").exists()


def test_no_bypass_by_falling_back(pupil: Device) -> None:
    """After all the broken hellos the next ordinary client is served."""
    assert_served(pupil.https("allowed.test"))
