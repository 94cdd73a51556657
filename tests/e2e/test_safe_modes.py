"""What search engines, YouTube and sign-in pages get to read, seen at the origin; and what each band may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.contacts import Contact, Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.wire import Reply

ID = "8d7b1c9e-0f3a-4c55-9d53-0a6f0c1d2e3f"
TENANTS = f"""tenants:
  google: [school.example]
  microsoft: {{tenants: [school.example], directory: {ID}, personal: block}}
"""
OPEN = "\n".join(
    f'  {name}: {{action: allow, words: "off"}}' for name in ("youtube.com", "login.live.com", "login.windows.net")
)
BAND = f"sites:\n{OPEN}\n  accounts.google.com: allow\n  allowed.test: allow\n"
HIDDEN = "safe-search: {thumbnails: hide}\nsites:\n  gstatic.com: allow\n"


@pytest.fixture(scope="module")
def safe(lab: Lab) -> Iterator[Gateway]:
    changes = {
        "site.yaml": school.SITE + TENANTS,
        "bands/ages-14-17.yaml": BAND,
        "bands/staff.yaml": BAND,
        "bands/ages-8-10.yaml": HIDDEN,
    }
    gateway = school.start(lab, "safe-modes", changes=changes)
    yield gateway
    gateway.stop()


def device(lab: Lab, gateway: Gateway, who: str) -> Device:
    return lab.device(who, "explicit", gateway.ca, second=True)


def arrived(lab: Lab, who: Device, host: str, path: str, vehicle: str, *headers: str) -> Contact:
    """The one request that reached the origin."""
    watch = Watch(lab.folder / "contacts.jsonl")
    if vehicle == "h1":
        reply = who.https(host, get(host, path, *headers))
    else:
        pairs = (header.split(": ", 1) for header in headers)
        reply = who.h2(host, fields(host, path, "GET", *((name.lower(), value) for name, value in pairs)))
    assert reply.status == 200, reply
    (contact,) = watch.requests(host)
    return contact


def lines(contact: Contact, name: str) -> list[str]:
    found = (line.partition(":") for line in contact.head.splitlines())
    return [value.strip() for key, _, value in found if key.strip().lower() == name]


def shown(who: Device, host: str, path: str) -> Reply:
    return who.https(host, get(host, path, "Accept: text/html"))


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_search_engines(lab: Lab, safe: Gateway, vehicle: str) -> None:
    teen = device(lab, safe, "pupil14")
    asked = arrived(lab, teen, "www.google.com", "/search?q=frog&safe=off&%73afe=images", vehicle)
    assert asked.target == "/search?q=frog&safe=active&ssui=on"
    asked = arrived(lab, teen, "duckduckgo.com", "/?q=frog&kp=-2", vehicle, "Cookie: p=-2; ax=1")
    assert asked.target == "/?q=frog&kp=1" and lines(asked, "cookie") == ["ax=1; p=1"]
    asked = arrived(lab, teen, "www.bing.com", "/search?q=frog", vehicle, "Cookie: SRCHHPGUSR=ADLT=OFF&W=9")
    assert asked.target == "/search?q=frog&adlt=strict" and lines(asked, "cookie") == ["SRCHHPGUSR=W=9&ADLT=STRICT"]


def test_a_posted_search(lab: Lab, safe: Gateway) -> None:
    teen = device(lab, safe, "pupil14")
    body = "q=frog&kp=-2"
    head = (
        "POST /_echo HTTP/1.1", "Host: html.duckduckgo.com", "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}", "", body,
    )  # fmt: skip
    with teen.tls("html.duckduckgo.com") as link:
        link.send("\r\n".join(head).encode())
        reply = link.reply()
    assert reply.status == 200 and b"q=frog&kp=1" in reply.body, reply.body


@pytest.mark.parametrize(("who", "level"), [("pupil14", ["Moderate"]), ("staff", [])])
@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_youtube(lab: Lab, safe: Gateway, vehicle: str, who: str, level: list[str]) -> None:
    person = device(lab, safe, who)
    asked = arrived(lab, person, "www.youtube.com", "/results?search_query=frog", vehicle, "YouTube-Restrict: None")
    assert lines(asked, "youtube-restrict") == level


@pytest.mark.parametrize("vehicle", ["h1", "h2"])
def test_tenants(lab: Lab, safe: Gateway, vehicle: str) -> None:
    teen = device(lab, safe, "pupil14")
    asked = arrived(lab, teen, "accounts.google.com", "/", vehicle, "X-GoogApps-Allowed-Domains: home.example")
    assert lines(asked, "x-googapps-allowed-domains") == ["school.example"]
    asked = arrived(lab, teen, "login.windows.net", "/", vehicle, "Restrict-Access-Context: other")
    assert lines(asked, "restrict-access-to-tenants") == ["school.example"]
    assert lines(asked, "restrict-access-context") == [ID]
    asked = arrived(lab, teen, "login.live.com", "/", vehicle)
    assert lines(asked, "sec-restrict-tenant-access-policy") == ["restrict-msa"]
    asked = arrived(lab, teen, "allowed.test", "/", vehicle, "Restrict-Access-To-Tenants: x")
    assert not lines(asked, "restrict-access-to-tenants")


def test_a_band_without_pictures(lab: Lab, safe: Gateway) -> None:
    """The search goes on; its pictures are closed, and another band has them."""
    child, teen = device(lab, safe, "pupil8"), device(lab, safe, "pupil14")
    watch = Watch(lab.folder / "contacts.jsonl")
    assert shown(child, "www.google.com", "/search?q=frog").status == 200
    closed = shown(child, "www.google.com", "/search?q=frog&udm=2")
    assert closed.status == 403 and closed.action == "block"
    small = shown(child, "encrypted-tbn0.gstatic.com", "/images?q=tbn:x")
    assert small.status == 403 and not watch.requests("encrypted-tbn0.gstatic.com")
    assert shown(teen, "www.google.com", "/search?q=frog&udm=2").status == 200
