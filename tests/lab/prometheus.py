"""A real Prometheus with the shipped configuration and rules, on a host of the lab or on this machine."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

SHIPPED = Path(__file__).parents[2] / "deploy" / "prometheus"
PROGRAM = shutil.which("prometheus")

type Series = tuple[Mapping[str, str], float]


class PrometheusError(Exception):
    """It did not start, or refuses a query; the message is its own."""


def configure(folder: Path, targets: Mapping[str, str], seconds: str = "1s", config: str = "prometheus.yaml") -> Path:
    """A copy of what is shipped that scrapes ``targets`` (school -> host:port) each ``seconds``; its main file."""
    shutil.copytree(SHIPPED, folder)
    for example in folder.rglob("example.yaml"):
        example.unlink()
    groups = [{"targets": [address], "labels": {"school": school}} for school, address in targets.items()]
    (folder / "gateways" / "lab.yaml").write_text(yaml.safe_dump(groups))
    main: Path = folder / config
    told = yaml.safe_load(main.read_text())
    told["global"] |= {"scrape_interval": seconds, "scrape_timeout": seconds, "evaluation_interval": seconds}
    main.write_text(yaml.safe_dump(told))
    return main


class Prometheus:
    """One running Prometheus. ``command`` puts it on a host; ``dial`` reaches it there, with ``headers``."""

    def __init__(
        self,
        main: Path,
        port: int,
        command: Callable[..., Sequence[str]] = lambda *words: words,
        dial: Callable[[str, int], socket.socket] = lambda host, port: socket.create_connection((host, port), 10),
        *options: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        assert PROGRAM, "apt install prometheus"
        self._dial, self._port, self._headers = dial, port, headers or {}
        self.log = main.with_suffix(".log")
        self.data = main.parent / "data"
        words = [f"--config.file={main}", f"--web.listen-address=127.0.0.1:{port}",
                 f"--storage.tsdb.path={self.data}", "--log.level=warn", *options]  # fmt: skip
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(command(PROGRAM, *words), stdout=out, stderr=out)
        self._wait()

    def _wait(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                self.get("/-/ready", {})
                return
            except (OSError, PrometheusError, http.client.HTTPException):
                if self.process.poll() is not None or time.monotonic() > end:
                    self.stop()
                    raise PrometheusError(self.log.read_text()) from None
                time.sleep(0.1)

    def get(self, path: str, query: Mapping[str, str]) -> bytes:
        """The answer's body. Raises PrometheusError when it is no 200, OSError when nothing answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port)
        connection.sock = self._dial("127.0.0.1", self._port)
        try:
            connection.request("GET", f"{path}?{urlencode(query)}", headers=dict(self._headers))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise PrometheusError(f"{query}: {body.decode(errors='replace')[:500]}")
        return body

    def _api(self, path: str, query: Mapping[str, str]) -> Any:
        return json.loads(self.get(f"/api/v1/{path}", query))["data"]["result"]

    def ask(self, query: str) -> list[Series]:
        """An instant query's answer. Raises PrometheusError when the query is none."""
        return [(one["metric"], float(one["value"][1])) for one in self._api("query", {"query": query})]

    def ask_range(self, query: str, start: float, end: float, step: float) -> list[tuple[Mapping[str, str], Any]]:
        asked = {"query": query, "start": str(start), "end": str(end), "step": str(step)}
        return [(one["metric"], one["values"]) for one in self._api("query_range", asked)]

    def until(self, query: str, seconds: float = 20) -> list[Series]:
        """Wait until a query has an answer. Raises PrometheusError."""
        end = time.monotonic() + seconds
        while not (found := self.ask(query)):
            if time.monotonic() > end:
                raise PrometheusError(f"no answer in {seconds} s: {query}")
            time.sleep(0.3)
        return found

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
