"""What WATCHING.md has an administrator write into Debian's own file, a real Prometheus takes."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import pytest

from tests.lab.prometheus import PROGRAM, Prometheus, configure

TEXT = (Path(__file__).parents[1] / "deploy" / "WATCHING.md").read_text()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def dial(host: str, port: int) -> socket.socket:
    return socket.create_connection((host, port), 10)


@pytest.mark.skipif(PROGRAM is None, reason="prometheus is not installed (apt install prometheus)")
def test_prometheus_starts_by_the_line_and_has_our_rules(tmp_path: Path) -> None:
    (line,) = re.findall(r'^ *ARGS="(\S+prometheus\.yaml [^"]+)"$', TEXT, re.M)
    main = configure(tmp_path / "prometheus", {})
    file, *options = line.replace("/etc/prometheus", str(main.parent)).split()
    assert file == f"--config.file={main}"
    started = Prometheus(main, free_port(), lambda *words: words, dial, *options)
    try:
        groups = json.loads(started.get("/api/v1/rules", {}))["data"]["groups"]
        flags = json.loads(started.get("/api/v1/status/flags", {}))["data"]
    finally:
        started.stop()
    assert {Path(group["file"]).name for group in groups} == {path.name for path in main.parent.glob("*.rules.yaml")}
    assert flags["storage.tsdb.retention.time"] in ("400d", "57w1d")
