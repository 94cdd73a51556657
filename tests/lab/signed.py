"""The lab's signed DNS: one root zone with every name in it, its key, and an Unbound that serves it (BIND's signer)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import names

SERVER = names.V4_NET + "54"
ECH = "AEX+DQBBAAAgACBkPr3bQ5L3Qe1o2UcYWjG1gs8mZl6lw2oLHl7Nj1FpZQAEAAEAAQASY292ZXIuYWxsb3dlZC50ZXN0AAA="
"""An ECHConfigList as origins publish one; nothing here decrypts by it."""
EXTRA = {
    "www.google.com": 201,
    "forcesafesearch.google.com": 202,
    "www.youtube.com": 203,
    "restrict.youtube.com": 204,
    "restrictmoderate.youtube.com": 205,
    "use-application-dns.net": 206,
    "mask.icloud.com": 207,
    "mask-h2.icloud.com": 208,
    "www.bet365.com": 209,
    "bogus.test": 210,
    "dns.google": 211,
    "unlisted.test": 212,
}


def records() -> str:
    hosts = {**names.HOSTS, **EXTRA}
    lines = ["$TTL 60", ". SOA ns.root. host.root. 1 3600 600 604800 60", ". NS ns.root.", f"ns.root. A {SERVER}"]
    lines += [f"{name}. A {names.V4_NET}{number}" for name, number in hosts.items()]
    lines += [f"{name}. AAAA {names.v6(name)}" for name in sorted(names.DUAL_STACK)]
    lines += [
        f"{name}. A {address}" for name, found in names.PRIVATE.items() for address in found if ":" not in address
    ]
    lines += [f"{name}. HTTPS 1 . alpn=h3,h2 ech={ECH}" for name in ("allowed.test", "blocked.test")]
    return "\n".join(lines) + "\n"


def sign(folder: Path) -> tuple[Path, Path]:
    """The signed zone and the key to trust. One record is changed after signing: ``bogus.test`` is forged."""
    zone, signed = folder / "root.zone", folder / "root.signed"
    zone.write_text(records())
    keys = [_run(folder, "dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", *flags, ".") for flags in (("-f", "KSK"), ())]
    _run(folder, "dnssec-signzone", "-S", "-o", ".", "-f", str(signed), str(zone))
    text = signed.read_text()
    assert f"{names.V4_NET}{EXTRA['bogus.test']}" in text
    signed.write_text(
        text.replace(f"{names.V4_NET}{EXTRA['bogus.test']}", f"{names.V4_NET}{EXTRA['unlisted.test']}9"[:-1])
    )
    return signed, folder / f"{keys[0]}.key"


def _run(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


COMMON = """server:
  do-daemonize: no
  use-syslog: no
  logfile: ""
  username: "{user}"
  directory: "{folder}"
  pidfile: ""
  num-threads: 1
"""
AUTHORITY = """  chroot: ""
  local-zone: "test." nodefault
  interface: {server}
  access-control: 0.0.0.0/0 allow
  module-config: "iterator"
auth-zone:
  name: "."
  zonefile: "{zone}"
  for-downstream: yes
  for-upstream: no
remote-control:
  control-enable: no
"""
RESOLVER = """  root-hints: "{folder}/root.hints"
  trust-anchor-file: "{anchor}"
  local-zone: "test." nodefault
remote-control:
  control-enable: no
include: "{more}"
"""


def authority(folder: Path, zone: Path) -> Path:
    """The configuration of the name server that serves the zone."""
    path = folder / "authority.conf"
    text = COMMON.format(folder=folder, user="") + AUTHORITY.format(server=SERVER, zone=zone)
    path.write_text(text)
    return path


def resolver(folder: Path, anchor: Path, more: Path) -> Path:
    """The configuration of a school's name server: what a distribution brings, and ours included."""
    (folder / "root.hints").write_text(f". 3600 NS ns.root.\nns.root. 3600 A {SERVER}\n")
    path = folder / "resolver.conf"
    path.write_text(
        COMMON.format(folder=folder, user="unbound") + RESOLVER.format(folder=folder, anchor=anchor, more=more)
    )
    return path
