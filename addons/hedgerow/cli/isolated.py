"""A copy of the gateway on a network of its own, with an origin of its own: shows an allowed request without internet.

``show`` starts this module again in a new network and mount namespace (``unshare``). In there the origin listens with
TLS on a globally routable address that belongs to nobody outside; the gateway finds it by ``/etc/hosts``. The private
address guard, certificates and policies are the real ones.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from hedgerow.cli.common import Place
from hedgerow.stores.ca import CA, LEAF_KEY_FILE, ensure_ca, leaf

ADDRESS = "45.90.10.10"
"""Globally routable by its number, so that no guard has to be switched off; in here it is the loopback device's."""
_PROXY_PORT, _METRICS_PORT = 8080, 9160
_READY_SECONDS = 90.0
_SIOCSIFADDR, _SIOCSIFFLAGS, _IFF_UP = 0x8916, 0x8914, 0x1
_WAYS = (("unshare", "-nm"), ("unshare", "-rnm"))

Say = Callable[[str], None]


def show(place: Place, say: Say) -> bool:
    """Run the copy and say what it answered. False when it could not run or answered something else."""
    from hedgerow.cli.selftest import allowed_hosts, blocked_urls

    snapshot = place.snapshot()
    blocked = next(blocked_urls(place, snapshot), "").removeprefix("http://").rstrip("/")
    allowed = next(allowed_hosts(place, snapshot), "")
    if not blocked or not allowed:
        say("  the strictest band has no site to show: neither list nor rule names one")
        return False
    with tempfile.TemporaryDirectory(prefix="hedgerow-test-") as folder:
        told = _in_namespace(place, Path(folder), blocked, allowed, say)
    if told is None:
        return False
    for host in (blocked, allowed):
        say(f"  https://{host + '/':40} {told[host]}")
    blocked_so, contacts = told[blocked].startswith("block"), told["contacts"]
    say("  the blocked site was not contacted" if blocked not in contacts else "  the blocked site WAS contacted")
    return blocked_so and told[allowed].startswith("allowed") and blocked not in contacts


def _in_namespace(place: Place, folder: Path, blocked: str, allowed: str, say: Say) -> Mapping[str, str] | None:
    plan = folder / "plan.json"
    folders = {"policies": str(place.policies.absolute()), "blocklists": str(place.blocklists.absolute())}
    plan.write_text(json.dumps({**folders, "folder": str(folder), "blocked": blocked, "allowed": allowed}))
    error = ""
    for way in _WAYS:
        command = [*way, sys.executable, "-m", "hedgerow.cli.isolated", str(plan)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_READY_SECONDS + 60)
        if done.returncode == 0:
            told: dict[str, str] = json.loads(done.stdout)
            return told
        error = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"ended with {done.returncode}"
    say(f"  not shown: this machine has no internet, and lets us make no network of our own ({error})")
    return None


def inside(plan: Mapping[str, str]) -> dict[str, str]:
    """Everything that happens in the namespace. Raises OSError when it may not be set up."""
    folder = Path(plan["folder"])
    _own_network(folder, (plan["blocked"], plan["allowed"]))
    contacts: list[str] = []
    origin_ca = ensure_ca(folder / "origin-ca")
    _origin(origin_ca, (plan["blocked"], plan["allowed"]), contacts)
    with _gateway(plan, folder, origin_ca):
        told: dict[str, str] = {
            host: _ask(host, folder / "state" / "ca" / "mitmproxy-ca-cert.pem")
            for host in (plan["blocked"], plan["allowed"])
        }
    return {**told, "contacts": " ".join(contacts)}


def _own_network(folder: Path, hosts: tuple[str, ...]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))
        address = struct.pack("16sH2s4s8x", b"lo:1", socket.AF_INET, b"\0\0", socket.inet_aton(ADDRESS))
        fcntl.ioctl(control, _SIOCSIFADDR, address)
    names = folder / "hosts"
    names.write_text("127.0.0.1 localhost\n" + "".join(f"{ADDRESS} {host}\n" for host in hosts))
    subprocess.run(["mount", "--bind", str(names), "/etc/hosts"], check=True, capture_output=True)


def _origin(ca: CA, hosts: tuple[str, ...], contacts: list[str]) -> None:
    """A TLS site that answers for ``hosts`` and writes down every name it was asked for."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name the standard library calls
            body = b"<!doctype html><title>A page</title><p>Hello from the site itself."
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Contacts are counted by name, at the handshake."""

    contexts = {host: _certificate(ca, host) for host in hosts}
    front = contexts[hosts[0]]

    def choose(sock: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        contacts.append(name or "")
        sock.context = contexts.get(name or "", context)

    front.sni_callback = choose
    server = HTTPServer((ADDRESS, 443), Page)
    server.socket = front.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _certificate(ca: CA, host: str) -> ssl.SSLContext:
    path = ca.folder / f"{host}.pem"
    path.write_bytes(leaf(ca, host).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, ca.folder / LEAF_KEY_FILE)
    return context


@contextlib.contextmanager
def _gateway(plan: Mapping[str, str], folder: Path, origin_ca: CA) -> Iterator[None]:
    command = [sys.executable, "-m", "hedgerow", "serve", "--policies", plan["policies"], "--blocklists"]
    command += [plan["blocklists"], "--state", str(folder / "state"), "--listen", f"127.0.0.1:{_PROXY_PORT}"]
    command += ["--workers", "1", "--metrics", f"127.0.0.1:{_METRICS_PORT}"]
    command += ["--upstream-ca", str(origin_ca.certificate_file)]
    process = subprocess.Popen(command, stdout=sys.stderr)
    try:
        _wait(process)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", _METRICS_PORT, timeout=2)
            connection.request("GET", "/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.2)
    raise OSError("the copy of the gateway did not become ready")


def _ask(host: str, ca: Path) -> str:
    """What a device that trusts the school's CA gets for https://host/."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", _PROXY_PORT, timeout=20, context=ssl.create_default_context(cafile=str(ca))
    )
    connection.set_tunnel(host, 443)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        response.read()
        action = response.getheader("X-Hedgerow-Action")
        return f"{action} ({response.status})" if action else f"allowed ({response.status} from the site itself)"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error}"
    finally:
        connection.close()


def available() -> bool:
    """True when this machine lets us make a namespace: for tests."""
    if shutil.which("unshare") is None:
        return False
    return any(subprocess.run([*way, "true"], capture_output=True).returncode == 0 for way in _WAYS)


if __name__ == "__main__":
    os.umask(0o077)
    print(json.dumps(inside(json.loads(Path(sys.argv[1]).read_text()))))
