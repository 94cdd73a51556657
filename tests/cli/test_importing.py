"""``hedgerow import``: a folder is made, nothing else is touched, and the filter takes what stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from tests.cli.conftest import Run
from tests.stores.importing.place import put

CONF = "bannedsitelist = 'lists/banned'\nweightedphraselist = 'lists/weighted'\n"
E2 = {
    "e2guardian.conf": "",
    "e2guardianf1.conf": CONF,
    "lists/banned": "bad.example\n",
    "lists/weighted": "< casino ><50>\n",
}
SQUID = {
    "squidGuard.conf": "dbhome /var/db\nsrc kids { ip 10.0.0.0/8 }\n"
    "dest bad { domainlist bad }\nacl { kids { pass !bad all } }\n",
    "db/bad": "bad.example\n",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind, files, band", [("e2guardian", E2, "ages-11-13"), ("squidguard", SQUID, "ages-11-13")])
def test_an_import(hedgerow: Run, here: Path, kind: str, files: dict[str, str], band: str) -> None:
    put(here / "in", files)
    code, out, err = hedgerow("import", kind, "in")
    assert (code, err) == (FINE, "") and f"-> {band}" in out and "hedgerow check --policies hedgerow-import" in out
    made = here / "hedgerow-import"
    assert "bad.example: block" in (made / f"policies/local/bands/{band}.yaml").read_text()
    assert "## What to do now" in (made / "REPORT.md").read_text()
    state = ("--state", str(here / "state"))
    place = ("--policies", str(made / "policies/local"), "--blocklists", str(made / "blocklists"), *state)
    assert hedgerow("check", "--brief", *place, here=False)[0] == FINE
    assert hedgerow("explain", "http://x.bad.example/", "--band", band, *place, here=False)[1].count("block")
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    assert hedgerow("import", kind, "in")[0] == FINE
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_json_and_wishes(hedgerow: Run, here: Path) -> None:
    put(here / "in", E2)
    wishes = ("--band", "f1=ages-5-7", "--category", "banned=games", "--floor", "proxy-vpn", "--out", "there")
    code, out, _ = hedgerow("import", "e2guardian", "in", "--json", *wishes)
    facts = json.loads(out)
    assert code == FINE and facts["groups"] == {"f1": "ages-5-7 (as you said)"} and facts["mistakes"] == []
    assert facts == {**json.loads((here / "there/report.json").read_text()), "mistakes": []}
    assert {"from": "lists/banned:1", "to": "blocklists/local/games.txt:3"}.items() <= next(
        row for row in facts["rows"] if row["from"] == "lists/banned:1").items()  # fmt: skip
    assert "proxy-vpn: block" in (here / "there/policies/local/floor.yaml").read_text()


@pytest.mark.parametrize("arguments, why", [
    (["e2guardian", "nowhere"], "no e2guardian.conf"),
    (["squidguard", "nowhere"], "no such file or folder"),
    (["e2guardian", "in", "--band", "f1"], "NAME=VALUE expected"),
    (["e2guardian", "in", "--band", "f1=ages-9"], "no such band"),
    (["e2guardian", "in", "--category", "banned=gamblng"], "no such category"),
    (["e2guardian", "in", "--out", "mine"], "no import wrote"),
])  # fmt: skip
def test_what_is_refused(hedgerow: Run, here: Path, arguments: list[str], why: str) -> None:
    put(here, {"mine/edits.yaml": "x: y\n", **{f"in/{name}": text for name, text in E2.items()}})
    code, out, err = hedgerow("import", *arguments)
    assert code == BAD and why in err and not out
    assert sorted(path.name for path in here.iterdir()) == ["in", "mine"]


def test_a_refused_include_is_found(hedgerow: Run, here: Path) -> None:
    put(here / "in", {**E2, "lists/banned": "bad.example\n.Include</etc/passwd>\n"})
    code, out, _ = hedgerow("import", "e2guardian", "in")
    assert code == FOUND and "refused: 1" in out
