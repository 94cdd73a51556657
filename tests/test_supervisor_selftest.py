"""The self-test of a running gateway: what it finds, what it leaves behind, and that it finds what is broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hedgerow import supervisor_selftest
from hedgerow.selftest.model import CHECKS, Canary, Run, counted, read, unasked
from hedgerow.selftest.pages import is_p256
from hedgerow.stores.selftest_log import last
from hedgerow.stores.state import State, running_path
from hedgerow.supervisor_box import Box
from tests.commands import hedgerow
from tests.lab.authority import Issuer
from tests.test_supervisor_serve import ROOT, Gateway, served

BANDS = ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17", "staff")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    made = Gateway(tmp_path_factory.mktemp("selftest"))
    with served(made):
        yield made


def test_now(gateway: Gateway) -> Run:
    state = gateway.root / "state"
    command = [sys.executable, "-m", "hedgerow.selftest", str(state), str(running_path(state, os.geteuid())), "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return read(json.loads(done.stdout))


test_now.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def healthy(gateway: Gateway) -> Run:
    return test_now(gateway)


def why(found: Run, check: str) -> list[str]:
    return [f"{one.band} {one.what}: {one.told}" for one in found.failed if one.check == check]


def test_a_healthy_gateway_answers_every_canary_as_its_policy_says(gateway: Gateway, healthy: Run) -> None:
    assert healthy.failed == ()
    assert healthy.results.keys() >= {(check, band) for check in ("floor", "doh", "words", "page") for band in BANDS}
    assert {check for check, _ in healthy.results} == CHECKS.keys() - {"helplines-reached"}
    assert healthy.policy == gateway.version() and set(healthy.expiries) == {"ca", "leaf"}


def test_no_pupil_is_counted_and_nothing_is_logged(gateway: Gateway, healthy: Run) -> None:
    scrape = gateway.get("/metrics")[1].decode()
    for name in ("requests", "decisions", "category_decisions", "rule_decisions", "not_inspected", "continues"):
        assert f"\nhedgerow_{name}_total{{" not in scrape, name
    assert "\nhedgerow_added_seconds_count 0.0" in scrape and "\nhedgerow_open_connections 0.0" in scrape
    assert "\nhedgerow_events_written_total 0.0" in scrape and "\nhedgerow_faults_total{" not in scrape
    events = [path for path in (gateway.root / "state" / "events").rglob("*") if path.is_file() and path.stat().st_size]
    assert events == [] and not list((gateway.root / "state" / "alerts").iterdir())


def test_the_supervisor_runs_it_and_says_so(gateway: Gateway) -> None:
    gateway.until(lambda: b"hedgerow_selftest_ok{" in gateway.get("/metrics")[1])
    scrape = gateway.get("/metrics")[1].decode()
    assert 'hedgerow_selftest_ok{band="ages-8-10",check="categories"} 1.0' in scrape
    assert 'hedgerow_selftest_ok{band="",check="certificate"} 1.0' in scrape
    assert 'hedgerow_selftest_expiry_timestamp_seconds{what="ca"}' in scrape
    assert "hedgerow_selftest_last_run_timestamp_seconds 1." in scrape
    kept = last(gateway.root / "state" / "selftest")
    assert kept is not None and kept.policy == gateway.version() and kept.counts["floor"] == (15, 15)


def test_it_finds_the_portal_gone(gateway: Gateway) -> None:
    socket = running_path(gateway.root / "state", os.geteuid()) / "portal.sock"
    away = socket.rename(socket.with_name("away.sock"))
    try:
        found = test_now(gateway)
    finally:
        away.rename(socket)
    assert {one.check for one in found.failed} == {"portal"} and "503" in why(found, "portal")[0]


def test_it_finds_a_worker_that_serves_by_another_policy(gateway: Gateway) -> None:
    """The worker is stopped at the reload's start: it goes on with what it had, for as long as it is looked at."""
    folder = running_path(gateway.root / "state", os.geteuid())
    (old,) = folder.glob("*.snapshot")
    newer = folder / "zzz.snapshot"
    edit = gateway.school / "bands" / "ages-8-10.yaml"
    try:
        edit.write_text("band: ages-8-10\ncategories: {games: allow, music: block}\n")
        gateway.until(lambda: len(list(folder.glob("*.snapshot"))) == 2, 20)
        newer.write_bytes(old.read_bytes())  # what the test takes for the policy in force, and the workers do not
        found = test_now(gateway)
    finally:
        newer.unlink(missing_ok=True)
        edit.unlink()
    assert {"categories", "page"} <= {one.check for one in found.failed}
    assert any("expected block" in text for text in why(found, "categories"))


def command(gateway: Gateway, *words: str) -> None:
    place = ["--policies", str(gateway.school), "--state", str(gateway.root / "state")]
    hedgerow(*words, *place, check=True)


def test_an_exam_and_a_relaxation_are_no_faults(gateway: Gateway) -> None:
    """What teachers grant changes what is right, for the test as for the pupils; while relaxed nothing is opened."""
    why_so = ("--by", "Ms Lan", "--reason", "maths exam")
    command(gateway, "exam", "start", "--band", "ages-14-17", "--site", "wikipedia.org", "--minutes", "5", *why_so)
    command(gateway, "relax", "--minutes", "5", *why_so)
    try:
        relaxed = test_now(gateway)
    finally:
        command(gateway, "relax", "--end", *why_so)
    assert relaxed.failed == ()
    assert_searches_are_not_called_tested(relaxed)
    again = test_now(gateway)
    assert again.failed == () and not unasked(again.canaries)


def assert_searches_are_not_called_tested(relaxed: Run) -> None:
    """Nobody could look into a search: no number, no result for the scrape, and it is said how many they were.

    But for the two that refuse the engine by its name: the youngest, and the one with an exam."""
    asked, silent = counted(relaxed.canaries), unasked(relaxed.canaries)
    assert {band for check, band in relaxed.results if check == "words"} == {"ages-5-7", "ages-14-17"}
    assert 2 * silent["words"] == 3 * asked["words"][1] > 150
    assert asked["floor"] == (15, 15) and "floor" not in silent
    assert sum(silent.values()) + sum(number for _, number in asked.values()) == len(relaxed.canaries)


@pytest.mark.parametrize("curve, fits", [(ec.SECP256R1(), True), (ec.SECP384R1(), False)], ids=["P-256", "P-384"])
def test_only_p_256_is_taken_for_it(curve: ec.EllipticCurve, fits: bool) -> None:
    pem = Issuer("school").leaf("certificate.test", ec.generate_private_key(curve))
    assert is_p256(x509.load_pem_x509_certificate(pem)) is fits


def test_what_was_not_asked_is_not_told_to_be_well(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tester = supervisor_selftest.Tester(Box(), State(tmp_path), tmp_path)
    for passed, asked in ((False, True), (True, False), (True, True)):
        tester._tell(Run(0, 0, "", (Canary("doh", "staff", "dns.google", passed, asked=asked),)), reach=False)
        assert ("well again" in caplog.text) is (passed and asked)


def test_helplines_are_told_by_the_line_of_their_entry(healthy: Run) -> None:
    """No name of one is in what is kept, shown or logged."""
    assert {one.what for one in healthy.canaries if one.check == "helplines"} <= {
        f"helplines/{path.name}:{line}"
        for path in (ROOT / "policies" / "helplines").glob("*.yaml")
        for line in range(1, 200)
    }


def test_without_a_gateway_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hedgerow.selftest", str(tmp_path), str(tmp_path / "nowhere"), "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "no gateway runs" in done.stderr and "Traceback" not in done.stderr
