"""A school as it stands in a building: three networks, a gateway with our firewall and name server, the internet.

    pupil   10.20.8.10   fd20:8::10  --- pupils \\
    teacher 10.20.40.10  fd20:40::10 --- staff   [gateway] wan --- wan [internet]  origins, 45.90.10.0/24
    guest   10.20.60.10  fd20:60::10 --- guests /                       signed DNS, all else

Rules and configuration come from ``hedgerow network``, run on the gateway as an administrator runs it.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from . import names, school, signed
from .client import Device
from .gateway import BIN, Gateway, NotReady, Process
from .net import (
    METRICS_PORT,
    OUTER_V4,
    OUTER_V6,
    PORTAL_PORT,
    PRIVATE_NETS,
    RESOLVERS,
    Namespace,
    _ip,
    _remove,
    remove_orphans,
    run,
)

ROOT = Path(__file__).parents[2]
LANS = {"pupils": ("pupil", 8), "staff": ("teacher", 40), "guests": ("guest", 60)}
METADATA6 = "fd00:ec2::254"
SITE = """school: "Lab School"
timezone: {zone}
languages: [en]
networks:
  pupils: {{addresses: [10.20.8.0/24, "fd20:8::/64"], band: ages-8-10}}
  staff: {{addresses: [10.20.40.0/24, "fd20:40::/64"], band: staff, staff-only: true}}
  guests: {{addresses: [10.20.60.0/24, "fd20:60::/64"], band: ages-14-17, capture: names-only}}
gateway: {{names: [hedgerow.test]}}
private: [10.99.0.9]
firewall:
  outside: [wan]
  metrics-from: [45.90.9.1, "2a0e:b107:9::1"]
  exceptions:
    calls: {{udp: [3478, 19302-19309]}}
    printer: {{networks: [staff], tcp: 9100, to: [45.90.10.11]}}
  filter:
    mail: {{tcp: 25, to: [10.99.0.25]}}
"""
PYTHON_MODULE = {"PYTHONPATH": "/usr/lib/python3/dist-packages"}
"""Where Debian keeps Unbound's Python module; a school links it into /etc/unbound (deploy/NETWORK.md)."""


ACCOUNT, RESOLVER_ACCOUNT = "nobody", "unbound"
"""Whom the filter and the name server run as: accounts that every Debian with Unbound has."""
RULES = ("network", "nftables", "--user", ACCOUNT, "--portal", str(PORTAL_PORT), "--metrics", str(METRICS_PORT))
"""The command for this gateway, whose ports are the lab's."""
_CAPABILITIES = "+dac_override,+dac_read_search"  # the tests' Python may stand below /root


class AsAccount(Namespace):
    """The gateway, as the filter's own account sees it."""

    __slots__ = ()

    def command(self, *command: str) -> list[str]:
        given = [f"--{kind}-caps={_CAPABILITIES}" for kind in ("inh", "ambient")]
        switch = ["setpriv", f"--reuid={ACCOUNT}", "--regid=nogroup", "--clear-groups", *given]
        return Namespace.command(self, *switch, *command)


