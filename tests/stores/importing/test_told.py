from __future__ import annotations

from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.told import commands, told


def test_the_report_in_words() -> None:
    report = Report("e2guardian", groups={"f1": "ages-8-10 (guessed)"}, unused=["languages/a/x", "languages/a/y", "z"])
    report.note("mind the gap")
    report.carried(Where("lists/a", 1), Where("policies/local/bands/x.yaml", 7))
    report.changed(Where("lists/a", 2), "bent", Where("policies/local/bands/x.yaml", 8))
    for line in range(3, 60, 2):
        report.left(Where("lists/a", line), "no `place`\x1b[2J")
    report.refuse(Where("lists/b", 1), "leads out")
    text = told(report, Path("out"), ["local/x.yaml:1:1: what"])
    for part in (
        "1 carried over, 1 changed, 30 not carried over",
        "**1 were refused**",
        "* mind the gap",
        "* `f1`: ages-8-10 (guessed)",
        "* local/x.yaml:1:1: what",
        "`lists/a:2` to `policies/local/bands/x.yaml:8`",
        "**29** no ?place??[2J",
        "and 17 more places",
        "| `lists/a` | 1 | 1 | 29 |",
        "* `languages/a` (2 files)",
        *commands(Path("out")),
    ):
        assert part in text, part
    assert "\x1b" not in text
