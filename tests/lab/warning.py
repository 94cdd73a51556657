"""Going on past a warning, as a browser does it: read the page's form, send it back, ask again."""

from __future__ import annotations

import html
import re
import time
from urllib.parse import urlencode

from .client import Device, get
from .verdict import assert_served
from .wire import Reply

PATH = "/.well-known/hedgerow/continue"
FORM_TYPE = "Content-Type: application/x-www-form-urlencoded"


def form(page: Reply) -> dict[str, str]:
    """The fields of the page's form, with a reason chosen where one is asked for."""
    told = page.body.decode()
    assert f'action="{PATH}"' in told, str(page)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", told):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = html.unescape(value[1]) if value else ""
    return {**fields, "reason": "schoolwork"} if 'name="reason"' in told else fields


def go_on(device: Device, host: str, fields: dict[str, str]) -> Reply:
    """The answer to the form."""
    body = urlencode(fields)
    head = (f"Origin: https://{host}", FORM_TYPE, f"Content-Length: {len(body)}")
    return device.https(host, get(host, PATH, *head, method="POST") + body.encode())


def until_served(device: Device, host: str, seconds: float = 2) -> None:
    """A grant is in force at once in its own worker, and within two seconds in all of them."""
    end = time.monotonic() + seconds
    while device.https(host).action == "warn" and time.monotonic() < end:
        time.sleep(0.02)
    for _ in range(6):
        assert_served(device.https(host))
