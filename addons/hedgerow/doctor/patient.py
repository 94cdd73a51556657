"""What the checks look at, read once and only when it is asked for."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from hedgerow.runtime import Files, Sources, compile_as_owner
from hedgerow.selftest.house import RUNNING
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.index_files import IndexFault
from hedgerow.stores.network import kernel
from hedgerow.stores.site import Site
from hedgerow.stores.state import State, running_path

DATED = ("http://captive.apple.com/hotspot-detect.html", "http://detectportal.firefox.com/success.txt")
"""Pages made to be asked whether one is online; their Date header (RFC 9110 6.6.1) is a clock that is not ours."""

type Sample = tuple[Mapping[str, str], float]


@dataclass
class Patient:
    """One box. ``listens``: HOST:PORT/MODE as it is to listen, while no running gateway says how it does."""

    sources: Sources
    state: State
    listens: tuple[str, ...] = ("127.0.0.1:8080/regular",)
    metrics: tuple[str, int] = ("127.0.0.1", 9160)
    proc: Path = Path("/proc")
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    dated: Sequence[str] = DATED
    nft: Callable[[], str] = lambda: _ruleset()

    @cached_property
    def _read(self) -> tuple[Files | None, tuple[str, ...]]:
        try:
            return compile_as_owner(self.sources), ()
        except PolicyError as error:
            return None, tuple(map(str, error.mistakes))
        except (IndexFault, OSError) as error:
            return None, (str(error),)

    @property
    def files(self) -> Files | None:
        """All policies and lists; None while they hold a mistake."""
        return self._read[0]

    @property
    def mistakes(self) -> tuple[str, ...]:
        return self._read[1]

    @property
    def site(self) -> Site:
        return self.files.site if self.files else Site()

    @cached_property
    def running(self) -> Mapping[str, Any]:
        """What the running gateway wrote of itself; {} when none runs."""
        owners = {os.geteuid(), *([self.state.root.stat().st_uid] if self.state.root.exists() else [])}
        for owner in owners:
            try:
                told = json.loads((running_path(self.state.root, owner) / RUNNING).read_text())
            except (OSError, ValueError):
                continue
            if isinstance(told, dict) and (self.proc / str(told.get("pid")) / "cmdline").exists():
                return told
        return {}

    @property
    def process(self) -> Path | None:
        """The supervisor's folder below ``/proc``."""
        return self.proc / str(self.running["pid"]) if self.running else None

    @property
    def served(self) -> tuple[tuple[str, int, str], ...]:
        """Host, port and mode of everything the gateway listens on, or should."""
        return tuple(_listen(str(text)) for text in self.running.get("listens", self.listens))

    def fetch(self, path: str) -> tuple[int, str]:
        """A page of the metrics endpoint; status 0 when nothing answers."""
        host, port = self.running.get("metrics", self.metrics)
        where = host or "127.0.0.1"
        url = f"http://{f'[{where}]' if ':' in where else where}:{port}{path}"
        try:
            with _opener().open(url, timeout=5) as response:
                return response.status, response.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except (OSError, ValueError):
            return 0, ""

    @cached_property
    def scraped(self) -> Mapping[str, Sequence[Sample]]:
        """All samples of the scrape by name; {} when there is none."""
        status, text = self.fetch("/metrics") if self.running else (0, "")
        found: dict[str, list[Sample]] = {}
        for family in text_string_to_metric_families(text) if status == 200 else ():
            for sample in family.samples:
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        return found

    def metric(self, name: str, **labels: str) -> float | None:
        """The sum of the samples with these labels; None when there is none."""
        samples = [value for told, value in self.scraped.get(name, ()) if labels.items() <= dict(told).items()]
        return sum(samples) if samples else None

    def setting(self, path: str) -> str:
        """A line of ``/proc``; "" where the kernel has none."""
        try:
            return (self.proc / path).read_text().strip()
        except OSError:
            return ""

    @cached_property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        """nftables' chains and rules, as ``nft -j list ruleset`` has them; [] without nft. Raises OSError, ValueError.

        Without the right to look it is an error: rules that cannot be seen are not taken for missing.
        """
        text = self.nft()
        return json.loads(text)["nftables"] if text else []

    def listeners(self, *tables: str) -> set[int]:
        """Ports on which anything listens (``/proc/net/tcp``: state 0A; of udp every bound one)."""
        return {port for table in tables for port, state in self._sockets(table) if state == "0A" or "udp" in table}

    def _sockets(self, table: str) -> Iterator[tuple[int, str]]:
        for line in self.setting(f"net/{table}").splitlines()[1:]:
            fields = line.split()
            yield int(fields[1].rpartition(":")[2], 16), fields[3]


def _listen(text: str) -> tuple[str, int, str]:
    address, _, mode = text.partition("/")
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port), mode or "regular"


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _ruleset() -> str:
    """Found as the commands that change rules find it: an account's PATH may lack ``/usr/sbin``. "" without nft."""
    if kernel.program("nft") is None:
        return ""
    try:
        return kernel.everything()
    except kernel.NftError as error:
        raise OSError(f"nft: {str(error).splitlines()[0]}") from error
