"""Group L06: a list that names what must stay open. People's words about a name stand, and somebody is told."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.lab import school
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_served

LISTED = {"local/adult.txt": "helpline.test\nhedgerow.test\nallowed.test\n"}


@pytest.fixture(scope="module")
def mislisted(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "mislisted", lists=LISTED)
    yield gateway
    gateway.stop()


def test_L06_protected_names_win_over_a_list(lab: Lab, mislisted: Gateway, mode: str) -> None:
    """A list that calls the helpline, the gateway and the school's own site adult: people's words about them stand."""
    device = lab.device("pupil8", mode, mislisted.ca, second=True)
    assert_served(device.https("helpline.test"))
    assert_served(device.http("helpline.test"))
    assert_served(device.https("allowed.test"))  # opened by name in the school's own band
    assert b"116 111" in device.http("hedgerow.test").body, "the gateway's own pages"


def test_L06_somebody_is_told(mislisted: Gateway) -> None:
    told = mislisted.cli("check").stdout
    assert "helpline.test stays open, though helpline.test is listed as adult (local/adult.txt:1)" in told
    assert "hedgerow.test stays open, though hedgerow.test is listed as adult (local/adult.txt:2)" in told


def test_L06_not_even_a_list_of_the_floor_takes_help_away(lab: Lab, mislisted: Gateway, mode: str) -> None:
    """A shipped helpline stands before the floor; a school's own behind it, for its name may have been taken over.

    ``check`` calls both a mistake.
    """
    device, wrong = lab.device("pupil8", mode, mislisted.ca, second=True), mislisted.blocklists / "local/phishing.txt"
    wrong.write_text("www.childline.org.uk\nhelpline.test\n")
    try:
        end = time.monotonic() + 20
        while device.https("helpline.test").action != "block":  # at once in the second mode: no list goes unnoticed
            assert time.monotonic() < end
            time.sleep(0.1)
        assert_served(device.https("www.childline.org.uk"))
        checked = mislisted.cli("check")
        assert checked.returncode == 1 and "helpline.test is listed as phishing: no helpline" in checked.stdout
        assert "childline.org.uk is listed as phishing: no helpline" in checked.stdout
    finally:
        wrong.unlink()
