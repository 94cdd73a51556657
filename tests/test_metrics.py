"""Metrics: closed labels, one scrape of all workers, counters that survive a worker."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from hedgerow import metrics
from hedgerow.core.model import (
    Action,
    Band,
    Calendar,
    Capture,
    Decision,
    Floor,
    Policy,
    Rule,
    SiteRule,
    Step,
    Where,
)
from tests.core.member import member

WHERE = Where("bands/b.yaml", 1)


def rule(name: str) -> Rule:
    return Rule(name, Action.BLOCK, WHERE)


def decision(name: str, host: str = "a.example", category: str = "", protected: bool = False) -> Decision:
    return Decision(
        Action.BLOCK, Capture.DECRYPTED, "ages-8-10", Step.SITE, name, "x:1", "e", host, category, protected=protected
    )


def policy(sites: int) -> Policy:
    hosts = {f"s{n}.example": (SiteRule(f"s{n}.example", rule(f"site:s{n}.example")),) for n in range(sites)}
    band = Band(
        name="ages-8-10",
        title="",
        order=1,
        categories={"games": rule("category:games")},
        sites=hosts,
        words={},
        files=(),
        windows={},
        unknown_page=rule("unknown:page"),
        unknown_part=rule("unknown:part"),
        unknown_address=rule("unknown:address"),
        undecodable=rule("undecodable"),
    )
    floor = Floor({"illegal": rule("floor:category:illegal")}, {})
    return Policy("v", {"ages-8-10": band}, "ages-8-10", floor, {}, {}, Calendar("UTC"))


def test_at_most_200_rules_are_named_and_the_general_ones_are_among_them() -> None:
    named = metrics.named_rules(policy(500))
    assert len(named) == metrics.MAX_RULES
    assert {"category:games", "unknown:page", "undecodable", "floor:category:illegal"} <= named
    assert named == metrics.named_rules(policy(500))  # the same in every worker


@pytest.mark.parametrize(
    "taken, label",
    [
        (decision("category:games"), "category:games"),
        (decision("site:s1.example"), "site:s1.example"),
        (decision("site:elsewhere.example"), "other"),
        (decision("builtin:port"), "builtin:port"),
        (decision("protected:helpline.example", protected=True), "protected"),
        (decision("protected:helpline.example"), "protected"),
        (replace(decision("exam:K7Q2M4"), step=Step.EXAM), "exam"),
        (decision("site:s1.example", protected=True), "protected"),
    ],
)
def test_a_rule_label_comes_from_a_closed_set(taken: Decision, label: str) -> None:
    assert metrics.rule_label(taken, metrics.named_rules(policy(5))) == label


def test_member_only_lists_are_named_by_their_short_names() -> None:
    named = metrics.named_rules(replace(policy(500), illegal=member(iwf="a.test", police="b.test")))
    assert {"member:iwf", "member:police"} <= named and len(named) == metrics.MAX_RULES
    assert metrics.rule_label(replace(decision("member:iwf"), step=Step.ILLEGAL), named) == "member:iwf"
    assert metrics.rule_label(decision("member:other"), named) == "other"


def test_ten_thousand_hosts_add_no_series() -> None:
    named = metrics.named_rules(policy(5))
    metrics.count_decision(decision("category:games", category="games"), "https", named)
    metrics.count_decision(decision("site:a.example"), "https", named)
    before = series()
    for number in range(10_000):
        host = f"h{number}.example"
        metrics.count_decision(decision("category:games", host, "games"), "https", named)
        metrics.count_decision(decision(f"site:{host}", host), "https", named)
    assert series() == before
    assert value("hedgerow_rule_decisions_total", rule="other", action="block") >= 10_000
    assert value("hedgerow_category_decisions_total", category="games", action="block") >= 10_000


def series() -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    return {(s.name, tuple(sorted(s.labels.items()))) for m in metrics.WORKER.collect() for s in m.samples}


def value(name: str, **labels: str) -> float:
    return metrics.WORKER.get_sample_value(name, labels) or 0.0


def test_all_names_begin_with_ours() -> None:
    names = list(metrics.sample_names())
    assert len(names) > 15
    assert all(name.startswith("hedgerow_") for name in names)


def test_no_label_can_hold_a_host_or_a_person() -> None:
    allowed = {
        "band",
        "scheme",
        "action",
        "step",
        "category",
        "rule",
        "kind",
        "reason",
        "hook",
        "side",
        "outcome",
        "trust",
    }
    used = {label for metric in metrics.WORKER.collect() for s in metric.samples for label in s.labels}
    assert used - {"le"} <= allowed


WORKER_CODE = """
from hedgerow import metrics
metrics.DECISIONS.labels("ages-8-10", "block", "5-site").inc(%d)
metrics.ADDED_SECONDS.observe(0.001)
metrics.LOOP_LAG.set(%f)
metrics.OPEN_CONNECTIONS.set(2)
"""


def run_worker(folder: Path, slot: int, count: int, lag: float) -> None:
    code = WORKER_CODE % (count, lag)
    environment = {"PATH": "/usr/bin:/bin", **metrics.worker_environment(str(folder), slot)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def test_one_scrape_merges_workers_and_outlives_them(tmp_path: Path) -> None:
    run_worker(tmp_path, 0, 3, 0.2)
    run_worker(tmp_path, 1, 4, 0.1)
    text = generate_latest(metrics.collected(str(tmp_path))).decode()
    assert 'hedgerow_decisions_total{action="block",band="ages-8-10",step="5-site"} 7.0' in text
    assert "hedgerow_added_seconds_count 2.0" in text
    assert "hedgerow_loop_lag_seconds 0.2" in text
    assert "hedgerow_open_connections 4.0" in text
    files = {path.name for path in tmp_path.iterdir()}

    metrics.forget_gauges(str(tmp_path), 0)
    text = generate_latest(metrics.collected(str(tmp_path))).decode()
    assert "hedgerow_loop_lag_seconds 0.1" in text  # a dead worker has no lag
    assert "hedgerow_open_connections 2.0" in text
    assert 'step="5-site"} 7.0' in text  # but what it counted was counted

    run_worker(tmp_path, 0, 5, 0.3)  # its replacement goes on counting in the same files
    text = generate_latest(metrics.collected(str(tmp_path))).decode()
    assert 'step="5-site"} 12.0' in text
    assert {path.name for path in tmp_path.iterdir()} == files
