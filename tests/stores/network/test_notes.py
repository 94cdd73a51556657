"""What is legal and worth a look."""

from __future__ import annotations

from hedgerow.stores.network.notes import notes
from tests.stores.network.site import FULL, site


def test_notes() -> None:
    told = "\n".join(notes(site()))
    assert "private: the firewall knows no names: write the addresses of moodle.school.example as well" in told
    assert "local/site.yaml:15: calls reaches any address over UDP" in told and "printer" not in told
    assert "name-servers" in told and "proxy:" not in told
    assert "when proxy.school.example is inside" in "\n".join(
        notes(site(FULL.replace("10.9.9.9", "proxy.school.example")))
    )
    assert notes(site("firewall: {outside: eth0}")) == [
        "networks: none is named, so only what does not come from outside is filtered"
    ]
