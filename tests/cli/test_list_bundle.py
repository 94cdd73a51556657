"""``hedgerow lists bundle`` and ``unbundle``: a district and a school, and what the school says stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, FOUND, run
from hedgerow.cli.common import home
from hedgerow.stores.categories import load_categories
from hedgerow.stores.record import Record
from hedgerow.stores.sources import BUNDLED, Downloads, Source, load_sources
from hedgerow.stores.sources.held import version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Version
from hedgerow.stores.state import State, prepare
from tests.stores.sources.listed import names

OURS = """
    title: The district's own
    url: https://district.example/bets.txt
    format: domains
    category: gambling
    licence: ours
    home: https://district.example
"""
Box = Callable[..., tuple[int, str, str]]


def fetched(place: Path, source_id: str, content: bytes, at: float = 1000.0) -> None:
    """As if ``update`` had fetched it."""
    categories = load_categories(home() / "blocklists" / "categories.yaml").ids
    files = (home() / "blocklists" / "sources.yaml", place / "blocklists" / "local" / "sources.yaml")
    source = {one.id: one for one in load_sources(*files, categories=categories)}[source_id]
    downloads = Downloads(prepare(place / "state").lists)
    staged, facts = {}, {}
    for url, name in zip(source.urls, source.names, strict=True):
        path = staged[name] = downloads.work(source) / name
        path.write_bytes(content)
        facts[name] = FileFacts(url, hashlib.sha256(content).hexdigest(), len(content))
    version = Version(version_of(facts), at, facts, {"": content.count(b"\n")})
    downloads.take(source, staged, version, Meta(fetched=at))


@pytest.fixture
def box(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Box:
    """A command of the district's or of the school's box, each with folders of its own."""

    def command(where: str, *arguments: str) -> tuple[int, str, str]:
        place = tmp_path / where
        (place / "blocklists" / "local").mkdir(parents=True, exist_ok=True)
        (place / "policies").mkdir(exist_ok=True)
        folders = [("--blocklists", "blocklists"), ("--state", "state"), ("--policies", "policies")]
        code = run([*arguments, *(word for name, folder in folders for word in (name, str(place / folder)))])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


@pytest.fixture
def bundle(box: Box, tmp_path: Path) -> Path:
    """A bundle of three lists, one of them the district's own and one that may not be passed on."""
    assert box("district", "lists", "bundle", "--new-key", str(tmp_path / "d.key"))[0] == FINE
    (tmp_path / "district" / "blocklists" / "local" / "sources.yaml").write_text(f"sources:\n  district:{OURS}")
    fetched(tmp_path / "district", "oisd-nsfw", names(60_000))
    fetched(tmp_path / "district", "urlhaus", b"".join(b"0.0.0.0 " + line + b"\n" for line in names(99).split()))
    fetched(tmp_path / "district", "openphish", names(99))
    fetched(tmp_path / "district", "district", names(50))
    out = tmp_path / "lists.bundle"
    code, text, err = box("district", "lists", "bundle", str(out), "--key", str(tmp_path / "d.key"))
    assert code == FINE, err
    assert "left out   openphish" in text and "3 lists" in text
    return out


def held(place: Path, source_id: str) -> int:
    folder = place / "state" / "lists" / source_id / "meta.json"
    return sum(json.loads(folder.read_bytes())["current"]["parts"].values()) if folder.exists() else 0


