"""Our own bug blocks. Each hook of each addon raises, hangs and answers nonsense, in both modes, over h1 and h2.

No byte of the origin's body reaches the client, the fault page does, the counter moves, and the next request is served.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.hooks import addon_classes, hooks
from tests.lab import school
from tests.lab.client import MODES, Device, Refused, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import ROOT, Lab
from tests.lab.verdict import assert_served
from tests.lab.wire import Reply

HOOKS = hooks()
AFTER = {"client_disconnected", "error", "websocket_end", "tls_failed_client", "tls_failed_server"}
"""Nothing can pass any more when these run: their faults are counted and do no harm."""
CONNECTION = {"client_connected", "http_connect", "tls_clienthello"}
FORM = ("content-type", "application/x-www-form-urlencoded")
Scene = Callable[[Device, str], Reply]


@contextlib.contextmanager
def faulty_gateway(lab: Lab, name: str, patience: str = "") -> Iterator[tuple[Gateway, Path]]:
    """A gateway any hook of which fails when the file beside it says so; with ``patience`` in place of its own."""
    told = lab.folder / f"{name}.told"
    told.write_text("")
    path = f"{ROOT / 'tests/e2e/faulty'}:{ROOT}"
    gateway = school.start(
        lab, name, env={"PYTHONPATH": path, "HEDGEROW_LAB_FAULT": str(told), "HEDGEROW_LAB_PATIENCE": patience}
    )
    yield gateway, told
    gateway.stop()


@contextlib.contextmanager
def failing(told: Path, owner: str, hook: str, kind: str) -> Iterator[None]:
    told.write_text(f"{owner}.{hook} {kind}")
    try:
        yield
    finally:
        told.write_text("")


@pytest.fixture(scope="module")
def faulty(lab: Lab) -> Iterator[tuple[Gateway, Path]]:
    """Half as patient as a school's: each of fifty hangs is waited for. The long ones wait the whole two seconds."""
    with faulty_gateway(lab, "faulty", "1") as started:
        yield started


def ask(device: Device, version: str, path: str = "/", body: bytes = b"a=pond", *extra: tuple[str, str]) -> Reply:
    """A POST, so that request hooks have a body."""
    headers = [*(extra or (FORM,)), ("content-length", str(len(body)))]
    if version == "h2":
        return device.h2("allowed.test", fields("allowed.test", path, "POST", *headers), body)
    lines = [f"{name}: {value}" for name, value in headers]
    return device.https("allowed.test", get("allowed.test", path, *lines, method="POST") + body)


def page(device: Device, version: str) -> Reply:
    return ask(device, version)


def large_answer(device: Device, version: str) -> Reply:
    return ask(device, version, "/_huge?mb=4&type=text/html")


def large_request(device: Device, version: str) -> Reply:
    return ask(device, version, "/", b"pond " * 200_000, ("content-type", "text/plain"))


def message(device: Device, version: str) -> Reply:
    """Not over h2: WebSockets there are refused. What was heard back stands for the body."""
    try:
        with device.websocket("allowed.test") as socket:
            socket.link.socket.settimeout(4)
            with contextlib.suppress(TimeoutError):
                return Reply(error="closed", body=socket.echo("origin-ok").encode())
    except Refused as refused:
        return refused.reply
    return Reply(error="closed")


def distrust(device: Device, version: str) -> Reply:
    """A client that refuses our certificate."""
    try:
        with device.tunnel("allowed.test") as link:
            ssl.create_default_context().wrap_socket(link.socket, server_hostname="allowed.test").close()
    except (Refused, OSError):
        pass
    return Reply(error="closed")


def bad_certificate(device: Device, version: str) -> Reply:
    return device.https("selfsigned.test") if version == "h1" else device.h2("selfsigned.test")


def no_such_name(device: Device, version: str) -> Reply:
    return device.https("nx.test") if version == "h1" else device.h2("nx.test")


def blocked_words(device: Device, version: str) -> Reply:
    """A conversation that is closed for its words, so that its end is recorded."""
    with contextlib.suppress(Refused, TimeoutError), device.websocket("allowed.test") as socket:
        socket.link.socket.settimeout(0.3)
        socket.echo(f"say {school.PHRASE}")
    return Reply(error="closed")


SCENES: dict[str, Scene] = {
    "response_prefix": large_answer,
    "request_prefix": large_request,
    "websocket_message": message,
    "websocket_end": blocked_words,
    "tls_failed_client": distrust,
    "tls_failed_server": bad_certificate,
    "error": no_such_name,
}


def counted(gateway: Gateway, hook: str) -> float:
    return gateway.metric("hedgerow_faults_total", hook=hook)


def until(true: Callable[[], bool], seconds: float = 3) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_introspection_finds_the_addons() -> None:
    assert {kind.__name__ for kind in addon_classes()} == {"Identify", "Decrypt", "Enforce", "Inspect", "Record"}
    assert {hook for _, hook in HOOKS} >= {
        "requestheaders",
        "request",
        "responseheaders",
        "response",
        "tls_clienthello",
    }


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["raise", "nonsense", "hang"])
@pytest.mark.parametrize("owner, hook", HOOKS, ids=[f"{owner}.{hook}" for owner, hook in HOOKS])
def test_hook(
    lab: Lab, faulty: tuple[Gateway, Path], owner: str, hook: str, kind: str, mode: str, version: str
) -> None:
    if hook == "http_connect" and mode == "transparent":
        pytest.skip("transparent clients send no CONNECT")
    if hook.startswith("websocket") and version == "h2":
        pytest.skip("WebSocket is spoken over HTTP/1.1")
    gateway, told = faulty
    device = lab.device("pupil8", mode, gateway.ca, second=True)
    before = counted(gateway, hook)
    with failing(told, owner, hook, kind):
        reply = SCENES.get(hook, page)(device, version)
        assert until(lambda: counted(gateway, hook) > before), f"no fault was counted: {reply}"
    assert b"origin-ok" not in reply.body, "the origin's body came through"
    if hook not in AFTER and not hook.startswith("websocket"):
        closed = reply.status == 0 and hook in CONNECTION
        assert closed or (reply.status == 503 and reply.action), f"expected the fault page, got {reply}"
    assert_served(page(device, version))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("hook", ["Enforce.requestheaders", "Enforce.request", "Inspect.response"])
def test_the_fault_page_says_whom_to_call(lab: Lab, faulty: tuple[Gateway, Path], hook: str, mode: str) -> None:
    """In the school's words, in the reader's language; and a picture is answered by a picture."""
    gateway, told = faulty
    device = lab.device("pupil8", mode, gateway.ca, second=True)
    owner, _, name = hook.partition(".")
    with failing(told, owner, name, "raise"):
        for version in ("h1", "h2"):
            browser = ("accept", "text/html"), ("sec-fetch-dest", "document"), ("accept-language", "ru")
            reply = ask(device, version, "/", b"a=b", FORM, *browser)
            page = reply.body.decode()
            assert reply.status == 503 and 'lang="ru"' in page, str(reply)
            assert 'href="tel:' in page and "Lab School" in page and "report?kind=help" in page
            picture = ask(device, version, "/a.png", b"a=b", FORM, ("sec-fetch-dest", "image"))
            assert picture.status == 503 and picture.header("content-type") == "image/svg+xml"
            assert len(picture.body) < 400
