"""What the commands about sources share: the way out, and which sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.cli.common import Failure, Place, home
from hedgerow.cli.list_sources import chosen, sources_of, way_out
from hedgerow.stores.errors import PolicyError


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "policies").mkdir()
    return Place(tmp_path / "policies", home() / "blocklists", tmp_path / "state")


def test_the_way_out_is_the_sites_unless_one_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://env.example:1")
    assert way_out(place, "", None).proxy == ""  # the environment only when it is asked for
    assert way_out(place, "env", None).proxy == "http://env.example:1"
    site = place.policies / "site.yaml"
    site.write_text('proxy: {parent: "http://district.example:3128"}\nnetworks: {x: nonsense}\n')
    assert way_out(place, "", None).proxy == "http://district.example:3128"  # a mistake elsewhere keeps no list old
    assert way_out(place, "http://10.0.0.1:8080", None).proxy == "http://10.0.0.1:8080"
    site.write_text('proxy: {parent: "district"}\n')
    with pytest.raises(PolicyError, match="local/site.yaml:1:17"):
        way_out(place, "", None)


def test_only_fetched_sources_can_be_named(place: Place) -> None:
    sources = sources_of(place)
    assert {one.id for one in chosen(sources, ("ut1", "urlhaus"))} == {"ut1", "urlhaus"}
    assert len(chosen(sources, ())) == len([one for one in sources if one.urls])
    with pytest.raises(Failure, match="did you mean 'urlhaus'"):
        chosen(sources, ("urlhause",))
