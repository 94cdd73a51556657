"""Network namespaces: a school's LAN, its gateway and the internet behind it, made and removed by a test run.

    pupil8, pupil14, staff, stranger, guest --- br0 [gateway] wan --- wan [internet]
    10.20.0.0/16, fd20::/64                     45.90.9.0/30          45.90.10.0/24, 2a0e:b107:10::/64 and private nets

The gateway forwards nothing but DNS; ports 80 and 443 of the LAN are redirected to the transparent listener.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import names

GATEWAY_V4, GATEWAY_V6 = "10.20.0.1", "fd20::1"
OUTER_V4, OUTER_V6 = "45.90.9.2", "2a0e:b107:9::2"
EXPLICIT_PORT, TRANSPARENT_PORT, PORTAL_PORT, METRICS_PORT = 8080, 8081, 8082, 9777
SECOND_LANE = 10  # a second gateway at the same time: ports higher by this, for clients whose address ends in .110
PUPILS = {"pupil8": "8", "pupil14": "14", "staff": "40", "guest": "60", "stranger": "99"}
PRIVATE_NETS = ("10.99.0.0/24", "192.168.77.0/24", "172.16.5.0/24", "169.254.169.254/32", "100.64.5.0/24")
NETNS = Path("/run/netns")
RESOLVERS = Path("/etc/netns")

NFT = f"""
table inet school {{
  chain arriving {{
    type nat hook prerouting priority dstnat;
    iifname br0 ip saddr & 0.0.0.255 == 0.0.0.110 tcp dport {{ 80, 443 }} redirect to :{TRANSPARENT_PORT + SECOND_LANE}
    iifname br0 ip6 saddr & ::ffff == ::110 tcp dport {{ 80, 443 }} redirect to :{TRANSPARENT_PORT + SECOND_LANE}
    iifname br0 ip daddr != {GATEWAY_V4} tcp dport {{ 80, 443 }} redirect to :{TRANSPARENT_PORT}
    iifname br0 ip6 daddr != {GATEWAY_V6} tcp dport {{ 80, 443 }} redirect to :{TRANSPARENT_PORT}
  }}
  chain passing {{
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname br0 meta l4proto {{ tcp, udp }} th dport 53 accept
  }}
}}
"""


def why_not() -> str:
    """Why this machine cannot make namespaces, "" when it can."""
    if missing := [tool for tool in ("ip", "nft", "sysctl") if not shutil.which(tool)]:
        return f"needs {', '.join(missing)}"
    if os.geteuid() != 0:
        return "needs root for network namespaces (or run it under `unshare -rmn`)"
    probe = f"hgprobe{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    subprocess.run(["ip", "netns", "del", probe], capture_output=True)
    return f"cannot make network namespaces: {made.stderr.strip()}" if made.returncode else ""


def run(*command: str, given: str | None = None) -> str:
    """Standard output of a command. Raises RuntimeError with what it complained about."""
    done = subprocess.run(command, capture_output=True, text=True, input=given)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Namespace:
    """One host of the lab."""

    name: str
    v4: str
    v6: str

    @property
    def second_v4(self) -> str:
        """The address that speaks to the second gateway."""
        return self.v4.removesuffix("10") + "110"

    @property
    def second_v6(self) -> str:
        return self.v6.removesuffix("10") + "110"

    def command(self, *command: str) -> list[str]:
        """The argument list that runs ``command`` on this host."""
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, *command: str, given: str | None = None) -> str:
        return run(*self.command(*command), given=given)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """This thread is on the host; sockets made meanwhile stay there for good."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(NETNS / self.name, os.O_RDONLY)
        try:
            os.setns(there, os.CLONE_NEWNET)
            yield
        finally:
            os.setns(home, os.CLONE_NEWNET)
            os.close(home)
            os.close(there)

    def dial(self, address: str, port: int, timeout: float = 10, second: bool = False) -> socket.socket:
        """A TCP connection from this host, from its ``second`` address if so asked. Raises OSError."""
        with self.entered():
            link = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        link.settimeout(timeout)
        try:
            if second:
                link.bind((self.second_v6 if ":" in address else self.second_v4, 0))
            link.connect((address, port))
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            link.close()
            raise
        return link


