from __future__ import annotations

import pytest

from hedgerow.core.model import Name, NameSource, Request
from hedgerow.core.refusals import BUILTIN_STATUS, private_allowed, private_name_allowed, refusal
from tests.core.house import ask, policy

SCHOOL = policy(private_allowed=("10.0.0.0/24", "192.168.7.7", "printer.school"))


@pytest.mark.parametrize(
    "request_, reason",
    [
        (ask("https://fine.test/"), None),
        (ask("http://fine.test/"), None),
        (ask("https://fine.test:22/"), "port"),
        (ask("http://169.254.169.254/latest/meta-data"), "private-address"),
        (ask("http://[fd00:ec2::254]/"), "private-address"),
        (ask("http://100.64.0.1/"), "private-address"),
        (ask("http://[64:ff9b::7f00:1]/"), "private-address"),  # NAT64 of 127.0.0.1
        (ask("http://[2002:7f00:1::]/"), "private-address"),  # 6to4 of 127.0.0.1
        (ask("http://10.0.0.9/"), None),  # site.yaml names its network
        (ask("http://10.0.1.9/"), "private-address"),
        (ask("https://fine.test/", faults=("bad-request",)), "bad-request"),
        (Request(()), "bad-name"),
        (Request((Name(NameSource.HOST, None, "a b"),)), "bad-name"),
        (Request((Name(NameSource.HOST, "fine.test"), Name(NameSource.DESTINATION, "10.9.9.9"))), None),
        (Request((Name(NameSource.DESTINATION, "10.9.9.9"),)), "private-address"),
    ],
)
def test_refusal(request_: Request, reason: str | None) -> None:
    found = refusal(request_, SCHOOL)
    assert (found[0] if found else None) == reason
    assert found is None or (found[1] and found[0] in BUILTIN_STATUS)


@pytest.mark.parametrize("address, allowed", [("10.0.0.255", True), ("10.0.1.0", False), ("192.168.7.7", True)])
def test_private_allowed(address: str, allowed: bool) -> None:
    assert private_allowed(SCHOOL.private_allowed, address) is allowed


@pytest.mark.parametrize(
    "host, allowed", [("printer.school", True), ("a.printer.school", True), ("xprinter.school", False)]
)
def test_private_name_allowed(host: str, allowed: bool) -> None:
    assert private_name_allowed(SCHOOL.private_allowed, host) is allowed
