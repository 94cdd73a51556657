"""What the tests of this folder do to a machine, and ask of it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hedgerow.stores.categories import load_categories
from hedgerow.stores.lists import build, open_index
from tests.install.machine import ROOT, Done, Machine

BLOCKED, ALLOWED, ORIGIN = "www.bet365.com", "www.britannica.com", "45.90.10.10"
"""The origin's address is globally routable by its number; in the machine it is the loopback device's."""
SHIPPED = (
    *("addons", "policies", "blocklists", "deploy", "pyproject.toml", "requirements.lock"),
    *("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"),
)
"""What deploy/install copies."""
_ASK = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=20)
connection.request("GET", f"http://{sys.argv[1]}/", headers={"Connection": "close"})
answer = connection.getresponse()
print(answer.status, answer.headers.get("X-Hedgerow-Action", "site"))
"""


def ask(machine: Machine, host: str) -> str:
    """What a device with a proxy setting gets: ``403 block``, or ``200 site`` from the site itself."""
    return machine.run("python3", "-c", _ASK, host).out.strip()


def becomes(machine: Machine, host: str, answer: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while ask(machine, host) != answer:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def installs(machine: Machine, *options: str, source: str = "/src") -> Done:
    return machine.run(f"{source}/deploy/install", "--wheels", "/wheels", *options)


def version(machine: Machine, link: str = "current") -> str:
    return machine.path(f"/opt/hedgerow/{link}").readlink().name


def shown(machine: Machine, unit: str, name: str) -> str:
    """One property of a unit, as systemd has it."""
    return machine.run("systemctl", "show", "-p", name, "--value", unit).out.strip()


def journal(machine: Machine, unit: str) -> str:
    return machine.run("journalctl", "--no-pager", "-o", "cat", "-u", unit).out


def names_by_hand(machine: Machine) -> int:
    """How many names the shipped seeds and the school's own lists of this machine are, built here and not there."""
    folders = [
        machine.path(f"/opt/hedgerow/{version(machine)}/blocklists/seed"),
        machine.path("/etc/hedgerow/blocklists"),
    ]
    categories = load_categories(ROOT / "blocklists" / "categories.yaml").ids
    with tempfile.TemporaryDirectory() as aside:
        return open_index(build(folders, categories, Path(aside))).names


def nobody_elses(machine: Machine) -> bool:
    """True when every file of the state is the service's."""
    return machine.run("find", "/var/lib/hedgerow", "-not", "-user", "hedgerow").out == ""


def next_source(machine: Machine, name: str, file: str, text: str) -> str:
    """A checkout of another version in the machine: ours, with ``text`` added to one file."""
    folder = f"/root/{name}"
    assert machine.sh(f"mkdir -p {folder} && cd /src && cp -a {' '.join(SHIPPED)} {folder}/").code == 0
    path = machine.path(f"{folder}/{file}")
    path.write_text(path.read_text() + text)
    return folder
