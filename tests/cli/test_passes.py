"""``hedgerow pass``, ``exam`` and ``relax`` as a person types them, in the shipped school."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.core.hosts import canonical_host
from hedgerow.stores.passes import PassStore, Redeemed, open_passes
from hedgerow.stores.record import Record
from hedgerow.stores.state import State
from hedgerow.stores.unlock_codes import plain
from tests.cli.conftest import Run

SIGNED = ("--by", "Ms Lan", "--reason", "a lesson")


@pytest.fixture
def store(school: Path, hedgerow: Run) -> Iterator[PassStore]:
    assert hedgerow("pass", "list")[0] == FINE  # makes the state folder
    made = open_passes(State(school / "state"))
    yield made
    for row in made.held():
        made.end(row.id, "test")
    for code in made.codes():
        made.end_code(code.id, "test")
    made.close()


def explained(hedgerow: Run, url: str, *more: str) -> dict[str, object]:
    answer: dict[str, object] = json.loads(hedgerow("explain", url, "--band", "ages-8-10", "--json", *more)[1])
    return answer


def test_a_pass_opens_a_site_and_says_what_it_lifts(hedgerow: Run, store: PassStore, school: Path) -> None:
    assert explained(hedgerow, "https://www.instagram.com/")["action"] != "allow"
    code, out, err = hedgerow(
        "pass", "add", "--band", "ages-8-10", "--site", "https://Instagram.com/", "--minutes", "30", *SIGNED, "--json"
    )
    assert code == FINE, err
    made = json.loads(out)
    assert made["rules"] and made["what"] == "instagram.com for band ages-8-10" and 29 < made["minutes"] <= 30
    answer = explained(hedgerow, "https://www.instagram.com/")
    assert (answer["action"], answer["pass"]) == ("allow", made["id"])
    assert f"pass   {made['id']}" in hedgerow("explain", "https://www.instagram.com/", "--band", "ages-8-10")[1]
    assert any(f"lifted by the pass {made['id']}" in step["text"] for step in answer["steps"])  # type: ignore[attr-defined]
    assert explained(hedgerow, "https://www.instagram.com/", "--at", "2026-11-23 10:00")["action"] != "allow"
    code, out, _ = hedgerow("pass", "list")
    assert code == FINE and made["id"] in out and "Ms Lan" in out
    assert hedgerow("pass", "end", made["id"].lower(), "--by", "Ms Lan")[0] == FINE
    assert hedgerow("pass", "end", made["id"])[0] == FOUND
    assert explained(hedgerow, "https://www.instagram.com/")["action"] != "allow"
    assert (school / "state" / "grants.sqlite").stat().st_mode & 0o777 == 0o600
    assert [entry.kind for entry in Record(school / "state" / "record").entries()] == ["grant", "grant"]


@pytest.mark.parametrize(
    "what, code, said",
    [
        (("--band", "ages-8-10", "--site", "wikipedia.org"), FOUND, "is open already"),
        (("--band", "ages-8-10", "--category", "adult"), FINE, "lifted: category:adult"),
        (("--band", "ages-8-10", "--category", "malware"), FOUND, "no grant lifts"),
        (("--band", "ages-8-10", "--site", "192.168.1.1"), FOUND, "builtin:private-address"),
        (("--band", "ages-8-10", "--category", "gmaes"), BAD, "known: ads-trackers, adult"),
        (("--band", "ages-8-11", "--category", "social"), BAD, "known: ages-5-7, ages-8-10"),
        (("--network", "nowhere", "--category", "social"), BAD, "known: primary, secondary, teachers"),
        (("--network", "primary", "--category", "social"), FINE, "for network primary"),
        (("--category", "social"), BAD, "either --band or --network"),
        (("--band", "ages-8-10", "--network", "primary", "--category", "social"), BAD, "either --band or --network"),
        (("--band", "ages-8-10"), BAD, "either --site or --category"),
        (("--band", "ages-8-10", "--site", "co.uk"), BAD, "name the one you mean"),
        (("--band", "ages-8-10", "--site", "a b"), BAD, "write wiki.example"),
        (("--band", "ages-8-10", "--site", "x.test", "--minutes", "0"), BAD, "1<=x<=1440"),
    ],
)
def test_what_can_be_said_and_what_is_answered(
    hedgerow: Run, store: PassStore, what: tuple[str, ...], code: int, said: str
) -> None:
    found, out, err = hedgerow("pass", "add", *what, *SIGNED)
    assert found == code and said in out + err
    assert bool(store.held()) is (code == FINE)


def test_who_and_what_for_must_be_said(hedgerow: Run) -> None:
    code, _, err = hedgerow("pass", "add", "--band", "ages-8-10", "--category", "social", "--by", "Ms Lan")
    assert code == BAD and "--reason" in err


@pytest.mark.parametrize(
    "command",
    [
        ("pass", "add", "--band", "ages-8-10", "--site", "instagram.com"),
        ("pass", "code", "--band", "ages-8-10", "--site", "instagram.com"),
        ("exam", "start", "--band", "ages-8-10", "--site", "wikipedia.org"),
    ],
)
@pytest.mark.parametrize("by, reason", [("", "a lesson"), ("Ms Lan", ""), ("Ms Lan", " .. "), ("-", "a lesson")])
def test_a_name_or_reason_that_says_nothing_grants_nothing(
    hedgerow: Run, store: PassStore, command: tuple[str, ...], by: str, reason: str
) -> None:
    code, out, err = hedgerow(*command, "--by", by, "--reason", reason)
    assert code == BAD and "so that somebody else understands it later" in err and not out
    assert not store.held() and not store.codes()


def test_codes_are_shown_once_and_open_for_who_types_them(hedgerow: Run, store: PassStore) -> None:
    asked = ("pass", "code", "--band", "ages-8-10", "--site", "instagram.com", "--uses", "30", "--count", "2", *SIGNED)
    code, out, err = hedgerow(*asked)
    first, second = out.split()
    assert code == FINE and "for 30 pupils" in err and len(plain(first)) == len(plain(second)) == 8
    host, now = canonical_host("instagram.com"), datetime.now(UTC)
    assert isinstance(store.redeem(first, "p", "10.0.0.1", host, now, "ages-8-10"), Redeemed)
    listed = hedgerow("pass", "list", "--json")[1]
    assert first not in listed and plain(first) not in listed
    rows = json.loads(listed)
    assert [(row["kind"], row.get("used")) for row in rows] == [("pass", None), ("code", 1), ("code", 0)]
    assert hedgerow("pass", "end", rows[1]["id"])[0] == FINE  # with the pass it opened
    assert [row["kind"] for row in json.loads(hedgerow("pass", "list", "--json")[1])] == ["code"]


def test_one_is_one(hedgerow: Run, store: PassStore) -> None:
    asked = ("--band", "ages-8-10", "--site", "instagram.com", "--minutes", "1", *SIGNED)
    assert "is open for 1 minute;" in hedgerow("pass", "add", *asked)[1]
    err = hedgerow("pass", "code", *asked, "--site", "facebook.com")[2]
    assert "for 1 pupil, to be typed within 60 minutes" in err and "1 minute each" in err
    exam = ("exam", "start", "--band", "ages-8-10", "--site", "wikipedia.org", "--minutes", "1", *SIGNED)
    assert "for 1 minute\n" in hedgerow(*exam)[1]