class Net:
    """All hosts of one lab; ``close`` removes them."""

    def __init__(self) -> None:
        prefix = f"hg{os.getpid()}"
        self.gateway = Namespace(f"{prefix}gw", GATEWAY_V4, GATEWAY_V6)
        self.internet = Namespace(f"{prefix}net", "45.90.9.1", "2a0e:b107:9::1")
        self.pupils = {
            name: Namespace(f"{prefix}{name}", f"10.20.{part}.10", f"fd20::{part}:10") for name, part in PUPILS.items()
        }
        remove_orphans()
        for host in (self.gateway, self.internet, *self.pupils.values()):
            self._add(host)
        self._wire_internet()
        for number, pupil in enumerate(self.pupils.values()):
            self._wire_pupil(pupil, f"lan{number}")
        self.gateway.run("nft", "-f", "-", given=NFT)

    def _add(self, host: Namespace) -> None:
        run("ip", "netns", "add", host.name)
        settings = RESOLVERS / host.name
        settings.mkdir(parents=True)
        (settings / "resolv.conf").write_text(f"nameserver {names.DNS_SERVER}\noptions timeout:2 attempts:1\n")
        (settings / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
        _ip(host, "link set lo up")

    def _wire_internet(self) -> None:
        gateway, internet = self.gateway, self.internet
        run("ip", "link", "add", "wan", "netns", gateway.name, "type", "veth", "peer", "wan", "netns", internet.name)
        _ip(gateway, f"addr add {OUTER_V4}/30 dev wan", f"addr add {OUTER_V6}/64 dev wan nodad", "link set wan up",
            "route add default via 45.90.9.1", "-6 route add default via 2a0e:b107:9::1",
            "link add br0 type bridge", f"addr add {GATEWAY_V4}/16 dev br0", f"addr add {GATEWAY_V6}/64 dev br0 nodad",
            "link set br0 up")  # fmt: skip
        _ip(internet, "addr add 45.90.9.1/30 dev wan", "addr add 2a0e:b107:9::1/64 dev wan nodad", "link set wan up",
            f"route add local {names.V4_NET}0/24 dev lo", f"-6 route add local {names.V6_NET}/64 dev lo",
            *(f"route add local {net} dev lo" for net in PRIVATE_NETS),
            f"route add 10.20.0.0/16 via {OUTER_V4}")  # fmt: skip
        gateway.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")

    def _wire_pupil(self, pupil: Namespace, port: str) -> None:
        run("ip", "link", "add", port, "netns", self.gateway.name, "type", "veth", "peer", "eth", "netns", pupil.name)
        _ip(self.gateway, f"link set {port} master br0", f"link set {port} up")
        _ip(pupil, f"addr add {pupil.v4}/16 dev eth", f"addr add {pupil.v6}/64 dev eth nodad", "link set eth up",
            f"addr add {pupil.second_v4}/16 dev eth",
            f"addr add {pupil.second_v6}/64 dev eth nodad preferred_lft 0",
            f"route add default via {GATEWAY_V4}", f"-6 route add default via {GATEWAY_V6}")  # fmt: skip

    def close(self) -> None:
        for host in (self.gateway, self.internet, *self.pupils.values()):
            _remove(host.name)


def _ip(host: Namespace, *lines: str) -> None:
    """One process per line: ``ip -batch`` does not take ``-6`` in a line."""
    for line in lines:
        run("ip", "-n", host.name, *line.split())


def _remove(name: str) -> None:
    subprocess.run(["ip", "netns", "del", name], capture_output=True)
    shutil.rmtree(RESOLVERS / name, ignore_errors=True)


def remove_orphans() -> None:
    """Namespaces of runs that were killed: their names carry the process that made them."""
    for folder in (NETNS, RESOLVERS):
        for entry in folder.glob("hg[0-9]*") if folder.is_dir() else ():
            maker = re.match(r"hg(\d+)", entry.name)
            if maker and not (Path("/proc") / maker[1]).exists():
                _remove(entry.name)
