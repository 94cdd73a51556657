"""TLS on both sides: real certificates are checked, ours name one host, and only HTTP is spoken inside."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.tls import ClientHelloData

from hedgerow.proxy.tls import Leaves, Tls
from hedgerow.stores.ca import ensure_ca
from tests.proxy.lab import lab, make_origin_context, read_all


class Opens:
    """Establishes the origin first, as allowed names do; dials the judged host."""

    def tls_clienthello(self, data: ClientHelloData) -> None:
        data.establish_server_tls_first = True

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        flow.request.data.host = (flow.request.host_header or "").partition(":")[0]


def test_leaves_are_made_once_and_bounded(tmp_path: Path) -> None:
    leaves = Leaves(ensure_ca(tmp_path / "ca"), size=3)
    first = leaves.get("a.test")
    assert leaves.get("a.test") is first
    for name in ("b.test", "c.test"):
        leaves.get(name)
    assert leaves.get("a.test") is first, "used last, kept"
    leaves.get("d.test")
    leaves.get("e.test")
    assert len(leaves) == 3
    assert leaves.get("b.test").serial_number != first.serial_number


def test_a_leaf_that_ends_within_a_day_is_made_anew(tmp_path: Path) -> None:
    """A worker that has run for half a year."""
    now = [time.time()]
    leaves = Leaves(ensure_ca(tmp_path / "ca"), clock=lambda: now[0])
    first = leaves.get("a.test")
    now[0] = first.not_valid_after_utc.timestamp() - 86_401
    assert leaves.get("a.test") is first
    now[0] += 2
    assert leaves.get("a.test").serial_number != first.serial_number and len(leaves) == 1


def test_a_leaf_of_a_clock_that_ran_ahead_is_made_anew(tmp_path: Path) -> None:
    """The clock is set right: what was made before would begin to hold some day."""
    now = [time.time()]
    leaves = Leaves(ensure_ca(tmp_path / "ca"), clock=lambda: now[0])
    first = leaves.get("a.test")
    now[0] = first.not_valid_before_utc.timestamp() + 1
    assert leaves.get("a.test") is first
    now[0] -= 2
    assert leaves.get("a.test").serial_number != first.serial_number and len(leaves) == 1


def test_a_trust_file_without_certificates_is_refused(tmp_path: Path) -> None:
    from OpenSSL import SSL

    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(SSL.Error):
        Tls(ensure_ca(tmp_path / "ca"), tmp_path / "empty.pem")


def ask(tmp_path: Path, host: str, **options: object) -> bytes:
    async def run() -> bytes:
        async with lab(tmp_path, [Opens()], **options) as here:  # type: ignore[arg-type]
            reader, writer = await here.tunnel(host)
            writer.write(f"GET / HTTP/1.1\r\nHost: {host}:{here.origin_port}\r\n\r\n".encode())
            return await read_all(reader)

    return asyncio.run(run())


def test_a_good_certificate_passes(tmp_path: Path) -> None:
    assert ask(tmp_path, "allowed.test").endswith(b"hello")


def test_a_certificate_for_another_host_is_our_502(tmp_path: Path) -> None:
    answer = ask(tmp_path, "wronghost.test", hosts=("allowed.test",))
    assert answer.startswith(b"HTTP/1.1 502 ") and b"502 certificate" in answer and b"hello" not in answer


def test_an_expired_certificate_is_our_502(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def expired(folder: Path, hosts: list[str]) -> ssl.SSLContext:
        return make_origin_context(folder, hosts, days=-1)

    monkeypatch.setattr("tests.proxy.lab.make_origin_context", expired)
    assert b"502 certificate" in ask(tmp_path, "allowed.test")


def test_an_unknown_root_is_our_502(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(folder: Path, hosts: list[str]) -> ssl.SSLContext:
        context = make_origin_context(folder, hosts)
        make_origin_context(folder, hosts)  # another one's certificate is what is trusted
        return context

    monkeypatch.setattr("tests.proxy.lab.make_origin_context", unknown)
    assert b"502 certificate" in ask(tmp_path, "allowed.test")


@pytest.mark.parametrize("offer", [["ssh/1.0"], ["acme-tls/1"], ["dot"], ["doq", "h3"]])
def test_alpn_without_http_is_closed(tmp_path: Path, offer: list[str]) -> None:
    async def run() -> None:
        async with lab(tmp_path) as here:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await here.tunnel("allowed.test", offer)
            assert here.origin.contacts == 0

    asyncio.run(run())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(tmp_path: Path, version: ssl.TLSVersion) -> None:
    async def run() -> None:
        async with lab(tmp_path) as here:
            reader, writer = await here.dial()
            writer.write(b"CONNECT allowed.test:443 HTTP/1.1\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with pytest.warns(DeprecationWarning):
                context.minimum_version = context.maximum_version = version
            context.set_ciphers("ALL:@SECLEVEL=0")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await writer.start_tls(context, server_hostname="allowed.test")

    asyncio.run(run())


def test_the_leaf_names_the_host_that_was_asked_for(tmp_path: Path) -> None:
    async def run() -> None:
        async with lab(tmp_path) as here:
            _, writer = await here.tunnel("allowed.test")
            certificate = writer.get_extra_info("peercert")
            assert certificate["subjectAltName"] == (("DNS", "allowed.test"),)

    asyncio.run(run())
