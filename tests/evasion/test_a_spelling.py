"""Group A: one destination, spelled in every way a client can think of.

``blocked.test`` is blocked and ``allowed.test`` allowed by name; whatever the spelling, the blocked site is never
contacted and never judged as the allowed one.
"""

from __future__ import annotations

import pytest

from tests.evasion.vehicles import VEHICLES, plain, tls_h1, tls_h2
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.verdict import CLOSED, assert_refused, assert_served

TEXT_400 = (400,)
EITHER = (400, 403)

SPELLINGS = [
    ("A01", "blocked.test", (403,)),
    ("A01-upper", "BLOCKED.Test", (403,)),
    ("A01-dot", "blocked.test.", (403,)),
    ("A01-below", "www.blocked.test", (403,)),
    ("A04-two-dots", "blocked.test..", TEXT_400),
    ("A04-leading-dot", ".blocked.test", TEXT_400),
    ("A05-port", "blocked.test:80", EITHER),
    ("A06-empty-port", "blocked.test:", EITHER),
    ("A07-zero", "blocked.test:0", EITHER),
    ("A07-high", "blocked.test:99999", EITHER),
    ("A07-twice", "blocked.test:80:80", EITHER),
    ("A07-octal", "blocked.test:08080", EITHER),
    ("A07-signed", "blocked.test:+80", EITHER),
    ("A08-userinfo", "allowed.test@blocked.test", EITHER),
    ("A08-escaped", "blocked.test%40allowed.test", EITHER),
    ("A09", "x@blocked.test", EITHER),
    ("A10-letter", "%62locked.test", EITHER),
    ("A10-dot", "blocked%2etest", EITHER),
    ("A10-twice", "%2562locked.test", EITHER),
    ("A13-full-width", "ｂｌｏｃｋｅｄ.test", EITHER),
    ("A13-ideographic-stop", "blocked。test", EITHER),
    ("A13-full-width-stop", "blocked．test", EITHER),
    ("A13-half-width-stop", "blocked｡test", EITHER),
    ("A14-listed-idn-as-punycode", "xn--bcher-kva.test", (403,)),
    ("A14-listed-idn", "bücher.test", EITHER),
    ("A14-upper", "XN--BCHER-KVA.test", (403,)),
    ("A17-mixed-scripts", "blоcked.test", EITHER),  # a Cyrillic о
    ("A17-mixed-scripts-punycode", "xn--blcked-xqf.test", EITHER),
    ("A17-forbidden-joiner", "blo\u200dcked.test", EITHER),
    ("A17-soft-hyphen", "blo\u00adcked.test", EITHER),
    ("A21-label-64", "a" * 64 + ".test", TEXT_400),
    ("A21-name-256", ".".join(["a" * 50] * 6) + ".test", TEXT_400),
    ("A21-space", "blocked .test", TEXT_400),
    ("A21-backslash", "allowed.test\\.blocked.test", TEXT_400),
    ("A21-bad-utf8", "blocked\udcff.test", TEXT_400),
    ("A21-leading-dash", "-dash.test", (403,)),
]


@pytest.mark.parametrize("vehicle", VEHICLES)
@pytest.mark.parametrize("spelling, statuses", [pytest.param(s, st, id=i) for i, s, st in SPELLINGS])
def test_spelling(pupil: Device, watch: Watch, vehicle: str, spelling: str, statuses: tuple[int, ...]) -> None:
    if vehicle == "connect" and not pupil.explicit:
        pytest.skip("transparent clients send no CONNECT")
    reply = VEHICLES[vehicle](pupil, spelling)
    allowed = {*statuses, 400} if vehicle == "connect" else {*statuses, 421, 403} if vehicle != "plain" else {*statuses}
    if vehicle == "h2":
        allowed |= {400, CLOSED}  # a stream error is as good
    if vehicle == "plain" and "\\" in spelling:
        allowed |= {403}
    assert_refused(reply, allowed, watch, "blocked.test", "xn--bcher-kva.test", "-dash.test")
    assert not watch.requests(), "nothing is asked of any origin"


@pytest.mark.parametrize("raw", [b"", b"a\x00b.test", b"\tblocked.test\t.x", b"a/b", b"bl\tocked.test"], ids=repr)
def test_A21_host_bytes(pupil: Device, watch: Watch, raw: bytes) -> None:
    target = b"http://allowed.test/" if pupil.explicit else b"/"
    reply = pupil.plain(b"GET " + target + b" HTTP/1.1\r\nHost: " + raw + b"\r\n\r\n")
    assert_refused(reply, {400, 403, 421}, watch, "blocked.test", "allowed.test")


