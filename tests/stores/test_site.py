"""The values of site.yaml: defaults are the least and the strictest."""

from __future__ import annotations

from datetime import time

from hedgerow.stores.site import Place, Privacy, Site


def test_nothing_said_is_the_least() -> None:
    site = Site()
    assert site.networks == () and site.gateway_names == {} and site.private == ()
    assert site.ports == {80, 443}
    assert site.place == Place("", "", ())
    assert site.privacy == Privacy("day", "blocked", "category", "minute", 30)
    assert site.hours[0] == (time(8), time(16)) and 5 not in site.hours
