from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.lint import CHECKS
from hedgerow.stores.lint_reports import nobody_alerted, nobody_carries, nobody_hears, nobody_reads
from hedgerow.stores.linting import Finding, Linting
from hedgerow.stores.policies import load_policy
from hedgerow.stores.report_model import TOPICS
from hedgerow.stores.site import Mail, Site
from tests.shipped import CATEGORIES, POLICIES

LOADED = load_policy(POLICIES, Path("no school"), CATEGORIES)
PUPILS = NetworkRule("pupils", (), "ages-8-10")
MAIL = Mail("mail.school.example", 587, "starttls", "g@school.example")
LEAD = ("mailto:lead@school.example",)


def said(check: Callable[[Linting], Iterator[Finding]], **site: object) -> list[str]:
    loaded = replace(LOADED, site=Site(**{"networks": (PUPILS,), **site}))  # type: ignore[arg-type]
    found = list(check(Linting(loaded, datetime(2026, 11, 24, tzinfo=UTC))))
    assert all(str(finding.where) == "local/site.yaml" and not finding.refused for finding in found)
    return [finding.message for finding in found]


def test_topics_without_anybody_are_told() -> None:
    everybody = {topic: ("desk:Lan",) for topic in TOPICS.values()}
    assert said(nobody_reads, reports=everybody) == []
    assert said(nobody_reads, reports={**everybody, "hurt": ()}) == [
        "reports: nobody is told about hurt: no child can write to the school for help; name somebody"
    ]
    assert said(nobody_reads, networks=()) == []
    assert said(nobody_reads) == [
        "reports: nobody is told about help, hurt: no child can write to the school for help; name somebody",
        "reports: nobody is told about wrongly-blocked, wrongly-allowed, harmful, fake-news: "
        "these buttons are not shown; name somebody",
    ]


def test_troubles_that_nobody_would_hear_of_are_told() -> None:
    assert said(nobody_hears, reports={"alerts": LEAD, "technical": ("desk:Lan", *LEAD)}) == []
    assert said(nobody_hears, networks=()) == []
    assert said(nobody_hears, reports={"alerts": ("desk:Lan",)}) == [
        "reports: nobody is told when an alert or a request for help stays unread for a school hour: "
        "name a mail or web address for alerts",
        "reports: nobody is told when the filter itself is in trouble: name a mail or web address for technical",
    ]


def test_that_nobody_is_told_what_pupils_type_is_told() -> None:
    nobody = "reports: nobody is told what pupils type about bullying, eating-disorders, extremism, grooming, self-harm"
    assert said(nobody_alerted) == [f"{nobody}: name somebody for alerts"]
    assert said(nobody_alerted, reports={"alerts": ("desk:Lan",)}) == []  # a desk reads the list
    assert said(nobody_alerted, networks=()) == []


@pytest.mark.parametrize(
    "rule, told",
    [
        ("{action: help, alert: off}", True),
        ("no-rule", True),
        ("{action: help, alert: low}", False),
        ("block", False),
    ],
)
def test_a_school_that_switches_an_alert_off_reads_that_it_did(tmp_path: Path, rule: str, told: bool) -> None:
    (tmp_path / "bands").mkdir()
    (tmp_path / "bands" / "ages-8-10.yaml").write_text(f"words:\n  self-harm: {rule}\n")
    loaded = replace(load_policy(POLICIES, tmp_path, CATEGORIES), site=Site(reports={"alerts": LEAD}))
    found = list(nobody_alerted(Linting(loaded, datetime(2026, 11, 24, tzinfo=UTC))))
    assert [finding.message for finding in found] == [
        "ages-8-10: nobody is told any more what pupils type about self-harm"
    ] * told


@pytest.mark.parametrize(
    "site, words",
    [
        ({"reports": {"help": LEAD}, "mail": MAIL}, ""),
        ({"reports": {"help": ("desk:Lan",)}}, ""),
        ({"reports": {"alerts": LEAD}}, "mailto:lead@school.example cannot be told: no mail server"),
        ({"mail": replace(MAIL, security="none")}, "unencrypted"),
        ({"mail": replace(MAIL, server="10.0.0.5", security="none")}, ""),
        ({"mail": replace(MAIL, server="localhost", security="none")}, ""),
    ],
)
def test_mail_needs_a_server_and_a_closed_letter(site: dict[str, object], words: str) -> None:
    found = said(nobody_carries, **site)
    assert len(found) == bool(words) and all(words in message for message in found)


def test_check_asks_both() -> None:
    assert nobody_reads in CHECKS and nobody_carries in CHECKS