def test_A21_underscore_is_a_name(pupil: Device) -> None:
    assert_served(pupil.http("under_score.test"))


@pytest.mark.parametrize("port", [8443, 443])
def test_A05_tls_on_another_port(explicit: Device, watch: Watch, port: int) -> None:
    reply = explicit.https("blocked.test", get(f"blocked.test:{port}"), port=port)
    assert_refused(reply, {403}, watch, "blocked.test")


@pytest.mark.parametrize(
    "target",
    ["http://blocked.test:/", "http://blocked.test:80:80/", "http://blocked.test:0/", "http://blocked.test:08080/",
     "http://allowed.test@blocked.test/", "http://allowed.test:80@blocked.test/", "http://allowed.test:@blocked.test:80/",
     "http://blocked.test%40allowed.test/", "http://blocked.test#@allowed.test/", "http://blocked.test?@allowed.test/",
     "http:/blocked.test/", "http:blocked.test", "http:///blocked.test/", "http://blocked.test\\@allowed.test/",
     "blocked.test/", "http://[blocked.test]/", "http://[::ffff:45.90.10.10]/"],
)  # fmt: skip
def test_A07_A08_targets(explicit: Device, watch: Watch, target: str) -> None:
    """The request target alone, with a harmless Host beside it."""
    reply = explicit.plain(f"GET {target} HTTP/1.1\r\nHost: allowed.test\r\n\r\n".encode())
    assert_refused(reply, {400, 403, 421}, watch, "blocked.test", "allowed.test")


@pytest.mark.parametrize("vehicle", ["plain", "connect-tls"])
@pytest.mark.parametrize("host", ["xn--fa-hia.test", "faß.test"])
def test_A15_eszett_is_not_ss(pupil: Device, watch: Watch, host: str, vehicle: str) -> None:
    """faß.test is allowed, fass.test blocked: judged and dialled as xn--fa-hia.test, or refused as not canonical."""
    if vehicle == "plain":
        reply = plain(pupil, host)
    elif host.isascii():
        reply = pupil.https(host)
    else:
        pytest.skip("SNI is ASCII")
    assert not watch.touching("fass.test")
    assert reply.status == 200 or (reply.status == 400 and not host.isascii()), str(reply)
    if reply.status == 200:
        assert watch.touching("xn--fa-hia.test")


def test_A15_ss_is_blocked(pupil: Device, watch: Watch) -> None:
    assert_refused(plain(pupil, "fass.test"), {403}, watch, "fass.test")


@pytest.mark.parametrize(
    "host, open_",
    [("10.99.0.9", True), ("10.99.0.1", False), ("10.99.0.90", False), ("0x0a.99.0.1", False), ("45.90.10.11", False),
     ("0x2d5a0a0a", False), ("45.90.2570", False), ("055.0132.012.012", False), ("[2a0e:b107:10::10]", False)],
)  # fmt: skip
def test_A20_addresses(pupil: Device, watch: Watch, host: str, open_: bool) -> None:
    reply = pupil.plain(
        f"GET {f'http://{host}/' if pupil.explicit else '/'} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        "10.99.0.9" if open_ else "allowed.test",
    )
    if open_:
        assert_served(reply)
    else:
        assert_refused(reply, {400, 403}, watch, "blocked.test", "allowed.test")
        assert not watch.addresses()


def test_case_and_dot_do_not_open(pupil: Device, watch: Watch) -> None:
    for send in (plain, tls_h1, tls_h2):
        assert_served(send(pupil, "ALLOWED.test.") if send is plain else send(pupil, "Allowed.Test"))
    assert watch.requests()


def test_a_path_that_looks_like_a_name_is_a_path(explicit: Device, watch: Watch) -> None:
    """``//blocked.test/`` in origin form belongs to Host; it names no other site."""
    reply = explicit.plain(get("allowed.test", "//blocked.test/"))
    assert reply.status in (200, 400, 403) and not watch.touching("blocked.test")
    assert_refused(explicit.plain(get("blocked.test", "//allowed.test/")), {400, 403}, watch, "blocked.test")
