"""What the supervisor sees of member-only lists at each build: tested, told, never gone unseen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hedgerow.core.model import Protected, Where
from hedgerow.runtime import Sources, compile_files, load, read, save
from hedgerow.stores import member
from hedgerow.stores.member_reading import held, read_list
from hedgerow.stores.member_record import put_in, taken_out
from hedgerow.supervisor import BuildRefused
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_member import MemberFacts, MemberWatch, member_metrics
from hedgerow.supervisor_record import Keeper
from hedgerow.supervisor_serve import Builder
from tests.recorded import ROOT, House

TEST = "http://canary.test/pond/duck.jpg"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def sources(house: House) -> Sources:
    return Sources(
        house.shipped, house.school, house.lists, ROOT / "blocklists", house.root / "index", house.state.root
    )


def watched(house: House) -> tuple[Builder, MemberWatch]:
    watch = MemberWatch(house.record, "Hedgerow")
    keeper = Keeper(house.state, sources(house), Box())
    return Builder(sources(house), house.root / "run", keeper, watch), watch


def put(house: House, *lines: bytes, test: str = TEST, name: str = "iwf") -> None:
    found = read_list(lines, member.keyed(member.new_secret(house.state)))
    made = held(found, name, 1_700_000_000.0, "Lan", test)
    what, detail = put_in(made, None)
    house.record.append("list", "Lan", what, "", detail)
    member.put(house.state, made)


def test_put_in_tested_and_told(house: House) -> None:
    builder, watch = watched(house)
    before = builder().version
    assert not list(watch.facts)
    put(house, b"canary.test/pond\n", b"other.test\n")
    assert builder().version != before
    (fact,) = watch.facts
    assert (fact.id, fact.entries, fact.added, fact.passed) == ("iwf", 2, 1_700_000_000.0, True)
    assert abs(fact.tested - time.time()) < 60


def test_a_snapshot_holds_it_sealed_and_judges_by_it(house: House) -> None:
    put(house, b"kestrelcanary.test/pond\n", test="http://kestrelcanary.test/pond/x")
    path = save(compile_files(sources(house)), house.root / "run")
    assert b"kestrelcanary" not in path.read_bytes()
    snapshot = load(path)
    assert (
        snapshot.policy.illegal is not None
        and snapshot.policy.illegal.match("kestrelcanary.test", "/pond/x", "") == "iwf"
    )
    assert "member:iwf" in snapshot.named_rules and read(path).policy.illegal is None and not snapshot.member_unread


def test_a_failure_is_recorded_once_and_so_is_its_end(house: House) -> None:
    builder, watch = watched(house)
    builder()
    put(house, b"canary.test/pond\n", test="http://elsewhere.test/")

    def told() -> Sequence[str]:
        return [entry.what for entry in house.new(builder)]

    assert [what for what in told() if "self-test" in what] and told() == []
    assert not watch.facts[0].passed
    put(house, b"canary.test/pond\n")
    assert told() == ["member-only list iwf passes its self-test again"] and watch.facts[0].passed
    assert not [entry for entry in house.record.entries() if "canary" in entry.body() or "elsewhere" in entry.body()]


def test_two_lists_may_have_one_test_address(house: House) -> None:
    put(house, b"canary.test/pond\n")
    put(house, b"canary.test\n", name="another")
    builder, watch = watched(house)
    builder()
    assert [(fact.id, fact.passed) for fact in watch.facts] == [("another", True), ("iwf", True)]


def test_a_helpline_whose_page_is_listed_fails_the_test(house: House) -> None:
    """Its connections are not opened, so the page is never seen: better a test that says so."""
    put(house, b"canary.test/pond\n")
    watch = MemberWatch(house.record, "Hedgerow")
    files = compile_files(sources(house))
    entry = Protected("canary.test", Where("helplines/en.yaml", 3))
    policy = replace(files.policy, protected={**files.policy.protected, "canary.test": (entry,)})
    watch.look(replace(files, loaded=replace(files.loaded, policy=policy)))
    assert not watch.facts[0].passed


@pytest.mark.parametrize("running", [True, False])
def test_gone_or_damaged_is_refused_until_it_is_taken_out(house: House, running: bool) -> None:
    put(house, b"canary.test/pond\n")
    builder, watch = watched(house)
    if running:
        builder()
    path = house.state.member / "iwf.sealed"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(BuildRefused, match="iwf.sealed: damaged"):
        builder()
    path.unlink()
    for _ in range(2):
        with pytest.raises(BuildRefused, match="iwf.sealed: a member-only list is gone: Lan put it in"):
            builder()
    what, detail = taken_out("iwf", None)
    house.record.append("list", "Lan", what, "over", detail)
    builder()
    assert not list(watch.facts)


def test_what_the_service_may_not_read_is_no_list_that_is_not_there(house: House) -> None:
    watch = MemberWatch(house.record, "Hedgerow")
    files = compile_files(sources(house))
    with pytest.raises(ValueError, match="belongs to somebody else"):
        watch.look(replace(files, member=member.SealedLists(unread=True)))


def test_metrics() -> None:
    facts = [MemberFacts("iwf", 6000, 5.0, True, 7.0), MemberFacts("police", 3, 6.0, False, 8.0)]
    found = {
        (sample.name, sample.labels["list"]): sample.value
        for family in member_metrics(facts)
        for sample in family.samples
    }
    assert len(found) == 8
    assert found["hedgerow_member_entries", "iwf"] == 6000 and found["hedgerow_member_selftest", "police"] == 0
    assert found["hedgerow_member_added_timestamp_seconds", "police"] == 6
    assert found["hedgerow_member_selftest_timestamp_seconds", "iwf"] == 7
