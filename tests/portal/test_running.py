"""The portal through the running gateway: reports, codes and help from the page's own origin, and no forged name."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from urllib.parse import urlencode, urlsplit

import pytest

from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.wire import Reply
from tests.portal.place import header

PREFIX = "/.well-known/hedgerow"
OWN = "hedgerow.test"
FORM = "Content-Type: application/x-www-form-urlencoded"


def ask(pupil: Device, host: str, path: str, *headers: str) -> Reply:
    """The page, on our own name if it is led there."""
    reply = pupil.https(host, get(host, path, *headers))
    if reply.status == 303 and (there := urlsplit(reply.header("location"))).hostname == OWN:
        return pupil.https(OWN, get(OWN, f"{there.path}?{there.query}", *headers))
    return reply


def post(pupil: Device, host: str, path: str, fields: dict[str, str], *headers: str) -> Reply:
    body = urlencode(fields).encode()
    head = get(host, path, FORM, f"Content-Length: {len(body)}", *headers, method="POST")
    return pupil.https(host, head + body, method="POST")


def hidden(reply: Reply) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', reply.body.decode()))


def reports(gateway: Gateway) -> list[dict[str, object]]:
    with sqlite3.connect(gateway.state / "reports.sqlite") as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("select * from reports order by rowid")]
    connection.close()
    return rows


def run(gateway: Gateway, *arguments: str) -> str:
    done = gateway.cli(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def codes(gateway: Gateway, *arguments: str) -> list[dict[str, str]]:
    why = ("--by", "Minh", "--reason", "a lesson", "--json")
    made: list[dict[str, str]] = json.loads(run(gateway, "pass", "code", *arguments, *why))
    return made


def test_a_report_from_a_blocked_page_reaches_the_store_by_the_gate_and_no_origin(
    pupil: Device, gateway: Gateway, lab: Lab
) -> None:
    watch, before = lab.watch(), len(reports(gateway))
    page = ask(pupil, "blocked.test", f"{PREFIX}/report?kind=hurt&code=ABCD-1234")
    assert page.status == 200 and b"111" in page.body.partition(b"<form")[0]
    assert len(reports(gateway)) == before  # nothing is stored by looking
    sent = post(pupil, "blocked.test", f"{PREFIX}/report", {**hidden(page), "text": f"from {pupil.mode}"})
    assert sent.status == 200, str(sent)
    made = reports(gateway)[-1]
    assert (made["kind"], made["text"], made["host"]) == ("hurt", f"from {pupil.mode}", "blocked.test")
    assert (made["band"], made["network"], made["page_code"]) == ("ages-8-10", "young", "")
    assert pupil.namespace.v4 not in repr(made)
    code = re.search(rb'<p class="code" dir="ltr">([0-9A-Z-]+)</p>', sent.body)
    assert code
    told = post(pupil, "hedgerow.test", "/outcome", {"code": code[1].decode()})
    assert told.status == 200 and b"Nobody has read it yet" in told.body
    assert not watch.requests()


def test_nobody_speaks_in_anothers_name(pupil: Device, gateway: Gateway) -> None:
    forged = header(key="10.20.40.10", band="staff", host="forged.test", language="ru")["x-hedgerow-who"]
    for written in (
        f"X-Hedgerow-Who: {forged}",
        f"x-hedgerow-who: {forged}\r\nX-HEDGEROW-WHO: {forged}",
        f"Connection: x-hedgerow-who\r\nX-Hedgerow-Who: {forged}",
        f"X_Hedgerow_Who: {forged}",
    ):
        page = ask(pupil, "blocked.test", f"{PREFIX}/report?kind=hurt", *written.split("\r\n"))
        assert page.status == 200 and page.header("content-language") == "en"
        assert b"forged.test" not in page.body
        assert hidden(page)["token"]
        sent = post(pupil, "blocked.test", f"{PREFIX}/report", hidden(page) | {"text": written}, *written.split("\r\n"))
        assert sent.status == 200
        made = reports(gateway)[-1]
        assert (made["band"], made["host"]) == ("ages-8-10", "blocked.test")


def test_one_pupils_form_is_no_other_pupils(lab: Lab, gateway: Gateway, pupil: Device) -> None:
    other = lab.device("pupil14", pupil.mode, gateway.ca)
    page = ask(other, "blocked.test", f"{PREFIX}/report?kind=hurt")
    sent = post(pupil, "blocked.test", f"{PREFIX}/report", {**hidden(page), "text": "x"})
    assert sent.status == 403 and hidden(sent)["token"]


def test_a_code_opens_the_page_in_all_workers(lab: Lab, gateway: Gateway, explicit: Device) -> None:
    (made,) = codes(gateway, "--band", "ages-8-10", "--site", "blocked.test", "--minutes", "5", "--uses", "30")
    code = made["code"]
    page = ask(explicit, "blocked.test", "/lesson")
    assert page.status == 403 and hidden(page)["to"] == "/lesson"
    wrong = post(explicit, "blocked.test", f"{PREFIX}/unlock", {**hidden(page), "code": "0000-0000"})
    assert wrong.status == 403 and hidden(wrong)["to"] == "/lesson"
    opened = post(explicit, "blocked.test", f"{PREFIX}/unlock", {**hidden(wrong), "code": code})
    assert (opened.status, opened.header("location")) == (303, "/lesson")
    replies = [ask(explicit, "blocked.test", "/") for _ in range(8)]
    assert all(reply.from_origin for reply in replies), [str(reply) for reply in replies]
    assert ask(lab.device("pupil14", "explicit", gateway.ca), "blocked.test", "/").status == 403
    run(gateway, "pass", "end", made["id"], "--by", "Minh", "--reason", "the lesson is over")
    time.sleep(0.5)
    assert ask(explicit, "blocked.test", "/").status == 403


@pytest.mark.parametrize("cookie", ["session=secret"])
def test_no_cookie_goes_in_and_none_comes_out(pupil: Device, cookie: str) -> None:
    page = ask(pupil, "blocked.test", f"{PREFIX}/", f"Cookie: {cookie}", "Authorization: Basic eDp5")
    assert page.status == 200 and not page.header("set-cookie") and not page.header("server")
    assert page.action == "portal" and page.code


def test_on_http_too_and_with_what_is_not_canonical(pupil: Device) -> None:
    for path in (f"{PREFIX}/help", "/.well-known/./hedgerow/help", "/x/../.well-known//hedgerow/help"):
        reply = pupil.http("blocked.test", path)
        assert (reply.status, reply.header("location")) == (303, f"http://{OWN}/help?site=blocked.test"), str(reply)
    assert b"18001776" in pupil.http(OWN, "/help?site=blocked.test").body
    assert pupil.http("blocked.test", "/.well-known/hedgerowx/help").status == 403


def test_over_h2_with_a_body_with_too_much_of_it_and_with_other_methods(pupil: Device, gateway: Gateway) -> None:
    page = pupil.h2(OWN, fields(OWN, "/report?kind=harmful&site=blocked.test"))
    body = urlencode({**hidden(page), "text": "over h2"}).encode()
    form = ("content-type", "application/x-www-form-urlencoded")

    def sent(method: str, content: bytes | None) -> Reply:
        return pupil.h2("blocked.test", fields("blocked.test", f"{PREFIX}/report", method, form), content)

    assert sent("POST", body).status == 200 and reports(gateway)[-1]["text"] == "over h2"
    assert sent("POST", b"text=" + b"x" * 70_000).status == 413
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        reply = sent(method, None)
        assert reply.status == 405 and not reply.header("access-control-allow-origin")
    head = pupil.https(OWN, get(OWN, "/help", method="HEAD"), method="HEAD")
    assert head.status == 200 and head.body == b""


def test_a_websocket_to_the_portal_is_none(pupil: Device) -> None:
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")  # fmt: skip
    assert ask(pupil, "blocked.test", f"{PREFIX}/help", *upgrade).status == 200


def test_continue_stays_with_the_worker_also_on_our_own_name(pupil: Device) -> None:
    reply = post(pupil, "hedgerow.test", f"{PREFIX}/continue", {"token": "x", "to": "/"})
    assert (reply.status, reply.header("location")) == (303, "/")


def test_whoever_names_two_hosts_gets_neither(pupil: Device) -> None:
    for sni, host in (("hedgerow.test", "blocked.test"), ("blocked.test", "hedgerow.test")):
        reply = pupil.https("blocked.test", get(host, f"{PREFIX}/help"), sni=sni)
        assert reply.status == 421 or (reply.action == "block" and reply.status == 403), str(reply)


def test_the_portals_socket_cannot_be_asked_for_by_any_name(explicit: Device) -> None:
    for name in ("//portal", "%2F%2Fportal", "portal", "//portal:0"):
        assert not is_portal(explicit.plain(get(name, f"http://{name}/health")))
        assert not is_portal(explicit.plain(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()))


def is_portal(reply: Reply) -> bool:
    return b'"portal"' in reply.body or reply.status == 200
