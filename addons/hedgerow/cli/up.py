"""``hedgerow up``: the gateway in the background, ready and tested before the command ends; ``--stop`` ends it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import click

from hedgerow.cli import selftest
from hedgerow.cli.common import Failure, Place, found
from hedgerow.cli.serve import gateway_options, options_of
from hedgerow.stores.site import GATEWAY_NAME
from hedgerow.stores.state import prepare
from hedgerow.supervisor_serve import Options
from hedgerow.supervisor_sockets import Listen

_READY_SECONDS = 120.0
_STOP_SECONDS = 30.0
_LOG = "hedgerow.log"
_left_running: list[subprocess.Popen[bytes]] = []
"""Children that are meant to outlive us; held, for Python complains about a child nobody holds or waits for."""


@click.command()
@click.option("--stop", is_flag=True, help="Stop the gateway that runs from this state folder.")
@click.option("--no-test", is_flag=True, help="Do not show one blocked and one allowed request.")
@gateway_options
def up(place: Place, stop: bool, no_test: bool, **given: Any) -> None:
    """Start the gateway in the background, wait until it filters, and show that it does."""
    if stop:
        click.echo(stop_running(place.state))
        return
    options = options_of(place, **given)
    if (pid := running(place.state)) is None:
        _start(place, options, given)
    else:
        click.echo(f"Hedgerow is already running (process {pid}); to start it anew: hedgerow up --stop")
    _say_addresses(place, options)
    if not no_test:
        fine = selftest.show(place, options, click.echo)
        selftest.confirm_by_telephone(place, click.echo)
        if not fine:
            raise Failure("the self-test failed: see above", 1)


def running(state: Path) -> int | None:
    """The process that holds the state folder's lock, or None."""
    path = state / "hedgerow.pid"
    try:
        with open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0) or None
    except FileNotFoundError:
        pass
    return None


def stop_running(state: Path) -> str:
    """Ask the gateway to finish what it has begun, and wait for it. Raises Failure when it does not end."""
    pid = running(state)
    if pid is None:
        return "Hedgerow is not running"
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while running(state) is not None:
        if time.monotonic() > deadline:
            raise Failure(f"process {pid} did not end within {_STOP_SECONDS:.0f} s")
        time.sleep(0.1)
    for process in _left_running:
        process.wait(_STOP_SECONDS)
    return "Hedgerow has stopped: nothing is filtered, and nothing passes, on its ports"


def _start(place: Place, options: Options, given: dict[str, Any]) -> None:
    prepare(place.state)
    log = place.state / _LOG
    with open(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hedgerow", "serve", *_arguments(place, given)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _left_running.append(process)
    _wait(process, ready_url(options), log)


def _arguments(place: Place, given: dict[str, Any]) -> list[str]:
    listens = [part for text in given["listen"] for part in ("--listen", text)]
    folders = {"--policies": place.policies, "--blocklists": place.blocklists, "--state": place.state}
    arguments = [part for name, path in folders.items() for part in (name, str(path.absolute()))]
    arguments += [*listens, "--mode", given["mode"], "--workers", str(given["workers"]), "--metrics", given["metrics"]]
    arguments += ["--portal", given["portal"]] if given.get("portal") else []
    arguments += ["--selftest-every", str(given["selftest_every"])]
    return [*arguments, "--upstream-ca", str(given["upstream_ca"].absolute())] if given["upstream_ca"] else arguments


def ready_url(options: Options) -> str:
    return f"http://{Listen(*options.metrics).reachable}/ready"


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Until every worker is ready. Raises Failure with the end of the log when the gateway ends or takes too long."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(log.read_text().strip() or f"the gateway ended with {process.returncode}")
        if _is_ready(url):
            return
        time.sleep(0.2)
    process.terminate()
    raise Failure(f"not ready after {_READY_SECONDS:.0f} s; the log {log} ends with:\n{_tail(log)}")


def _warnings(log: Path) -> list[str]:
    """What the gateway said at its start that somebody should know."""
    try:
        return [line for line in log.read_text("utf-8", "replace").splitlines() if line.startswith("warning: ")]
    except OSError:
        return []


def _tail(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-15:])


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as response:
            return bool(json.load(response)["ready"])
    except (OSError, ValueError):
        return False


def _say_addresses(place: Place, options: Options) -> None:
    click.echo("Hedgerow is running.")
    for listen in options.listens:
        click.echo(f"  pupils' devices use   {listen} ({_how(listen)})")
    click.echo(f"  devices must trust    {(place.state / 'ca' / 'mitmproxy-ca-cert.pem').absolute()}")
    click.echo(
        f"  reports and help      http://{GATEWAY_NAME}/ through the gateway; poster: http://{GATEWAY_NAME}/poster"
    )
    click.echo(f"  set devices up        http://{GATEWAY_NAME}/device through the gateway, see deploy/DEVICES.md")
    for line in _warnings(place.state / _LOG):
        click.echo(line)
    if options.portal:
        click.echo(f"                        http://{options.portal.reachable}/ without it")
    click.echo(f"  Prometheus scrapes    http://{options.metrics[0] or '*'}:{options.metrics[1]}/metrics")
    state = "" if place.state.resolve() == found("state").resolve() else f" --state {place.state}"
    click.echo(f"  stop it with          {_command()} up --stop{state}")


def _how(listen: Listen) -> str:
    return "redirected by the firewall" if listen.mode == "transparent" else "as their HTTP proxy"


def _command() -> str:
    script = Path(sys.executable).parent / "hedgerow"
    return str(script) if script.exists() else "hedgerow"
