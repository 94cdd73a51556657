"""Real resolvers with an exported file, on loopback, and a name server behind them that answers for every name."""

from __future__ import annotations

import getpass
import secrets
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.lab.dns import AAAA, A, question

TXT, CNAME, HTTPS = 16, 5, 65
ORIGIN = bytes((45, 90, 10, 9))
"""Where every name lives that is let through."""
_SEARCHED = "/usr/sbin:/usr/bin:/sbin:/bin"


def program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_SEARCHED)


def ask(name: str, port: int, kind: int = A) -> tuple[int, bytes]:
    """(response code, data of the last answer or nothing)"""
    number = secrets.token_bytes(2)
    query = number + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + _wire(name) + struct.pack("!HH", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.connect(("127.0.0.1", port))
        client.send(query)
        answer = client.recv(4096)
    assert answer[:2] == number
    code, count = answer[3] & 15, struct.unpack_from("!H", answer, 6)[0]
    return code, _last(answer, count, len(query))


def _last(answer: bytes, count: int, at: int) -> bytes:
    data = b""
    for _ in range(count):
        while answer[at] and answer[at] < 0xC0:
            at += answer[at] + 1
        at += 2 if answer[at] else 1
        (length,) = struct.unpack_from("!H", answer, at + 8)
        data = answer[at + 10 : at + 10 + length]
        at += 10 + length
    return data


def refused(name: str, port: int) -> bool:
    """True when the resolver kept the origin's address from us."""
    code, data = ask(name, port)
    assert code in (0, 3), f"{name}: response code {code}"
    return data != ORIGIN


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def origin(aliases: Mapping[str, str] | None = None, lives: Mapping[str, str] | None = None) -> Iterator[int]:
    """A name server on which every name lives, those of ``aliases`` under another name; gives its port.

    ``lives`` are names with IPv4 addresses of their own.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.2)  # the thread ends once this socket is closed
        threading.Thread(target=_serve, args=(server, aliases or {}, lives or {}), daemon=True).start()
        yield int(server.getsockname()[1])


def _serve(server: socket.socket, aliases: Mapping[str, str], lives: Mapping[str, str]) -> None:
    while True:
        try:
            query, client = server.recvfrom(4096)
            server.sendto(_respond(query, aliases, lives), client)
        except TimeoutError:
            continue
        except OSError:
            return


def _respond(query: bytes, aliases: Mapping[str, str], lives: Mapping[str, str]) -> bytes:
    name, kind, asked = question(query)
    own = socket.inet_aton(lives[name]) if name in lives else ORIGIN
    data = {A: own, AAAA: socket.inet_pton(socket.AF_INET6, "2a0e:b107:10::9"), HTTPS: b"\0\1\0", TXT: b"\1x"}
    owner, records = b"\xc0\x0c", []
    if name in aliases:
        target = _wire(aliases[name])
        records, owner = [_record(owner, CNAME, target)], target
    if kind in data:
        records.append(_record(owner, kind, data[kind]))
    return query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(records), 0, 0) + asked + b"".join(records)


def _record(owner: bytes, kind: int, data: bytes) -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, 1, len(data)) + data


def _wire(name: str) -> bytes:
    return b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"


UNBOUND = """server:
  interface: 127.0.0.1@{port}
  do-not-query-localhost: no
  do-daemonize: no
  use-syslog: no
  logfile: ""
  verbosity: 1
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  num-threads: 1
  cache-max-ttl: 0
  qname-minimisation: no
  do-ip6: no
  local-zone: "test." nodefault
  module-config: "{modules}"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
{more}
"""

DNSMASQ = """port={port}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
server=127.0.0.1#{upstream}
cache-size=0
pid-file=
user={user}
{more}
"""


def configured(format: str, file: Path, folder: Path, port: int, upstream: int) -> list[str]:
    """The command that runs the program which reads this format."""
    config = folder / f"{format}.conf"
    if format in ("rpz", "unbound"):
        more = f'rpz:\n  name: hedgerow\n  zonefile: "{file}"' if format == "rpz" else f'include: "{file}"'
        modules = "respip iterator" if format == "rpz" else "iterator"
        config.write_text(UNBOUND.format(port=port, folder=folder, modules=modules, upstream=upstream, more=more))
        return [program("unbound") or "unbound", "-d", "-p", "-c", str(config)]
    more = f"conf-file={file}" if format == "dnsmasq" else f"addn-hosts={file}"
    config.write_text(DNSMASQ.format(port=port, upstream=upstream, more=more, user=getpass.getuser()))
    return [program("dnsmasq") or "dnsmasq", "--keep-in-foreground", f"--conf-file={config}"]


@contextmanager
def resolver(format: str, file: Path, folder: Path, upstream: int, seconds: float = 20) -> Iterator[tuple[int, int]]:
    """The program with the exported file, ready to answer; gives its port and its process id."""
    port = free_port()
    command = configured(format, file, folder, port, upstream)
    with (folder / f"{format}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(process, port, seconds, folder / f"{format}.log")
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _wait(process: subprocess.Popen[bytes], port: int, seconds: float, log: Path) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            ask("ready.example", port)
            return
        except (OSError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"not ready after {seconds} s: {log.read_text()}")