def test_a_school_without_internet_takes_it_in(box: Box, bundle: Path, tmp_path: Path) -> None:
    local = tmp_path / "school" / "blocklists" / "local"
    local.mkdir(parents=True)
    (local / "sources.yaml").write_text("sources:\n  urlhaus: {use: false}\n  oisd-nsfw: {trust: 3}\n")
    code, out, err = box("school", "lists", "unbundle", str(bundle), "--key", str(tmp_path / "d.key.pub"))
    assert code == FINE, err
    assert "new        oisd-nsfw" in out and "60,000 names" in out and "not used here: urlhaus" in out
    school = tmp_path / "school"
    assert (held(school, "oisd-nsfw"), held(school, "urlhaus"), held(school, "district")) == (60_000, 0, 50)
    sources = _sources(school)
    assert sources["oisd-nsfw"].trust == 3 and sources["district"].title == "The district's own"
    (entry, *_) = Record(State(school / "state").record).entries()
    assert "from the bundle of" in entry.what and "signed with" in entry.what
    code, out, _ = box("school", "lists", "unbundle", str(bundle), "--key", str(tmp_path / "d.key.pub"), "--json")
    assert {one["outcome"] for one in json.loads(out)["lists"]} == {"unchanged"}


def _sources(school: Path) -> dict[str, Source]:
    categories = load_categories(home() / "blocklists" / "categories.yaml").ids
    files = (
        home() / "blocklists" / "sources.yaml",
        school / "state" / "lists" / BUNDLED,
        school / "blocklists" / "local" / "sources.yaml",
    )
    return {one.id: one for one in load_sources(*files, categories=categories)}


def test_what_only_a_bundle_describes_follows_the_bundle(box: Box, bundle: Path, tmp_path: Path) -> None:
    key = ("--key", str(tmp_path / "d.key.pub"))
    box("school", "lists", "unbundle", str(bundle), *key)
    local = tmp_path / "district" / "blocklists" / "local" / "sources.yaml"
    local.write_text(f"sources:\n  district:{OURS.replace('own', 'new one')}  ut1: {{trust: 1}}\n")
    bundle.unlink()
    box("district", "lists", "bundle", str(bundle), "--key", str(tmp_path / "d.key"))
    assert box("school", "lists", "unbundle", str(bundle), *key)[0] == FINE
    found = _sources(tmp_path / "school")
    assert found["district"].title == "The district's new one" and found["ut1"].trust == 2  # ours, not the maker's
    assert box("school", "lists", "update", "nobody")[0] == BAD  # the bundle's description is read by every command


def test_wrong_key_and_altered_byte(box: Box, bundle: Path, tmp_path: Path) -> None:
    box("district", "lists", "bundle", "--new-key", str(tmp_path / "other.key"))
    code, _, err = box("school", "lists", "unbundle", str(bundle), "--key", str(tmp_path / "other.key.pub"))
    assert code == BAD and "was signed with the key" in err
    raw = bytearray(bundle.read_bytes())
    raw[-100] ^= 1
    bundle.write_bytes(bytes(raw))
    code, _, err = box("school", "lists", "unbundle", str(bundle), "--key", str(tmp_path / "d.key.pub"))
    assert code == BAD and "was altered after it was signed" in err
    assert not (tmp_path / "school" / "state" / "lists" / "district").exists()


def test_an_older_bundle_needs_a_persons_word(box: Box, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    fetched(tmp_path / "school", "oisd-nsfw", names(60_001), at=2000.0)
    key = ("--key", str(tmp_path / "d.key.pub"))
    code, out, _ = box("school", "lists", "unbundle", str(bundle), *key)
    assert code == FOUND and "older than what is held" in out
    assert box("school", "lists", "unbundle", str(bundle), *key, "--older")[0] == BAD
    assert box("school", "lists", "unbundle", str(bundle), *key, "--older", "--by", "A. Teacher")[0] == FINE
    assert held(tmp_path / "school", "oisd-nsfw") == 60_000


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("bundle",), "OUT and --key FILE are needed"),
        (("bundle", "x", "--key", "/nowhere"), "No such file"),
        (("unbundle", "/nowhere", "--key", "hedgerow-lists-key:x"), "no public key"),
    ],
)
def test_bad_usage(box: Box, arguments: tuple[str, ...], told: str) -> None:
    code, _, err = box("district", "lists", *arguments)
    assert code == BAD and told in err
