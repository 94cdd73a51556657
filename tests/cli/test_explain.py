"""``hedgerow explain``: the contract, every name, and what it needs to be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE
from tests.cli.conftest import Run


def test_explain_tells_the_contract(hedgerow: Run) -> None:
    code, out, _ = hedgerow("explain", "https://m.youtube.com/watch?v=1", "--band", "ages-8-10", "--json")
    assert code == FINE
    told = json.loads(out)
    assert {"action", "capture", "band", "rule", "where", "evidence", "code", "steps"} <= told.keys()
    assert told["band"] == "ages-8-10" and told["where"].startswith("bands/")
    assert told["steps"][0]["step"] == "band"


@pytest.mark.parametrize(
    "arguments, action, rule",
    [
        (["http://10.0.0.1/"], "block", "builtin:private-address"),
        (["http://blocked.test../"], "block", "builtin:bad-name"),
        (["https://example.org:9999/"], "block", "builtin:port"),
        (["https://www.wikipedia.org/", "--host", "en.wikipedia.org"], "block", "builtin:names-disagree"),
        (["https://example.org/", "--sni", "bet365.com"], "block", "category:gambling"),
        (["https://bet365.com/"], "block", "category:gambling"),
        (["https://bet365.com/", "--fault", "loop"], "block", "builtin:loop"),
        (["https://unheard-of.example/"], "block", "unknown:page"),
    ],
)
def test_explain_sees_every_name(hedgerow: Run, arguments: list[str], action: str, rule: str) -> None:
    _, out, _ = hedgerow("explain", *arguments, "--band", "ages-8-10", "--json")
    told = json.loads(out)
    assert (told["action"], told["rule"]) == (action, rule)


def test_explain_in_words_and_as_a_device(hedgerow: Run) -> None:
    code, out, _ = hedgerow("explain", "https://bet365.com/", "--client", "203.0.113.9")
    assert code == FINE
    assert out.startswith("block: ") and "category:gambling" in out and "code " in out


def test_explain_reads_a_page(hedgerow: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>" + "online casino real money. poker bonus. place your bets. " * 5)
    arguments = ("explain", "https://unheard-of.example/", "--band", "ages-14-17", "--continued", "--json")
    assert json.loads(hedgerow(*arguments)[1])["action"] == "allow"
    assert hedgerow(*arguments, "--text", str(page))[0] == FINE


@pytest.mark.parametrize(
    "arguments, told",
    [
        ([], "name either --band or --client; bands: ages-5-7"),
        (["--band", "x"], "unknown band 'x'; known: ages-5-7"),
        (["--band", "staff", "--client", "::1"], "name either --band or --client"),
        (["--client", "somebody"], "--client somebody"),
        (["--band", "staff", "--at", "noon"], "--at 'noon': expected a time"),
    ],
)
def test_explain_says_what_it_needs(hedgerow: Run, arguments: list[str], told: str) -> None:
    code, _, err = hedgerow("explain", "http://example.org/", *arguments)
    assert code == BAD and told in err