def why_not() -> str:
    """What is missing for this lab, besides what ``net.why_not`` names; "" when nothing is."""
    needed = ("unbound", "unbound-checkconf", "dnssec-signzone", "kdig", "nc", "curl", "setpriv")
    missing = [name for name in needed if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")]
    if not Path(PYTHON_MODULE["PYTHONPATH"], "unboundmodule.py").exists():
        missing.append("python3-unbound")
    return f"needs {', '.join(missing)}" if missing else ""


class Routed:
    """All of it; ``close`` leaves nothing behind."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hedgerow-routed-"))
        self.folder.chmod(0o755)  # the name server runs as another user
        prefix = f"hg{os.getpid()}r"
        self.gateway = Namespace(f"{prefix}gw", "10.20.8.1", "fd20:8::1")
        self.internet = Namespace(f"{prefix}net", "45.90.9.1", "2a0e:b107:9::1")
        self.hosts = {
            host: Namespace(f"{prefix}{host}", f"10.20.{part}.10", f"fd20:{part}::10") for host, part in LANS.values()
        }
        self._running: list[Process] = []
        self._wire()
        self._begin_internet()
        self._begin_gateway()

    # the wires

    def _wire(self) -> None:
        remove_orphans()
        for host in (self.gateway, self.internet, *self.hosts.values()):
            run("ip", "netns", "add", host.name)
            _ip(host, "link set lo up")
        gateway, internet = self.gateway, self.internet
        run("ip", "link", "add", "wan", "netns", gateway.name, "type", "veth", "peer", "wan", "netns", internet.name)
        _ip(gateway, f"addr add {OUTER_V4}/30 dev wan", f"addr add {OUTER_V6}/64 dev wan nodad", "link set wan up")
        self.route_out()
        _ip(internet, "addr add 45.90.9.1/30 dev wan", "addr add 2a0e:b107:9::1/64 dev wan nodad", "link set wan up",
            f"route add local {names.V4_NET}0/24 dev lo", f"-6 route add local {names.V6_NET}/64 dev lo",
            *(f"route add local {net} dev lo" for net in PRIVATE_NETS), f"-6 route add local {METADATA6}/128 dev lo",
            f"route add 10.20.0.0/16 via {OUTER_V4}", f"-6 route add fd20::/16 via {OUTER_V6}")  # fmt: skip
        gateway.run("sysctl", "-q", "-p", str(ROOT / "deploy" / "network" / "router.conf"))
        for lan, (name, part) in LANS.items():
            self._wire_lan(lan, self.hosts[name], part)
        self._resolves(self.gateway, "127.0.0.1")

    def route_out(self) -> None:
        """The gateway's way to the internet; it goes away when the cable is pulled."""
        _ip(self.gateway, "route replace default via 45.90.9.1", "-6 route replace default via 2a0e:b107:9::1")

    def _wire_lan(self, lan: str, host: Namespace, part: int) -> None:
        run("ip", "link", "add", lan, "netns", self.gateway.name, "type", "veth", "peer", "eth", "netns", host.name)
        _ip(self.gateway, f"addr add 10.20.{part}.1/24 dev {lan}", f"addr add fd20:{part}::1/64 dev {lan} nodad",
            f"link set {lan} up")  # fmt: skip
        _ip(host, f"addr add {host.v4}/24 dev eth", f"addr add {host.v6}/64 dev eth nodad", "link set eth up",
            f"route add default via 10.20.{part}.1", f"-6 route add default via fd20:{part}::1")  # fmt: skip
        self._resolves(host, f"10.20.{part}.1")

    def _resolves(self, host: Namespace, server: str) -> None:
        settings = RESOLVERS / host.name
        settings.mkdir(parents=True)
        (settings / "resolv.conf").write_text(f"nameserver {server}\noptions timeout:2 attempts:1\n")
        (settings / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")

    # the internet

    def _begin_internet(self) -> None:
        env = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        for module in ("origin", "sink"):
            command = [sys.executable, "-m", f"tests.lab.{module}", str(self.folder)]
            self._start(self.internet, command, f"{module}.log", env)
        zone, self.anchor = signed.sign(self.folder)
        self._start(self.internet, ["unbound", "-d", "-c", str(signed.authority(self.folder, zone))], "authority.log")
        self._until(lambda: (self.folder / "ready").exists() and (self.folder / "sink-ready").exists())
        self._until(lambda: self.dig(self.internet, "allowed.test", "A", signed.SERVER) == ["45.90.10.11"])

    # the gateway

    def _begin_gateway(self) -> None:
        school.write(self.folder, {"site.yaml": SITE.format(zone=school.zone())})
        for name in ("state", "admin"):
            (self.folder / name).mkdir(mode=0o700)
        run("chown", "-R", ACCOUNT, *(str(self.folder / name) for name in ("state", "policies", "blocklists")))
        self.apply()
        self.hedgerow("network", "unbound", "--out", str(self.folder / "unbound"))
        signed.resolver(self.folder, self.anchor, self.folder / "unbound" / "hedgerow.conf")
        self.begin_names()
        self.begin_filter()
        both = self.folder / "trust.pem"
        both.write_bytes(self.filter.ca.read_bytes() + (self.folder / "root.pem").read_bytes())
        self.trust = both

    def hedgerow(self, *arguments: str, code: int = 0) -> str:
        """One command of ours on the gateway, by the administrator; its standard output."""
        places = ("--policies", self.folder / "policies", "--state", self.folder / "admin")
        blocklists = ("--blocklists", self.folder / "blocklists")
        command = [str(BIN / "hedgerow"), *arguments, *map(str, (*places, *blocklists))]
        done = subprocess.run(
            self.gateway.command(*command), capture_output=True, text=True, env={**os.environ, **PYTHON_MODULE}
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def apply(self) -> None:
        """The rules of site.yaml, in force."""
        self.hedgerow(*RULES, "--apply", "--out", str(self.folder / "hedgerow.nft"))

    def begin_names(self) -> None:
        """The name server, answering for what it knows itself; it needs no internet for that."""
        command = ["unbound", "-d", "-c", str(self.folder / "resolver.conf")]
        self.names = self._start(self.gateway, command, "resolver.log", PYTHON_MODULE)
        self._until(lambda: self.dig(self.gateway, "hedgerow.internal", "A", "127.0.0.1") == ["192.0.2.1"])

    def end_names(self) -> None:
        self._running.remove(self.names)
        self.names.stop()

    def begin_filter(self, env: Mapping[str, str] | None = None) -> None:
        """The filter, ready to judge."""
        account = AsAccount(self.gateway.name, self.gateway.v4, self.gateway.v6)
        self.filter = Gateway(account, self.folder, self.folder / "root.pem", workers=1, metrics="[::]", env=env)

    def _start(self, host: Namespace, command: list[str], log: str, env: Mapping[str, str] | None = None) -> Process:
        process = Process(host, command, self.folder / log, env)
        self._running.append(process)
        return process

    def _until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            for process in self._running:
                if not process.running():
                    raise NotReady(process.tail())
            if time.monotonic() > end:
                raise NotReady("\n".join(process.tail() for process in self._running))
            time.sleep(0.1)

    # what tests ask

    def dig(self, host: Namespace, name: str, kind: str, server: str, *more: str) -> list[str]:
        """What kdig prints with ``+short``; ["status X"] when the answer is not NOERROR, ["nothing heard"] without."""
        command = host.command(
            "kdig", "+timeout=2", "+retry=0", *more, f"@{server}", name, kind, "+noall", "+header", "+answer"
        )
        told = subprocess.run(command, capture_output=True, text=True).stdout
        status = told.partition("status: ")[2].partition(";")[0]
        if status != "NOERROR":
            return [f"status {status}"] if status else ["nothing heard"]
        return [line.split(None, 4)[4] for line in told.splitlines() if line and not line.startswith(";")]

    def curl(self, host: str, url: str, *more: str) -> tuple[int, str, str]:
        """curl's exit status, standard output, standard error."""
        command = ["curl", "-sS", "--max-time", "15", "--cacert", str(self.trust), *more, url]
        done = subprocess.run(self.hosts[host].command(*command), capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr.strip()

    def device(self, host: str) -> Device:
        return Device(self.hosts[host], "transparent", self.trust)

    def arrived(self) -> list[dict[str, object]]:
        """What came to the sink so far."""
        path = self.folder / "arrived.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def counted(self, comment: str) -> int:
        """Packets counted by the rules with this comment."""
        told = json.loads(self.gateway.run("nft", "-j", "list", "table", "inet", "hedgerow"))
        rules = [entry["rule"] for entry in told["nftables"] if "rule" in entry]
        mine = [rule for rule in rules if rule.get("comment") == comment]
        assert mine, f"no rule says {comment!r}"
        return sum(part["counter"]["packets"] for rule in mine for part in rule["expr"] if "counter" in part)

    def close(self) -> None:
        if hasattr(self, "filter"):
            self.filter.stop()
        for process in self._running:
            process.stop(3)
        for host in (self.gateway, self.internet, *self.hosts.values()):
            _remove(host.name)
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def shared() -> Routed:
    """The one of this process."""
    made = Routed.__new__(Routed)
    atexit.register(made.close)  # also when it is left half made
    made.__init__()  # type: ignore[misc]
    return made
