"""``sources.yaml``: what is read, and every mistake told with its place and the legal choices."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hedgerow.stores.categories import load_categories
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.sources import Role, Source, load_sources

ROOT = Path(__file__).parents[3]
CATEGORIES = ("adult", "gambling", "education")
KEY = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"  # minisign's own, from its page
FULL = """
    title: T
    url: https://lists.example/x/bets.tar.gz
    format: domains
    category: gambling
    licence: MIT
    home: https://lists.example
"""


def written(folder: Path, shipped: str, school: str = "") -> tuple[Source, ...]:
    (folder / "local").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text(shipped, encoding="utf-8")
    if school:
        (folder / "local" / "sources.yaml").write_text(school, encoding="utf-8")
    return load_sources(folder / "sources.yaml", folder / "local" / "sources.yaml", categories=CATEGORIES)


def entry(**keys: str) -> str:
    """A file with one source ``s``: the full one, with these keys changed; "" takes one out."""
    pairs = {line.split(":", 1)[0].strip(): line.split(":", 1)[1].strip() for line in FULL.strip().splitlines()}
    pairs |= {key.replace("_", "-"): value for key, value in keys.items()}
    return "sources:\n  s:\n" + "".join(f"    {key}: {value}\n" for key, value in pairs.items() if value)


def mistakes(folder: Path, shipped: str, school: str = "") -> list[str]:
    with pytest.raises(PolicyError) as error:
        written(folder, shipped, school)
    return [str(mistake) for mistake in error.value.mistakes]


def test_a_source_with_its_defaults(tmp_path: Path) -> None:
    (source,) = written(tmp_path, entry())
    assert source.urls == ("https://lists.example/x/bets.tar.gz",) and source.names == ("bets.tar.gz",)
    assert (source.id, source.family, source.role, source.trust) == ("s", "s", Role.LIST, 2)
    assert (source.refresh, source.shrink, source.grow, source.least_names) == (timedelta(days=1), 0.5, 10.0, 1)
    assert (source.required, source.share, source.single) == (False, True, True)
    assert str(source.where) == "sources.yaml:3"


def test_several_files_are_kept_by_the_sources_own_category(tmp_path: Path) -> None:
    files = "{porn: https://a.example/x.hosts, bets: https://a.example/all.tar.gz}"
    (source,) = written(tmp_path, entry(url="", files=files, category="", categories="{porn: [adult], bets: []}"))
    assert source.names == ("porn.txt", "bets.tar.gz") and not source.single
    assert source.categories == {"porn": ("adult",), "bets": ()}
    assert (source.ours("porn"), source.ours("bets"), source.ours("new")) == (("adult",), (), None)


def test_the_rest_can_be_left_unused_in_one_word(tmp_path: Path) -> None:
    (source,) = written(tmp_path, entry(category="", categories='{porn: adult, "*": []}'))
    assert (source.ours("porn"), source.ours("whatever")) == (("adult",), ())


def test_the_school_switches_off_trusts_otherwise_and_adds(tmp_path: Path) -> None:
    shipped = entry() + "  t:" + FULL.replace("category: gambling", "categories: {a: adult}") + "  u:" + FULL
    school = (
        "sources:\n  s: {use: false}\n  t: {trust: 3, required: true, refresh: 6 hours, categories: {b: gambling}}\n"
    )
    school += "  ours:\n    path: local/ours.txt\n    title: T\n    format: domains\n    category: adult\n"
    school += "    licence: ours\n    home: https://school.example\n"
    t, u, ours = written(tmp_path, shipped, school)
    assert (t.id, t.trust, t.required, t.refresh) == ("t", 3, True, timedelta(hours=6))
    assert t.categories == {"a": ("adult",), "b": ("gambling",)}
    assert (u.trust, ours.path, ours.urls) == (2, "local/ours.txt", ())
    assert str(ours.where).startswith("local/sources.yaml:")


@pytest.mark.parametrize(
    "keys, told",
    [
        ({"title": ""}, "'title' is missing"),
        ({"url": "http://lists.example/x"}, "begins with https://"),
        ({"url": "file:///etc/passwd"}, "begins with https://"),
        ({"url": "https://user@lists.example/x"}, "begins with https://"),
        ({"url": "https://127.0.0.1/x"}, "address inside"),
        ({"url": '"https://[::ffff:10.0.0.1]/x"'}, "address inside"),
        ({"url": "https://0x7f.1/x"}, "address inside"),
        ({"url": "https://localhost/x"}, "address inside"),
        ({"path": "local/x.txt"}, "exactly one of 'url', 'files' and 'path'"),
        ({"url": "", "path": "../../etc"}, "without '..'"),
        ({"url": "", "path": "/etc"}, "without '..'"),
        ({"url": "", "files": '{"../x": https://a.example/x}'}, "legal in a file's name"),
        ({"format": "dommains"}, "did you mean 'domains'?"),
        ({"category": "gamblin"}, "did you mean 'gambling'?"),
        ({"categories": "{a: adult}"}, "say the same thing twice"),
        ({"category": "", "categories": "{a: adlut}"}, "did you mean 'adult'?"),
        ({"category": "", "categories": "{a: }"}, "has no value"),
        ({"category": ""}, "'category' (of all names) or 'categories'"),
        ({"role": "lists"}, "known: education, list, must-reach, popular"),
        ({"trust": "4"}, "from 1 to 3"),
        ({"refresh": "daily"}, "'6 hours', '1 day' or '2 weeks'"),
        ({"shrink": "2"}, "from 0.01 to 1.0"),
        ({"checksum": "{url: https://a.example/x, algorithm: sha1}"}, "known: md5, sha256"),
        ({"signature": "{url: https://a.example/x, key: RWshort}"}, "a minisign key begins with RW"),
        ({"licnce": "x"}, "did you mean 'licence'"),
    ],
)
def test_mistakes_say_where_and_what_is_legal(tmp_path: Path, keys: dict[str, str], told: str) -> None:
    found = mistakes(tmp_path, entry(**keys))
    assert any(told in one for one in found), found
    assert all(one.startswith("sources.yaml:") for one in found)


def test_a_shipped_source_is_changed_in_few_things_only(tmp_path: Path) -> None:
    (told,) = mistakes(tmp_path, entry(), "sources:\n  s: {url: https://elsewhere.example/x}\n")
    assert told.startswith("local/sources.yaml:2:7: 's' is a shipped source: only use, trust")
    (told,) = mistakes(tmp_path, entry(), "sources:\n  s: {categories: {a: adult}}\n")
    assert "has one category" in told


def test_a_signed_source(tmp_path: Path) -> None:
    (source,) = written(tmp_path, entry(signature=f"{{url: https://a.example/x.minisig, key: {KEY}}}"))
    assert source.signature and source.signature.key == KEY


def test_ids_are_a_closed_set_of_plain_words(tmp_path: Path) -> None:
    assert "an id has small letters" in mistakes(tmp_path, "sources:\n  A_b: {}\n")[0]


def test_the_shipped_sources() -> None:
    table = load_categories(ROOT / "blocklists" / "categories.yaml")
    sources = load_sources(ROOT / "blocklists" / "sources.yaml", categories=table.ids)
    by_id = {source.id: source for source in sources}
    assert len(sources) >= 25 and {role for role in Role} == {source.role for source in sources}
    assert all((source.urls or source.path) and source.licence and source.home for source in sources)
    for source in sources:  # every file of several has a word about its category
        keys = (
            {name.split(".")[0] for name in source.names} if not source.single and source.role is Role.LIST else set()
        )
        assert not {key for key in keys if source.ours(key) is None}, source.id
    assert by_id["ut1"].ours("publicite") == ("ads-trackers",) and by_id["ut1"].ours("redirector") == ("proxy-vpn",)
    assert by_id["blocklistproject-redirect"].family == "ut1"  # a copy is no second voice
    assert not by_id["openphish"].share


@pytest.mark.data
@pytest.mark.parametrize(
    "folder, source",
    [
        ("ut1", "ut1"),
        ("blocklistproject", "blocklistproject"),
        ("shadowwhisperer", "shadowwhisperer"),
        ("sinfonietta", "sinfonietta"),
        ("hostsVN", "hosts-vn"),
    ],
)
def test_every_category_of_the_archive_is_mapped(data: Path, folder: str, source: str) -> None:
    """Nothing is dropped in silence: what we leave unused stands in the map with its reason."""
    names = {path.stem for path in (data / "domains" / folder).glob("*.txt")} - {"global_usage"}
    table = load_categories(ROOT / "blocklists" / "categories.yaml")
    found = {one.id: one for one in load_sources(ROOT / "blocklists" / "sources.yaml", categories=table.ids)}[source]
    unmapped = {name for name in names if found.ours(name) is None}
    if source == "blocklistproject":
        unmapped -= {"tracking", "scam", "smart-tv", "redirect", "gambling"}  # sources of their own
    assert names and not unmapped
