"""What is led to the portal, what goes with it, and that nobody else can get there."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mitmproxy import http

from hedgerow import runtime
from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.core.model import Action, Capture, Decision, Identity, Name, NameSource, Policy, Request, Step
from hedgerow.proxy import apply, relay
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.facts import request_facts
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.layers import WAIT
from hedgerow.proxy.resolver import Resolver
from hedgerow.proxy.upstream import PORTAL, Dialer, Unreachable, UpstreamError
from tests.core.member import member
from tests.proxy.flows import flow
from tests.proxy.lab import lab
from tests.shipped import ROOT


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> runtime.Snapshot:
    """The shipped policies without a school."""
    root = tmp_path_factory.mktemp("relay")
    (root / "local").mkdir()
    lists = ROOT / "blocklists"
    sources = runtime.Sources(ROOT / "policies", root / "local", lists, lists, root / "index")
    return runtime.assemble(runtime.compile_files(sources))


def decision(step: Step = Step.CATEGORY, action: Action = Action.BLOCK) -> Decision:
    return Decision(action, Capture.DECRYPTED, "ages-8-10", step, "r", "w", "e", "site.test", policy="p", status=403)


def asked(*hosts: str, path: str = "/", destination: str = "") -> Request:
    names = [Name(NameSource.HOST, host) for host in hosts]
    if destination:
        names.append(Name(NameSource.DESTINATION, destination))
    return Request(tuple(names), path=path)


@pytest.mark.parametrize(
    "request_, step, ours",
    [
        (asked("site.test", path="/.well-known/hedgerow/report"), Step.CATEGORY, True),
        (asked("site.test", path="/.well-known/hedgerow/"), Step.FLOOR, True),
        (asked("site.test", path="/.well-known/hedgerow"), Step.CATEGORY, True),
        (asked("site.test", path="/.well-known/hedgerowx"), Step.CATEGORY, False),
        (asked("site.test", path="/x/.well-known/hedgerow/report"), Step.CATEGORY, False),
        (asked("site.test", path="/.well-known/hedgerow/report"), Step.BUILTIN, False),
        (asked("hedgerow.internal"), Step.PROTECTED, True),
        (asked("hedgerow.internal", destination="93.184.216.34"), Step.PROTECTED, True),
        (asked("hedgerow.internal"), Step.BUILTIN, False),
        (asked("hedgerow.internal", "site.test"), Step.CATEGORY, False),  # fronted
        (asked("hedgerow.internal", "site.test", path="/.well-known/hedgerow/report"), Step.CATEGORY, False),
        (asked("site.test", destination="93.184.216.34", path="/.well-known/hedgerow/report"), Step.CATEGORY, True),
        (asked("www.hedgerow.internal"), Step.DEFAULT, False),  # exactly the name
        (asked("ready.hedgerow.internal"), Step.PROTECTED, True),
        (asked("wpad", path="/wpad.dat"), Step.DEFAULT, True),
        (asked("wpad.school.test", destination="93.184.216.34", path="/wpad.dat"), Step.CATEGORY, True),
        (asked("wpad.school.test", path="/wpad.dat"), Step.BUILTIN, False),
        (asked("wpad.school.test", path="/"), Step.DEFAULT, False),
        (asked("xwpad.school.test", path="/wpad.dat"), Step.DEFAULT, False),
        (asked("wpad", "site.test", path="/wpad.dat"), Step.CATEGORY, False),
        (asked(destination="93.184.216.34"), Step.DEFAULT, False),
    ],
)
def test_what_is_ours(snapshot: runtime.Snapshot, request_: Request, step: Step, ours: bool) -> None:
    assert relay.is_ours(request_, decision(step), snapshot.policy) is ours


def led(snapshot: runtime.Snapshot, made: http.HTTPFlow) -> Judged:
    facts = request_facts(made, Connection("10.8.0.7"), False)
    identity = Identity("10.8.0.7", "ages-8-10", "pupils")
    state = Judged(snapshot, identity, facts, decision(), datetime.now(UTC))
    relay.send(made, state)
    return state


def test_who_asks_is_told_by_us_alone_and_nothing_of_the_site_goes_along(snapshot: runtime.Snapshot) -> None:
    forged = base64.urlsafe_b64encode(b'{"key": "10.0.0.1", "band": "staff"}').decode()
    fields = [
        ("Host", "site.test"),
        ("X-Hedgerow-Who", forged),
        ("x-hedgerow-WHO", forged),
        ("Cookie", "session=secret"),
        ("Authorization", "Basic eDp5"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("Connection", "x-hedgerow-who, upgrade"),
        ("Upgrade", "websocket"),
        ("Accept-Language", "en"),
    ]
    made = flow("/.well-known/hedgerow/x%20y?kind=help", fields)
    state = led(snapshot, made)
    sent = made.request
    assert isinstance(sent, http.Request)
    assert (sent.data.scheme, (sent.data.host, sent.data.port)) == (b"http", PORTAL)
    assert sent.path == "/.well-known/hedgerow/x%20y?kind=help"
    assert sorted(name.lower() for name in sent.headers) == ["accept-language", "connection", "host", "x-hedgerow-who"]
    told = json.loads(base64.urlsafe_b64decode(sent.headers["x-hedgerow-who"]))
    assert told == {"key": "10.8.0.7", "band": "ages-8-10", "network": "pupils", "language": "en",
                    "host": "site.test", "scheme": "http", "own": "http://hedgerow.internal/", "at": ""}  # fmt: skip
    assert state.own == "portal" and state.decision.protected and not state.decision.action.forbids
    assert made.response is None


def test_a_host_that_a_member_only_list_knows_is_not_told(snapshot: runtime.Snapshot) -> None:
    """A child reports from the page it was shown: the report must not name the site for it."""
    policy = replace(snapshot.policy, illegal=member(iwf="site.test/page"))
    made = flow("/.well-known/hedgerow/report", [("Host", "site.test")])
    led(replace(snapshot, policy=policy), made)
    told = json.loads(base64.urlsafe_b64decode(made.request.headers["x-hedgerow-who"]))
    assert told["host"] == ""


def test_a_form_of_a_megabyte_is_refused_before_it_is_read(snapshot: runtime.Snapshot) -> None:
    fields = [("host", "site.test"), ("content-length", str(relay.BODY_LIMIT + 1))]
    made = flow("/.well-known/hedgerow/report", fields, "POST")
    state = led(snapshot, made)
    assert made.response is not None and made.response.status_code == 413 and state.answered


@pytest.mark.parametrize(
    "fields, body, length",
    [
        ([("transfer-encoding", "chunked")], b"kind=help", "9"),
        ([], b"kind=help", "9"),  # h2 without a length
        ([("content-length", "9")], b"kind=help", "9"),
        ([("content-length", "0")], b"", "0"),
        ([], b"", None),
    ],
)
def test_a_whole_form_has_one_length(fields: list[tuple[str, str]], body: bytes, length: str | None) -> None:
    made = flow(headers=[("host", "site.test"), *fields], method="POST", body=body)
    made.request.trailers = http.Headers([(b"x-hedgerow-who", b"x")])
    relay.complete(made)
    assert made.request.headers.get("content-length") == length
    assert "transfer-encoding" not in made.request.headers and made.request.trailers is None


def test_the_portal_sets_no_cookie_on_anybodys_site() -> None:
    made = flow()
    made.response = http.Response.make(200, b"x", {"set-cookie": "a=b", "content-type": "text/html"})
    relay.take(made)
    assert "set-cookie" not in made.response.headers and made.response.stream is True


def test_a_header_of_one_hop_stays_out_of_h2() -> None:
    for version, kept in (("HTTP/1.1", True), ("HTTP/2.0", False)):
        made = flow(version=version)
        made.response = http.Response.make(200, b"x", {"connection": "close"})
        relay.take(made)
        assert ("connection" in made.response.headers) is kept  # RFC 9113 8.2.2


def test_no_client_can_name_where_the_portal_listens() -> None:
    with pytest.raises(HostError):
        canonical_host(PORTAL[0])
    with pytest.raises(HostError):
        canonical_host(PORTAL[0].strip("/") + "/")


def dialer(portal: Path | None) -> Dialer:
    return Dialer(Resolver(lambda name: ("127.0.0.1",)), portal=portal)


def test_the_dialer_opens_the_socket_and_says_when_nobody_listens(tmp_path: Path) -> None:
    path = tmp_path / "portal.sock"

    async def main() -> None:
        for made in (dialer(None), dialer(path)):
            with pytest.raises(UpstreamError) as refused:
                await made.open(*PORTAL, "10.8.0.7")
            assert refused.value.reason is Unreachable.REFUSED
            made.resolver.close()
        server = await asyncio.start_unix_server(lambda _, writer: writer.close(), path)
        made = dialer(path)
        reader, writer = await made.open(*PORTAL, "10.8.0.7")
        assert await reader.read() == b""
        writer.close()
        server.close()
        made.resolver.close()

    asyncio.run(main())


@pytest.mark.parametrize("status, reason", [(502, "refused"), (504, "timeout"), (502, "protocol")])
def test_while_the_portal_is_away_a_page_of_ours_says_so(snapshot: runtime.Snapshot, status: int, reason: str) -> None:
    made = flow("/.well-known/hedgerow/report")
    made.metadata[KEY] = led(snapshot, made)
    page = apply.error_page(status, reason, made, "en", snapshot)
    fields = dict(page.headers)
    assert page.status == 503 and fields["retry-after"] and fields["x-hedgerow-action"] == "fault"


class Leads:
    """Sends every request to the portal, as ``Enforce`` does with ours."""

    def __init__(self, wait: float) -> None:
        self._wait = wait

    def requestheaders(self, made: http.HTTPFlow) -> None:
        made.metadata.update({WAIT: self._wait})
        made.request.data.host, made.request.data.port = PORTAL


@pytest.mark.parametrize("answers", [False, None])
def test_a_portal_that_is_not_there_or_says_nothing_keeps_nobody_waiting(tmp_path: Path, answers: bool | None) -> None:
    """None: it accepts and is silent. The request never goes to the origin the client named."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1024):
            pass
        writer.close()

    async def main() -> bytes:
        async with lab(tmp_path, [Leads(0.3)], tls=False) as made:
            made.engine.dialer.portal = tmp_path / "portal.sock"
            server = await asyncio.start_unix_server(silent, tmp_path / "portal.sock")
            if answers is False:
                server.close()
                (tmp_path / "portal.sock").unlink(missing_ok=True)
            target = f"http://allowed.test:{made.origin_port}/"
            answer = await made.raw(f"GET {target} HTTP/1.1\r\nHost: allowed.test:{made.origin_port}\r\n\r\n".encode())
            server.close()
            assert made.origin.contacts == 0
            return answer

    assert asyncio.run(main())[:12] in (b"HTTP/1.1 502", b"HTTP/1.1 504")


def test_the_policy_knows_the_gateways_own_name(snapshot: runtime.Snapshot) -> None:
    policy: Policy = snapshot.policy
    assert "hedgerow.internal" in policy.gateway_names and policy.protected["hedgerow.internal"][0].shipped
