"""Chromium that is driven: it opens a page, reads it, presses its button (DevTools protocol over a pipe)."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.browse import browser_home, proxy
from tests.lab.client import Device

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--remote-debugging-pipe")  # fmt: skip


class Browser:
    """One page of one browser. Trusts what its NSS database trusts and nothing else."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._buffer, self._number, self._session = b"", 0, ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def open(self, url: str) -> str:
        """The document at ``url`` once it has loaded."""
        error = self._call("Page.navigate", url=url).get("errorText", "")
        return error if error else self.document()

    def press(self, selector: str) -> str:
        """Click, wait for the page that follows, and its document."""
        self.run("window.left = false")
        self.run(f"document.querySelector({selector!r}).click()")
        end = time.monotonic() + 10
        while self.run("window.left") is False and time.monotonic() < end:
            time.sleep(0.05)
        return self.document()

    def document(self) -> str:
        end = time.monotonic() + 15
        while self.run("document.readyState") != "complete" and time.monotonic() < end:
            time.sleep(0.05)
        return str(self.run("document.documentElement.outerHTML"))

    def run(self, script: str) -> object:
        """The value of a JavaScript expression; the page's own CSP does not apply to it."""
        return self._call("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")

    def framed(self, url: str) -> str:
        """The document of a frame of another site, which no script of the page can read; "" when there is none."""
        targets = self._call("Target.getTargets", filter=[{"type": "iframe"}])["targetInfos"]
        own, found = self._session, next((one["targetId"] for one in targets if one["url"] == url), "")
        if not found:
            return ""
        try:
            self._session = self._call("Target.attachToTarget", targetId=found, flatten=True)["sessionId"]
            return str(self.run("document.documentElement.outerHTML"))
        finally:
            self._session = own

    def size(self, width: int, height: int) -> None:
        """The window's inside."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def click(self, x: int, y: int) -> None:
        """A click of the mouse at this place, whatever lies there: a frame of another site, too."""
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path: Path, width: int, height: int) -> None:
        """The page as it looks in a window of this size, as a PNG."""
        self.size(width, height)
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                result: dict[str, Any] = answer.get("result", {})
                return result

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._back], [], [], 20)[0]:
                raise TimeoutError("the browser is silent")
            if not (data := os.read(self._back, 1 << 16)):
                raise ConnectionError("the browser has ended")
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@contextmanager
def browser(device: Device, *more: str) -> Iterator[Browser]:
    """Chromium on the pupil's device, by the proxy or redirected; ``more`` are flags of its own."""
    (theirs, to), (back, theirs_back) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = [
            *FLAGS,
            f"--user-data-dir={profile}",
            *([f"--proxy-server={proxy(device)}"] if device.explicit else []),
            *more,
        ]
        home = f"HOME={browser_home(device.trust)}"
        # Chromium reads file descriptor 3 and writes 4, whatever numbers ours have
        fds = ["bash", "-c", f'exec "$@" 3<&{theirs} 4>&{theirs_back}', "bash", "env", home, "chromium", *flags]
        process = subprocess.Popen(
            device.namespace.command(*fds), pass_fds=(theirs, theirs_back), stderr=subprocess.DEVNULL
        )
        for end in (theirs, theirs_back):
            os.close(end)
        try:
            yield Browser(to, back)
        finally:
            process.terminate()
            process.wait(10)
            for end in (to, back):
                os.close(end)
