"""30 reloads, 10 of them broken, at 200 requests a second over h1, h2 and an open WebSocket."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.e2e.load import Answer, Load
from tests.lab import school
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

RELOADS, RATE = 30, 200
BAND = "bands/ages-8-10.yaml"
ACTIONS = ("block", "warn")


@pytest.fixture(scope="module")
def reloaded(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "reloaded")
    yield gateway
    gateway.stop()


def band_with(action: str, number: int) -> str:
    """The school's edit with ``warned.test`` decided otherwise, and a message that makes the version new."""
    text = school.files()[BAND].replace("  warned.test: warn\n", f"  warned.test: {action}\n")
    return text + f'messages: {{en: "edit {number}"}}\n'


def in_force(gateway: Gateway) -> set[str]:
    """The versions that workers and supervisor say they run."""
    lines = gateway.fetch("/metrics")[1].splitlines()
    told = [line for line in lines if line.startswith("hedgerow_policy_info{") and line.endswith(" 1.0")]
    return {line.split('version="')[1].split('"')[0] for line in told}


@pytest.mark.parametrize("mode", ["explicit"])
def test_reloads_under_load(lab: Lab, reloaded: Gateway, mode: str) -> None:
    device = lab.device("pupil8", mode, reloaded.ca, second=True)
    edits: list[tuple[float, str]] = []
    with Load(device, ("warned.test", "allowed.test", "blocked.test"), RATE) as load:
        time.sleep(1)
        for number in range(RELOADS):
            broken = number % 3 == 2
            action = ACTIONS[number % 2] if not broken else edits[-1][1]
            text = band_with(action, number)
            (reloaded.policies / BAND).write_text(text + ("  broken: [\n" if broken else ""))
            edits.append((time.monotonic(), action))
            time.sleep(2.2)
    failed = [a for a in load.answers if a.reply.error or a.reply.status not in (200, 403)]
    assert not failed, f"{len(failed)} of {len(load.answers)}: {failed[:5]}"
    assert len(load.answers) > RELOADS * 2.2 * RATE * 0.6, "the load was not what it should be"
    assert load.echoes and set(load.echoes) == {"echo:pond"}, "the WebSocket lived through all of it"
    assert_timely(load.answers, edits)
    versions = {a.reply.header("x-hedgerow-policy") for a in load.answers if a.reply.status == 403}
    assert len(versions) >= 20 and all("," not in version for version in versions)
    assert reloaded.metric("hedgerow_reloads_total", result="refused") >= 10
    assert len(in_force(reloaded)) == 1


def assert_timely(answers: list[Answer], edits: list[tuple[float, str]]) -> None:
    """Two seconds after an edit nobody is answered by the one before it; in between either stands, nothing else."""
    for number, (at, action) in enumerate(edits):
        until = edits[number + 1][0] if number + 1 < len(edits) else at + 2.2
        late = [a for a in answers if a.host == "warned.test" and at + 2 < a.at < until]
        wrong = [a for a in late if a.reply.action != action]
        assert not wrong, f"edit {number}: {wrong[0].at - at:.2f} s later still {wrong[0].reply.action}"


def test_a_broken_file_says_where(lab: Lab, reloaded: Gateway) -> None:
    """L04: refused with file and line; the policy that was in force stays in force."""
    device = lab.device("pupil8", "explicit", reloaded.ca, second=True)
    before = in_force(reloaded)
    breakages = {
        BAND: "band: ages-8-10\nsites: {a.test: block, a.test: allow}\n",
        "site.yaml": school.SITE.replace("07:30-16:30", "25:00-26:00"),
        "bands/ages-14-17.yaml": "band: ages-14-17\nbase: &x {}\nsites:\n  <<: *x\n",
        "bands/ages-99.yaml": "band: ages-99\n",
    }
    for name, text in breakages.items():
        path = reloaded.policies / name
        kept = path.read_text() if path.exists() else None
        count = reloaded.metric("hedgerow_reloads_total", result="refused")
        path.write_text(text)
        end = time.monotonic() + 5
        while reloaded.metric("hedgerow_reloads_total", result="refused") == count and time.monotonic() < end:
            time.sleep(0.05)
        assert reloaded.metric("hedgerow_reloads_total", result="refused") > count, name
        assert f"{name}:" in reloaded.process.tail(40), reloaded.process.tail(40)
        assert device.https("blocked.test").action == "block" and in_force(reloaded) == before
        path.unlink() if kept is None else path.write_text(kept)


def test_deleted_policies_change_nothing(lab: Lab, reloaded: Gateway) -> None:
    """L02: files of the school vanish while it runs."""
    device = lab.device("pupil8", "transparent", reloaded.ca, second=True)
    for path in reloaded.policies.rglob("*.yaml"):
        path.unlink()
    time.sleep(2)
    assert device.https("blocked.test").action == "block"
    assert device.https("unlisted.example.test").action == "block"
