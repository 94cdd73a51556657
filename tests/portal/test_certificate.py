"""The certificate to take away: what openssl reads of it, under which type, and that no key ever goes along."""

from __future__ import annotations

import plistlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.portal.house import House
from hedgerow.stores.ca import CA_FILE, CERT_FILE
from tests.portal.place import PREFIX, Browser, house

FILES = {"ca.cer": "application/x-x509-ca-cert", "ca.crt": "application/x-pem-file",
         "ca.mobileconfig": "application/x-apple-aspen-config"}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = house(tmp_path_factory.mktemp("certificate"))
    yield opened
    opened.close()


def openssl(content: bytes, form: str, *show: str) -> str:
    command = ["openssl", "x509", "-inform", form, "-noout", *show]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("name, form", [("ca.cer", "DER"), ("ca.crt", "PEM")])
def test_openssl_reads_it_and_the_page_shows_its_fingerprint(made: House, name: str, form: str) -> None:
    content = Browser(made).get(f"/device/{name}").content
    assert "CA:TRUE" in openssl(content, form, "-ext", "basicConstraints")
    told = openssl(content, form, "-fingerprint", "-sha256").strip().rpartition("=")[2]
    page = Browser(made).get("/device?system=windows&lang=en").text
    shown = re.sub(r"<[^>]+>", "", re.search(r'<p class="print" dir="ltr">(.*?)</p>', page)[1])  # type: ignore[index]
    assert ":".join(shown.split()) == told and len(told) == 95


@pytest.mark.parametrize("name, kind", FILES.items())
@pytest.mark.parametrize("root", ["", PREFIX])
@pytest.mark.parametrize("relayed", [True, False])
def test_the_types_that_systems_know(made: House, name: str, kind: str, root: str, relayed: bool) -> None:
    reply = Browser(made, relayed=relayed).get(f"{root}/device/{name}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, kind)
    suffix = name.rpartition(".")[2]
    assert reply.headers["content-disposition"] == f'inline; filename="hedgerow-ca.{suffix}"'
    assert reply.headers["x-content-type-options"] == "nosniff" and b"PRIVATE" not in reply.content


def test_the_profile_is_a_property_list_for_this_school(made: House) -> None:
    whole = plistlib.loads(Browser(made).get("/device/ca.mobileconfig").content)
    assert whole["PayloadOrganization"] == "Trường Hoa Phượng"
    assert whole["PayloadContent"][0]["PayloadContent"] == Browser(made).get("/device/ca.cer").content


def test_the_key_is_not_even_read(tmp_path: Path) -> None:
    made = house(tmp_path)
    (made.state.ca / CA_FILE).unlink()
    assert Browser(made).get("/device/ca.cer").status_code == 200
    made.close()


def test_without_a_certificate_the_page_is_there_and_gives_none(tmp_path: Path) -> None:
    made = house(tmp_path)
    for damaged in (b"", b"no certificate", None):
        (made.state.ca / CERT_FILE).unlink()
        if damaged is not None:
            (made.state.ca / CERT_FILE).write_bytes(damaged)
        page = Browser(made).get("/device?system=windows&lang=en")
        assert page.status_code == 200 and "ca.cer" not in page.text and 'class="print"' not in page.text
        assert Browser(made).get("/device/ca.cer").status_code == 503
        (made.state.ca / CERT_FILE).touch()
    made.close()


def test_a_strangers_name_over_tcp_gets_nothing(made: House) -> None:
    assert Browser(made, relayed=False).get("/device/ca.cer", host="evil.test").status_code == 403
