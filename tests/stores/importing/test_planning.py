"""Any order of any lists: what was planned and written gives the verdicts of the order, asked of the filter itself."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hedgerow.cli.asked import Asked, request_of
from hedgerow.core.model import Identity, Where
from hedgerow.core.policy import decide
from hedgerow.stores.formats import parse_name
from hedgerow.stores.importing.importer import Wishes, imported
from hedgerow.stores.importing.model import ADDRESSES, EVERYTHING, Group, Installation, Step, Verdict, address_of
from hedgerow.stores.importing.plan import ever_blocks
from hedgerow.stores.importing.planning import MOST_SITES
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.times import Week
from tests.stores.importing.judged import snapshot
from tests.stores.importing.place import shipped

NAMES = (
    "a.example",
    "b.a.example",
    "c.b.a.example",
    "khanacademy.org",
    "www.khanacademy.org",
    "d.example/x",
    "d.example/x/y",
    "d.example",
    "e.example",
    "93.184.215.14",
    "archive.org",
    "archive.org/details",
)
ASKED = (*NAMES, "z.c.b.a.example", "x.e.example", "d.example/x/y/z", "archive.org/details/z")
LESSON = Week.of((day, 480, 720) for day in range(5))
MOMENTS = {True: datetime(2026, 11, 23, 10, 0), False: datetime(2026, 11, 23, 20, 0)}
LISTS = st.lists(
    st.tuples(st.sets(st.sampled_from(NAMES), min_size=1), st.sampled_from(["", "games", "adult"])),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(st.tuples(st.integers(-2, 3), st.sampled_from(list(Verdict)), st.booleans()), min_size=1, max_size=6)


def installation(lists: list[tuple[set[str], str]], steps: list[tuple[int, Verdict, bool]]) -> Installation:
    made = Installation("e2guardian")
    for number, (names, category) in enumerate(lists):
        one = made.lists.new(f"list{number}", f"lists/{number}", category)
        for line, name in enumerate(sorted(names), start=1):
            made.lists.add(one, parse_name(name), line)
    group = Group("f1", "", Where("f1.conf", 1))
    for at, verdict, lesson in steps:
        bits = 1 << at if 0 <= at < len(lists) else EVERYTHING if at == -1 else ADDRESSES
        group.steps.append(Step(bits, verdict, LESSON if lesson else None))
    made.groups.append(group)
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([({"www.khanacademy.org"}, "")], [(-1, Verdict.BLOCK, False), (0, Verdict.ALLOW, False)])
@given(LISTS, STEPS)
def test_the_same_verdicts(lists: list[tuple[set[str], str]], steps: list[tuple[int, Verdict, bool]]) -> None:
    made = installation(lists, steps)
    written = imported(made, Wishes({"f1": "ages-11-13"}, {}), shipped(), Report("x"))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in written.files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(str(text))
        (Path(folder) / "blocklists" / "local").mkdir(parents=True, exist_ok=True)
        snap = snapshot(Path(folder), Path(folder) / "index")
        group = made.groups[0]
        for url in ASKED:
            asked = parse_name(url)
            mask = made.lists.covering(asked)
            if not mask & group.mentions:
                continue  # Hedgerow's own lists and bands stay in force for whatever the import does not name
            ruled = group.ruled(mask & group.mentions, address_of(asked))
            for lesson, at in MOMENTS.items():
                verdict = dict((v, w) for w, v in ruled.times)
                here = next((v for v in verdict if lesson), ruled.verdict)
                found = decide(
                    request_of(Asked(f"http://{url}", kind="page")),
                    Identity("", "ages-11-13"),
                    snap.policy,
                    snap.index,
                    at.replace(tzinfo=snap.zone),
                )
                assert found.action.forbids is (here is Verdict.BLOCK), f"{url} at {at}: {found.rule} ({found.where})"


def test_a_list_too_long_for_a_band(tmp_path: Path) -> None:
    """It becomes the category whose shipped names it shares, and that is said."""
    made, report = Installation("e2guardian"), Report("x")
    one = made.lists.new("mine", "lists/mine")
    for line in range(MOST_SITES + 1):
        made.lists.add(one, parse_name(f"n{line}.example"), line + 1)
    made.lists.add(one, parse_name("bet365.com"), MOST_SITES + 2)
    made.groups.append(Group("f1", "", Where("f1.conf"), [Step(one.bit, Verdict.BLOCK)]))
    written = imported(made, Wishes({}, {}), shipped(), report)
    assert len(written.files["blocklists/local/gambling.txt"].lines) == MOST_SITES + 4
    assert any("too many for a band's file" in note for note in report.notes)


def test_what_is_closed_unless_listed_closes_our_own_lists_too() -> None:
    """``pass good none``: a category that only Hedgerow knows must not be the way out."""
    made = installation([({"a.example"}, "")], [(0, Verdict.ALLOW, False), (-1, Verdict.BLOCK, False)])
    band = str(
        imported(made, Wishes({"f1": "ages-11-13"}, {}), shipped(), Report("x")).files[
            "policies/local/bands/ages-11-13.yaml"
        ]
    )
    assert "  education: block" in band and "  news: block" in band and "unknown: {page: block" in band
    assert "malware" not in band and "updates" not in band
    assert ever_blocks(made.groups[0].ruled(0))
