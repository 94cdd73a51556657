"""Firefox that is driven (Marionette, its own protocol): it keeps certificates of its own, in its profile."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lab.client import Device
from tests.lab.net import EXPLICIT_PORT, GATEWAY_V4

PROGRAMS = ("firefox-esr", "firefox")
_PORT = 2828
_QUIET = {
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "network.proxy.type": 0,
}


class Firefox:
    """One window. Trusts what its profile's NSS database trusts, and Mozilla's list."""

    def __init__(self, link: socket.socket) -> None:
        self._link, self._number = link, 0
        self._message()  # says who it is
        self._call("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})

    def open(self, url: str) -> str:
        """The document's address in the end; Firefox's words when there is none."""
        error = self._call("WebDriver:Navigate", {"url": url}).get("message", "")
        return str(error or self.run("location.href"))

    def run(self, expression: str) -> object:
        """The value of a JavaScript expression."""
        return self._call("WebDriver:ExecuteScript", {"script": f"return {expression}", "args": []}).get("value")

    def _call(self, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        text = json.dumps([0, self._number, command, parameters])
        self._link.sendall(f"{len(text.encode())}:{text}".encode())
        _, _, error, result = self._message()
        return dict(error or result or {})

    def _message(self) -> Any:
        length = b""
        while (one := self._link.recv(1)) != b":":
            if not one:
                raise ConnectionError("the browser has ended")
            length += one
        data = b""
        while len(data) < int(length):
            data += self._link.recv(int(length) - len(data))
        return json.loads(data)


@contextmanager
def firefox(device: Device, program: str, trust: Path | None) -> Iterator[Firefox]:
    """Firefox on the pupil's device; ``trust`` is put into its profile, None = nothing is."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder)
        (profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _prefs(device))
        )
        database = f"sql:{profile}"
        subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True, capture_output=True)
        if trust is not None:
            added = ["certutil", "-A", "-d", database, "-n", "school", "-t", "C,,", "-i", str(trust)]
            subprocess.run(added, check=True, capture_output=True)
        command = ["env", f"HOME={profile}", program, "--headless", "--marionette", "--profile", str(profile)]
        process = subprocess.Popen(
            device.namespace.command(*command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            with _reached(device) as link:
                yield Firefox(link)
        finally:
            process.terminate()
            process.wait(20)


def _prefs(device: Device) -> Iterator[tuple[str, object]]:
    yield from _QUIET.items()
    if device.explicit:
        yield "network.proxy.type", 1
        for kind in ("http", "ssl"):
            yield f"network.proxy.{kind}", GATEWAY_V4
            yield f"network.proxy.{kind}_port", EXPLICIT_PORT


def _reached(device: Device, seconds: float = 60) -> socket.socket:
    """Marionette's port, on the device's own loopback. Raises OSError when it does not open in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            return device.namespace.dial("127.0.0.1", _PORT, 60)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
