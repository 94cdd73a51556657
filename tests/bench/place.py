"""The bench's place: the lab's namespaces, nginx as the internet, one lane (client and listener) for each proxy."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.bench import pages
from tests.lab import dns, names
from tests.lab.authority import Authority
from tests.lab.gateway import Process, until_listening
from tests.lab.net import Namespace, Net

READ, PASSED = "www.bench.test", "passed.bench.test"
LANES = {"stock": ("pupil14", 8081), "hedgerow": ("staff", 8091), "stock-passed": ("guest", 8101)}
"""Which client's connections are redirected to which transparent listener."""

_REDIRECTS = "\n".join(
    f"iifname br0 ip saddr 10.20.{part}.0/24 tcp dport {{ 80, 443 }} redirect to :{port}"
    for part, (_, port) in zip(("14", "40", "60"), LANES.values(), strict=True)
)
NFT = f"""table ip bench {{
chain lanes {{
type nat hook prerouting priority dstnat - 10;
{_REDIRECTS}
}}
}}
"""
NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off; charset utf-8;
  types {{ text/html html; image/png png; text/css css; application/javascript js; application/json json;
          font/woff2 woff2; image/jpeg jpg; }}
  keepalive_requests 100000000; keepalive_timeout 600s; http2_max_concurrent_streams 256; tcp_nodelay on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  open_file_cache max=20000 inactive=600s; open_file_cache_valid 600s;
  ssl_session_cache shared:s:4m;
  server {{ listen {address}:443 ssl http2 backlog=4096; server_name {read}; root {folder}/www;
            location /z/ {{ add_header Content-Encoding gzip; }}
            ssl_certificate {read_pem}; ssl_certificate_key {read_pem}; }}
  server {{ listen {address}:443 ssl http2; server_name {passed}; root {folder}/www;
            ssl_certificate {passed_pem}; ssl_certificate_key {passed_pem}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages of each size the origin has."""

    small: int = 4_000
    large: int = 1_000
    pictures: int = 200


def cores() -> tuple[int, int]:
    """The proxy's core and the one for load and origin; the same one on a machine with a single core."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


class Place:
    """Namespaces, name server and origin; ``close`` leaves nothing behind."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.folder = Path(tempfile.mkdtemp(prefix="hedgerow-bench-"))
        self.folder.chmod(0o755)
        self._write_site()
        self.net = Net()
        self.net.gateway.run("nft", "-f", "-", given=NFT)
        self._start_dns()
        command = ["taskset", "-c", str(cores()[1]), "nginx", "-p", str(self.folder), "-c", str(self.folder / "conf")]
        self.origin = Process(self.net.internet, command, self.folder / "origin.log")
        until_listening(self.net.gateway, self.origin, (), 5)

    def client(self, lane: str) -> Namespace:
        return self.net.pupils[LANES[lane][0]]

    def _write_pages(self, www: Path) -> None:
        pages.write(www / "10", 10, self.counts.small)
        pages.write(www / "100", 100, self.counts.large)
        pages.write_pictures(www / "png", 10, self.counts.pictures)

    def _write_site(self) -> None:
        self._write_pages(self.folder / "www")
        authority = Authority()
        self.root = self.folder / "root.pem"
        self.root.write_bytes(authority.root.pem)
        pems = [shutil.copy(authority.files(name), self.folder / f"{name}.pem") for name in (READ, PASSED)]
        settings = NGINX.format(folder=self.folder, address=names.v4(READ), read=READ, passed=PASSED,
                                read_pem=pems[0], passed_pem=pems[1])  # fmt: skip
        (self.folder / "conf").write_text(settings)

    def _start_dns(self) -> None:
        """In a thread of this process: it is asked a few times a minute."""
        started = threading.Event()

        def serve() -> None:
            with self.net.internet.entered():
                loop = asyncio.new_event_loop()
                loop.run_until_complete(dns.serve(names.DNS_SERVER, lambda _name: None))
                started.set()
                loop.run_forever()

        threading.Thread(target=serve, daemon=True).start()
        started.wait(10)

    def close(self) -> None:
        self.origin.stop(3)
        self.net.close()
        shutil.rmtree(self.folder, ignore_errors=True)
