"""Group C from the other side: answers of an origin that two readers may cut in two ways (C21)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.lab.client import Device, get
from tests.lab.content import ODD
from tests.lab.h2client import fields
from tests.lab.verdict import assert_served

HOST = "h1only.test"


@pytest.mark.parametrize("name", ODD)
def test_C21_odd_answers(pupil: Device, name: str) -> None:
    """502 with our page; no byte of the body. A client is only offered h2 where the origin speaks it."""
    reply = pupil.https(HOST, get(HOST, f"/_odd?n={name}"))
    assert reply.status == 502 and reply.action, reply
    assert b"origin-ok" not in reply.body


@pytest.mark.parametrize("length", ["4", "99999", "-1", "0x10", "4, 4"])
def test_C21_h2_length_and_data_differ(pupil: Device, length: str) -> None:
    reply = pupil.h2("allowed.test", fields("allowed.test", f"/_set?content-length={quote(length)}"))
    assert not reply.from_origin, reply
    assert_served(pupil.h2("allowed.test"))


@pytest.mark.parametrize("tls", [True, False], ids=["tls", "plain"])
def test_C21_a_second_answer_is_nobodys(pupil: Device, tls: bool) -> None:
    """What stands behind an answer never answers the next question of anybody."""
    paths = ("/_split", "/one", "/two")
    if not tls:
        replies = [pupil.http(HOST, path) for path in paths]
    else:
        with pupil.tls(HOST) as link:
            replies = []
            for path in paths:
                link.send(get(HOST, path))
                replies.append(link.reply())
    assert not [reply for reply in replies if b"smuggled" in reply.body]
    assert_served(pupil.https(HOST))
