"""The development form: the same five addons in stock mitmdump, and a loud word that it does not fail closed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.proxy.lab import free_port

ROOT = Path(__file__).parents[1]


def test_it_says_what_it_is_and_blocks(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text('school: "Test"\n')
    port = free_port()
    command = [str(Path(sys.executable).parent / "mitmdump"), "-s", str(ROOT / "addons" / "gateway.py")]
    command += ["--listen-host", "127.0.0.1", "-p", str(port), "--set", f"confdir={tmp_path / 'conf'}"]
    environment = {**os.environ, "HEDGEROW_POLICIES": str(tmp_path)}
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        try:
            answer = ask(port)
        finally:
            process.terminate()
            process.wait(10)
        log.seek(0)
        said = log.read()
    assert "does not fail closed" in said
    assert b" 403 " in answer.partition(b"\r\n")[0] and b"x-hedgerow-action: block" in answer.lower(), said


def ask(port: int) -> bytes:
    """The answer to a request for a private address, which step 0 refuses without asking anybody."""
    request = b"GET http://192.168.77.77/ HTTP/1.1\r\nHost: 192.168.77.77\r\nConnection: close\r\n\r\n"
    for _ in range(150):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as sock:
                sock.sendall(request)
                sock.settimeout(60)
                return sock.recv(65536)
        except ConnectionRefusedError:
            time.sleep(0.2)
    return b""
