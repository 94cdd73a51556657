"""I19, I20, I21: a refusal has the form of what was asked for: its type, 403, never kept, tiny, and no trap of ours."""

from __future__ import annotations

import json

import pytest

from tests.lab.client import Device, Refused, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Reply

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HTML, JSON, NONE = "text/html; charset=utf-8", "application/json", "text/plain"
KINDS = {  # what is asked for: path, Sec-Fetch-Dest, Accept, media type of the answer, most bytes of it
    "page": ("/", "document", BROWSER, HTML, 32_000),
    "frame": ("/", "iframe", BROWSER, HTML, 1_000),
    "embed": ("/a.pdf", "embed", BROWSER, HTML, 1_000),
    "object": ("/a.swf", "object", "*/*", HTML, 1_000),
    "events": ("/events", "", "text/event-stream", NONE, 0),
    "xml": ("/feed", "", "application/xml", NONE, 0),
    "names": ("/dns-query?dns=AAAB", "", "application/dns-message", NONE, 0),
    "image": ("/a.png", "image", "image/avif,image/webp,*/*;q=0.8", "image/svg+xml", 400),
    "favicon": ("/favicon.ico", "image", "image/avif,image/webp,*/*;q=0.8", "image/svg+xml", 400),
    "script": ("/a.js", "script", "*/*", "text/javascript", 0),
    "worker": ("/sw.js", "serviceworker", "*/*", "text/javascript", 0),
    "style": ("/a.css", "style", "text/css,*/*;q=0.1", "text/css", 0),
    "font": ("/a.woff2", "font", "*/*", "font/woff2", 0),
    "audio": ("/a.mp3", "audio", "*/*", "audio/mpeg", 0),
    "video": ("/a.mp4", "video", "*/*", "video/mp4", 0),
    "track": ("/a.vtt", "track", "*/*", "text/vtt", 8),
    "manifest": ("/app.webmanifest", "manifest", "*/*", JSON, 100),
    "fetch": ("/api", "empty", "*/*", JSON, 100),
    "json": ("/api", "empty", "application/json", JSON, 100),
}
PLAIN_HTTP = ("image", "favicon", "script", "style", "font", "audio", "video", "track", "page")
"""Browsers send no Sec-Fetch-Dest over http, and ``*/*`` for most: the path's end has to tell."""


def ask(device: Device, vehicle: str, host: str, path: str, headers: dict[str, str], method: str = "GET",
        body: bytes | None = None) -> Reply:  # fmt: skip
    if body is not None:
        headers = {**headers, "content-length": str(len(body))}
    if vehicle == "h2":
        return device.h2(host, fields(host, path, method, *headers.items()), body)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if vehicle == "plain":
        return device.http(host, path, *lines, method=method)
    return device.https(host, get(host, path, *lines, method=method) + (body or b""), method=method)


