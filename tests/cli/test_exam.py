"""``hedgerow exam``: only its sites, opened where the band closes them, and nothing started when that cannot be."""

from __future__ import annotations

import json

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.stores.passes import PassStore
from tests.cli.conftest import Run
from tests.cli.test_passes import SIGNED, explained, store

__all__ = ["store"]


def test_only_the_sites_of_the_exam(hedgerow: Run, store: PassStore) -> None:
    sites = ("--site", "instagram.com", "--site", "en.wikipedia.org/wiki")
    code, out, err = hedgerow("exam", "start", "--band", "ages-8-10", *sites, *SIGNED, "--json")
    assert code == FINE, err
    made = json.loads(out)
    assert made["what"] == "only instagram.com, en.wikipedia.org/wiki for band ages-8-10" and made["lifted"]
    said = {url: explained(hedgerow, url) for url in ("https://instagram.com/", "https://kids.britannica.com/")}
    assert [answer["action"] for answer in said.values()] == ["allow", "block"]
    assert said["https://kids.britannica.com/"]["rule"] == f"exam:{made['id']}"
    code, _, err = hedgerow("pass", "add", "--band", "ages-8-10", "--category", "social", *SIGNED)
    assert code == FINE, err  # a category is no site: the exam still closes what is not on its list
    assert explained(hedgerow, "https://www.facebook.com/")["step"] == "4-exam"
    code, _, err = hedgerow("pass", "add", "--band", "ages-8-10", "--site", "facebook.com", *SIGNED)
    assert code == FOUND and "exam" in err
    assert made["id"] in hedgerow("exam", "list")[1]
    assert hedgerow("exam", "end", made["id"], "--by", "Ms Lan")[0] == FINE
    assert hedgerow("exam", "end", made["id"])[0] == FOUND
    assert [row.target.category for row in store.held()] == ["social"]  # the exam's own pass went with it


def test_nothing_starts_when_a_site_of_it_cannot_be_opened(hedgerow: Run, store: PassStore) -> None:
    code, _, err = hedgerow("exam", "start", "--band", "ages-8-10", "--site", "192.168.1.1", *SIGNED)
    assert code == FOUND and "private-address" in err and not store.held()
    assert hedgerow("exam", "start", "--band", "ages-8-10", *SIGNED)[0] == BAD
    assert hedgerow("exam", "list")[1] == "no exam is on\n"
