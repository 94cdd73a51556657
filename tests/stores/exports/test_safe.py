"""Safe search by names: what the lines say, and what a real Unbound and dnsmasq answer with them."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from hedgerow.core.model import SafeModes
from hedgerow.stores.exports.safe import FORMATS, PUBLISHED, known, safe_answers
from tests.stores.exports.resolvers import ORIGIN, ask, origin, program, resolver

STRICT = SafeModes(engines=True, youtube="strict")
SAFE = {"forcesafesearch.google.com": "216.239.38.120", "safe.duckduckgo.com": "45.90.10.77"}


def nothing(_: str) -> bool:
    return False


def test_only_what_the_band_asks_for_and_lets_through() -> None:
    answers = safe_answers(STRICT, lambda name: "yandex" in name)
    assert answers["www.google.kz"] == "forcesafesearch.google.com"
    assert answers["m.youtube.com"] == "restrict.youtube.com"
    assert "ya.ru" in answers and "yandex.ru" not in answers
    assert safe_answers(SafeModes(youtube="moderate"), nothing)["m.youtube.com"] == "restrictmoderate.youtube.com"
    assert safe_answers(SafeModes(), nothing) == {}


def test_lines() -> None:
    answers = {"www.google.kz": "forcesafesearch.google.com", "ya.ru": "213.180.193.56", "duckduckgo.com": "safe.x"}
    assert list(FORMATS["rpz"](answers, 7))[3:] == [
        "www.google.kz CNAME forcesafesearch.google.com.",
        "ya.ru A 213.180.193.56",
        "duckduckgo.com CNAME safe.x.",
    ]
    assert list(FORMATS["hosts"](answers, 7)) == ["216.239.38.120 www.google.kz", "213.180.193.56 ya.ru"]
    assert known(answers) == {"www.google.kz": PUBLISHED["forcesafesearch.google.com"], "ya.ru": "213.180.193.56"}


@pytest.mark.parametrize("format", ["rpz", "unbound", "dnsmasq", "hosts"])
def test_real_resolvers(format: str, tmp_path: Path) -> None:
    needed = "unbound" if format in ("rpz", "unbound") else "dnsmasq"
    if program(needed) is None:
        pytest.skip(f"{needed} is not installed (deploy/test installs it)")
    file = tmp_path / "safe"
    file.write_text("".join(f"{line}\n" for line in FORMATS[format](safe_answers(STRICT, nothing), 1)))
    with origin(lives=SAFE) as upstream, resolver(format, file, tmp_path, upstream) as (port, _):
        assert ask("www.google.com.vn", port) == (0, socket.inet_aton("216.239.38.120"))
        assert ask("yandex.kz", port) == (0, socket.inet_aton("213.180.193.56"))
        assert ask("docs.google.com", port) == (0, ORIGIN)
        if format in ("rpz", "unbound"):
            assert ask("duckduckgo.com", port) == (0, socket.inet_aton("45.90.10.77"))
