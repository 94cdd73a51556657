"""proxy.pac: run by a real JavaScript engine, held to fail closed, and never what somebody could have slipped in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from hedgerow.portal.house import House
from hedgerow.portal.pac import reached, script
from tests.portal.place import SITE, Browser, house

DIRECT = ("moodle.school.test", "10.2.0.0/16", "10.1.0.9/32", "fd00::5/128")
BY = "PROXY 10.20.0.1:8080"


@pytest.fixture(scope="module")
def engine(chromium: Chromium) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def ask(engine: Page, pac: str, host: str, url: str = "") -> str:
    """What the script says of a host."""
    call = f"FindProxyForURL({json.dumps(url or f'http://{host}/')}, {json.dumps(host)})"
    return str(engine.evaluate(f"() => {{ {pac}\n return {call}; }}"))


@pytest.mark.parametrize("host, direct", [
    ("moodle.school.test", True),
    ("www.moodle.school.test", True),
    ("MOODLE.School.Test.", True),
    ("notmoodle.school.test", False),  # label boundary
    ("school.test", False),
    ("moodle.school.test.evil.test", False),
    ("10.2.0.0", True),
    ("10.2.255.255", True),
    ("10.3.0.0", False),
    ("10.1.255.255", False),
    ("10.1.0.9", True),
    ("10.1.0.10", False),
    ("fd00::5", True),
    ("[fd00::5]", True),
    ("fd00::6", False),
    ("localhost", True),
    ("127.0.0.1", True),
    ("::1", True),
    ("010.2.0.1", False),  # 8.2.0.1 to whoever reads it as C does
    ("10.2.0.256", False),
    ("10.2.1", False),
    ("0x0a020001", False),
    ("167903233", False),
    ("10.2.0.1.evil.test", False),
    ("printer", False),  # a name without a dot is anybody's
    ("www.example.org", False),
    ("wpad", False),
    ("", False),
    ("hedgerow.internal", False),
])  # fmt: skip
def test_what_is_named_goes_direct_and_nothing_else(engine: Page, host: str, direct: bool) -> None:
    assert ask(engine, script([BY.removeprefix("PROXY ")], DIRECT), host) == ("DIRECT" if direct else BY)


@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss", "ftp"])
def test_whatever_is_spoken_goes_by_the_proxies_in_turn_and_never_without(engine: Page, scheme: str) -> None:
    made = script(["a.test:8080", "[fd00::1]:8080"], ())
    said = ask(engine, made, "www.example.org", f"{scheme}://www.example.org/")
    assert said == "PROXY a.test:8080; PROXY [fd00::1]:8080"


def test_nothing_written_in_a_file_becomes_a_program(engine: Page) -> None:
    """Both are canonical before they come here; should that fail one day, they are strings all the same."""
    slipped = 'x"]; FindProxyForURL = function () { return "DIRECT" }; ["\u2028<script>'
    for made in (script([BY.removeprefix("PROXY ")], [slipped]), script(['"; return "DIRECT'], ())):
        assert ask(engine, made, "www.example.org") != "DIRECT" and "\u2028" not in made and made.isascii()


def test_it_speaks_the_oldest_dialect(engine: Page) -> None:
    """WinHTTP runs it by an engine of 1999."""
    made = script(["a.test:1"], DIRECT)
    assert not re.search(r"=>|\b(let|const|class|of)\b|`|\.(includes|startsWith|endsWith|indexOf|forEach|some)\(", made)
    assert not re.search("dnsResolve|isInNet|isResolvable|myIpAddress|alert", made)  # nothing is asked, nothing told


@pytest.mark.parametrize("listening, at, expected", [
    ([("0.0.0.0", 8080), ("::", 8080)], "10.20.0.1", ["10.20.0.1:8080"]),
    ([("0.0.0.0", 8080), ("::", 8080)], "fd20::1", ["[fd20::1]:8080"]),
    ([("0.0.0.0", 8080), ("::", 8080)], "", []),
    ([("0.0.0.0", 8080)], "fd20::1", []),
    ([("::", 8080)], "fe80::1", []),  # means nothing without the device's own interface
    ([("192.168.7.1", 3128)], "10.20.0.1", ["192.168.7.1:3128"]),
    ([("127.0.0.1", 8080)], "10.20.0.1", []),
    ([("127.0.0.1", 8080)], "127.0.0.1", ["127.0.0.1:8080"]),
    ([("0.0.0.0", 8080), ("0.0.0.0", 8090)], "10.20.0.1", ["10.20.0.1:8080", "10.20.0.1:8090"]),
    ([("0.0.0.0", 8080)], "no address", []),
])  # fmt: skip
def test_where_a_device_reaches_the_listeners(listening: list[tuple[str, int]], at: str, expected: list[str]) -> None:
    assert list(reached(listening, at)) == expected


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("pac"))
    yield opened
    opened.close()


@pytest.mark.parametrize("path", ["/proxy.pac", "/wpad.dat", "/.well-known/hedgerow/proxy.pac"])
def test_it_is_served_as_what_it_is_and_to_everybody_alike(made: House, engine: Page, path: str) -> None:
    people = (("10.20.8.9", "ages-8-10", "pupils"), ("10.30.0.5", "staff", "office"))
    seen = {Browser(made, key=key, band=band, network=network).get(path).text for key, band, network in people}
    reply = Browser(made).get(path)
    assert reply.headers["content-type"] == "application/x-ns-proxy-autoconfig" and seen == {reply.text}
    assert reply.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in reply.headers
    assert ask(engine, reply.text, "www.example.org") == BY
    assert ask(engine, reply.text, "10.20.0.1") == "DIRECT"  # the portal there; no filter dials itself
    assert not re.search("pupils|10\\.20\\.8|ages|Phượng|Minh", reply.text)


def test_over_tcp_the_address_that_was_dialled_is_named(made: House, engine: Page) -> None:
    assert ask(engine, Browser(made, relayed=False).get("/proxy.pac").text, "www.example.org") == BY
    elsewhere = Browser(made, relayed=False, host="192.168.3.4:8000").get("/wpad.dat", host="10.20.0.1:8000")
    assert ask(engine, elsewhere.text, "www.example.org") == "PROXY 192.168.3.4:8080"


@pytest.mark.parametrize("host, path, status", [
    ("wpad", "/wpad.dat", 404),
    ("wpad.school.test", "/wpad.dat", 404),
    ("WPAD.school.test:80", "/proxy.pac", 404),
    ("wpad.school.test", "/", 403),
    ("wpad.school.test", "/device/ca.cer", 403),
    ("wpadx.school.test", "/wpad.dat", 403),
    ("evil.test", "/proxy.pac", 403),
])  # fmt: skip
def test_wpad_is_a_name_of_ours_for_the_script_alone(made: House, host: str, path: str, status: int) -> None:
    """404 stands for "no listener that this test's client reaches": the name was let in."""
    assert Browser(made, relayed=False, host="wpad").get(path, host=host).status_code == status


def test_what_the_school_wrote_stands_before_what_is_found(tmp_path: Path, engine: Page) -> None:
    written = "gateway: {names: [hedgerow.school.test], proxy: filter.school.test:3128, direct: [moodle.school.test]}"
    opened = house(tmp_path, SITE.replace("gateway: {names: [hedgerow.school.test]}", written))
    pac = Browser(opened).get("/proxy.pac").text
    opened.close()
    assert ask(engine, pac, "www.example.org") == "PROXY filter.school.test:3128"
    assert ask(engine, pac, "moodle.school.test") == "DIRECT"