def right(reply: Reply, media: str, most: int) -> None:
    """Its type, 403, never kept, no longer than it must be, and nothing a browser could take for another."""
    assert (reply.status, reply.action) == (403, "block"), str(reply)
    assert reply.header("content-type") == media
    assert len(reply.body) <= most, f"{len(reply.body)} bytes"
    assert reply.header("cache-control") == "no-store" and reply.header("x-content-type-options") == "nosniff"
    assert reply.header("content-length") == str(len(reply.body))
    assert len(reply.header("x-hedgerow-code")) == 9
    assert not reply.header("set-cookie") and not reply.header("access-control-allow-origin")


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
@pytest.mark.parametrize("kind", KINDS)
def test_I19_the_right_answer(pupil: Device, watch: Watch, kind: str, vehicle: str) -> None:
    path, destination, accept, media, most = KINDS[kind]
    head = {"accept": accept, "sec-fetch-dest": destination}
    right(ask(pupil, vehicle, "blocked.test", path, head), media, most)
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("kind", PLAIN_HTTP)
def test_I19_over_plain_http(pupil: Device, kind: str) -> None:
    path, _, accept, media, most = KINDS[kind]
    right(ask(pupil, "plain", "blocked.test", path, {"accept": accept}), media, most)


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I19_preflight(pupil: Device, watch: Watch, vehicle: str) -> None:
    """Refused without leave to read the answer: the page handles it as any other failure."""
    head = {
        "origin": "https://allowed.test",
        "accept": "*/*",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-pond",
        "sec-fetch-mode": "cors",
        "sec-fetch-dest": "empty",
    }
    right(ask(pupil, vehicle, "blocked.test", "/api", head, "OPTIONS"), NONE, 0)
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I19_a_script_reads_the_code_of_its_own_site_only(pupil: Device, vehicle: str) -> None:
    head = {"accept": "*/*", "sec-fetch-dest": "empty", "origin": "https://allowed.test"}
    reply = ask(pupil, vehicle, "blocked.test", "/api", head)
    right(reply, JSON, 100)
    assert json.loads(reply.body) == {"hedgerow": {"action": "block", "code": reply.code}}


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_I19_what_is_sent_goes_nowhere(pupil: Device, watch: Watch, method: str, vehicle: str) -> None:
    """A form's answer is a page, a script's is JSON; the body is read to its end and passed on to nobody."""
    form = {"accept": BROWSER, "sec-fetch-dest": "document", "content-type": "application/x-www-form-urlencoded"}
    right(ask(pupil, vehicle, "blocked.test", "/form", form, method, b"q=frogs" * 2000), HTML, 32_000)
    call = {"accept": "*/*", "sec-fetch-dest": "empty", "content-type": "application/json"}
    right(ask(pupil, vehicle, "blocked.test", "/api", call, method, b"{}"), JSON, 100)
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("media", ["application/grpc", "application/grpc+proto", "application/dns-message"])
def test_I19_what_programs_say_gets_no_page(pupil: Device, media: str) -> None:
    """gRPC is a POST over h2; it accepts nothing, or all."""
    for accept in ({}, {"accept": "*/*"}):
        right(ask(pupil, "h2", "blocked.test", "/a.B/C", {"content-type": media, **accept}, "POST", b"\0" * 5), NONE, 0)


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I19_head(pupil: Device, watch: Watch, vehicle: str) -> None:
    reply = ask(pupil, vehicle, "blocked.test", "/a.png", {"accept": "*/*", "sec-fetch-dest": "image"}, "HEAD")
    assert (reply.status, reply.action, reply.body) == (403, "block", b"")
    assert reply.header("cache-control") == "no-store" and not watch.touching("blocked.test")


def test_I19_the_connection_goes_on_after_each(pupil: Device) -> None:
    """One refused part on a kept-alive connection costs the page nothing: the next request is answered as ever."""
    with pupil.tls("blocked.test") as link:
        for kind in ("image", "font", "json", "page"):
            path, destination, accept, media, most = KINDS[kind]
            link.send(get("blocked.test", path, f"Accept: {accept}", f"Sec-Fetch-Dest: {destination}"))
            right(link.reply(), media, most)
        link.send(get("blocked.test", "/", method="HEAD"))
        assert link.reply("HEAD").status == 403
        link.send(get("blocked.test", "/again"))
        assert link.reply().status == 403


def test_I19_streams_of_one_h2_connection_do_not_hurt_each_other(pupil: Device) -> None:
    with pupil.h2_session("blocked.test") as session:
        streams = [
            (
                session.start(fields("blocked.test", path, "GET", ("accept", accept), ("sec-fetch-dest", dest))),
                media,
                most,
            )
            for path, dest, accept, media, most in KINDS.values()
        ]
        for stream, media, most in streams:
            right(session.finish(stream), media, most)


def test_I19_websocket(pupil: Device, watch: Watch) -> None:
    with pytest.raises(Refused) as refused, pupil.websocket("blocked.test"):
        pass
    reply = refused.value.reply
    assert (reply.status, reply.action) == (403, "block") and reply.header("content-type") == NONE
    assert reply.header("cache-control") == "no-store" and not watch.touching("blocked.test")


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I19_the_form_never_changes_the_verdict(teen: Device, watch: Watch, vehicle: str) -> None:
    """Whoever calls a page a picture gets a picture of ours, not the page."""
    for destination in ("image", "script", "empty", "font", "nonsense", ""):
        reply = ask(teen, vehicle, "unlisted.example.test", "/", {"sec-fetch-dest": destination, "accept": "*/*"})
        assert reply.status == 403 and not reply.from_origin, f"{destination}: {reply}"


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I19_an_empty_answer_shows_nothing(teen: Device, vehicle: str) -> None:
    """A preflight to a host in no list, as an older pupil's page sends it, must not be taken for a page."""
    head = {"origin": "https://allowed.test", "access-control-request-method": "PUT", "accept": "*/*"}
    for path in ("/_status?code=204", "/_empty?length=1" if vehicle == "h2" else "/_empty"):
        reply = ask(teen, vehicle, "unlisted.example.test", path, head, "OPTIONS")
        assert reply.status in (200, 204) and not reply.action, f"{path}: {reply}"


