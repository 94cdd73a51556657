"""Real clients in a pupil's namespace: curl, and Chromium with the school's CA in its NSS database (no -k,
no ignoring)."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.lab.client import Device
from tests.lab.net import EXPLICIT_PORT, GATEWAY_V4, SECOND_LANE
from tests.lab.wire import Reply


def proxy(device: Device) -> str:
    return f"http://{GATEWAY_V4}:{EXPLICIT_PORT + SECOND_LANE * device.second}"


def curl(device: Device, url: str, *more: str) -> Reply:
    """The last answer curl got for ``url``; status 0 with curl's own words when there was none."""
    with tempfile.TemporaryDirectory() as folder:
        head, body = Path(folder) / "head", Path(folder) / "body"
        command = ["curl", "-sS", "--path-as-is", "--max-time", "15", "--cacert", str(device.trust), "-D", str(head)]
        command += ["-o", str(body), *(("--proxy", proxy(device)) if device.explicit else ()), *more, url]
        command += ["--interface", device.namespace.second_v4] if device.second else []
        done = subprocess.run(device.namespace.command(*command), capture_output=True, text=True)
        blocks = head.read_bytes().decode("latin-1").strip().split("\r\n\r\n") if head.exists() else []
        if done.returncode or not blocks:
            return Reply(error=f"curl: {done.stderr.strip()}")
        start, *lines = blocks[-1].split("\r\n")
        headers = tuple((n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in lines))
        return Reply(int(start.split()[1]), headers, body.read_bytes() if body.exists() else b"")


@cache
def browser_home(trust: Path) -> Path:
    """A home folder whose NSS database trusts the school's CA and the lab's root."""
    home = Path(tempfile.mkdtemp(prefix="lab-home-"))
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    subprocess.run(["certutil", "-N", "-d", f"sql:{database}", "--empty-password"], check=True, capture_output=True)
    for number, block in enumerate(trust.read_text().split("-----END CERTIFICATE-----\n")[:-1]):
        pem = home / f"{number}.pem"
        pem.write_text(block[block.index("-----BEGIN") :] + "-----END CERTIFICATE-----\n")
        added = ["certutil", "-A", "-d", f"sql:{database}", "-n", f"lab{number}", "-t", "C,,", "-i", str(pem)]
        subprocess.run(added, check=True, capture_output=True)
    return home


def chromium(device: Device, url: str) -> str:
    """The document Chromium ends up with, as HTML."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["env", f"HOME={browser_home(device.trust)}", "chromium", "--headless", "--no-sandbox",
                   "--disable-gpu",
                   "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
                   f"--user-data-dir={profile}", "--virtual-time-budget=4000", "--dump-dom"]  # fmt: skip
        command += [f"--proxy-server={proxy(device)}"] if device.explicit else []
        done = subprocess.run(device.namespace.command(*command, url), capture_output=True, text=True, timeout=60)
    return done.stdout