def test_I19_an_answer_that_only_says_it_is_empty(teen: Device) -> None:
    """A length of nothing with a page behind it is a broken answer, and not a way past the question."""
    reply = teen.h2("unlisted.example.test", fields("unlisted.example.test", "/_set?content-length=0"))
    assert not reply.from_origin, str(reply)


@pytest.mark.parametrize("vehicle", ["h1", "h2", "plain"])
def test_I20_nobody_frames_a_page_of_ours(pupil: Device, vehicle: str) -> None:
    """No other site can lay its own picture over "continue": in no frame, by both old and new headers' rules."""
    for host in ("blocked.test", "warned.test", "helped.test"):
        policy = ask(pupil, vehicle, host, "/", {"accept": BROWSER}).header("content-security-policy")
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy and "default-src 'none'" in policy
        assert "unsafe" not in policy and "base-uri 'none'" in policy


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_I21_a_blocked_site_with_hsts_is_refused_inside_its_own_tls(pupil: Device, vehicle: str) -> None:
    """A clean answer under a certificate for that very name: nobody is trained to click a warning away, and nobody
    is led to another name or back to http."""
    for host in ("blocked.test", "www.pornhub.com"):
        reply = ask(pupil, vehicle, host, "/", {"accept": BROWSER})
        assert (reply.status, reply.action) == (403, "block"), str(reply)
        assert not reply.header("location") and not reply.header("refresh")
        assert b"http-equiv" not in reply.body.lower() and b"thisisunsafe" not in reply.body
        assert not reply.header("strict-transport-security")  # the name is not ours to promise for
        assert reply.header("clear-site-data") == ""


def test_I21_the_certificate_names_the_site(lab_chain: tuple[bytes, str]) -> None:
    """For exactly the name that was asked for, under the school's CA that the device trusts."""
    names, issuer = lab_chain
    assert b"blocked.test" in names and issuer


@pytest.fixture
def lab_chain(pupil: Device) -> tuple[bytes, str]:
    reply = pupil.https("blocked.test")
    with pupil.tls("blocked.test") as link:
        certificate = link.socket.getpeercert(binary_form=True)  # type: ignore[union-attr]
    return certificate or b"", reply.issuer


@pytest.mark.parametrize("host", ["expired.test", "selfsigned.test", "wronghost.test", "untrusted.test"])
def test_I21_a_bad_certificate_has_no_button_that_goes_on(pupil: Device, host: str) -> None:
    """The gateway has looked for the pupil, and says no for the pupil: a page without a way on."""
    reply = ask(pupil, "h1", host, "/", {"accept": BROWSER})
    assert reply.status == 502 and not reply.from_origin and reply.header("cache-control") == "no-store", str(reply)
    assert b"/.well-known/hedgerow/continue" not in reply.body and b'name="token"' not in reply.body


@pytest.mark.parametrize("host", ["expired.test", "nx.test"])
def test_I19_a_failure_has_the_right_form_too(pupil: Device, host: str) -> None:
    """A picture of a site that cannot be reached is a small picture, not a page inside an <img>."""
    for kind in ("image", "font", "script", "fetch"):
        path, destination, accept, media, most = KINDS[kind]
        reply = ask(pupil, "h1", host, path, {"accept": accept, "sec-fetch-dest": destination})
        assert reply.status in (502, 504) and reply.header("content-type") == media, f"{kind}: {reply}"
        assert len(reply.body) <= most + 20 and reply.header("cache-control") == "no-store"


def test_I21_http_is_refused_where_it_was_asked(pupil: Device) -> None:
    reply = ask(pupil, "plain", "blocked.test", "/", {"accept": BROWSER})
    assert reply.status == 403 and not reply.header("location")


def test_an_open_site_is_served_in_all_forms(pupil: Device) -> None:
    """None of this touches what is open."""
    for kind in ("page", "image", "fetch"):
        path, destination, accept, *_ = KINDS[kind]
        for vehicle in ("h1", "h2"):
            assert_served(ask(pupil, vehicle, "allowed.test", path, {"accept": accept, "sec-fetch-dest": destination}))


def test_a_closed_name_stays_closed_in_all_forms(pupil: Device, watch: Watch) -> None:
    for _, (path, destination, accept, *_rest) in KINDS.items():
        reply = ask(pupil, "h1", "cdn-blocked.test", path, {"accept": accept, "sec-fetch-dest": destination})
        assert_refused(reply, {403}, watch)
