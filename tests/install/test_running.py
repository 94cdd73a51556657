"""What was installed runs on Debian's own systemd: it filters in its sandbox, and its journal says nothing of anybody.

The tests are steps of one story and run in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.install.machine import Machine
from tests.install.story import ALLOWED, BLOCKED, ORIGIN, ask, becomes, journal, names_by_hand, nobody_elses, shown

pytestmark = pytest.mark.long

ORIGIN_STARTS = (
    f"ip address add {ORIGIN}/32 dev lo; echo '{ORIGIN} {ALLOWED} {BLOCKED}' >> /etc/hosts; mkdir -p /srv/site; "
    f"systemd-run -q --unit=origin --working-directory=/srv/site python3 -u -m http.server --bind {ORIGIN} 80; sleep 1"
)
LEAKS = "mkdir -p {0}; printf '[Service]\\nEnvironment=SSLKEYLOGFILE=/tmp/k\\n' > {0}/k.conf; systemctl daemon-reload"
DROP_IN = "/run/systemd/system/hedgerow.service.d"


@pytest.fixture(scope="module")
def running(installed: Machine) -> Iterator[Machine]:
    """Booted, and so for all tests of this file."""
    with installed.booted():
        yield installed


def test_it_filters_after_a_boot(running: Machine) -> None:
    assert running.run("timeout", "90", "systemctl", "start", "hedgerow").code == 0
    assert shown(running, "hedgerow", "ActiveState") == "active"
    assert shown(running, "hedgerow", "StatusText").startswith("filters, policy ")
    assert ask(running, BLOCKED) == "403 block"


def test_an_allowed_site_comes_through_the_sandbox(running: Machine) -> None:
    running.sh(ORIGIN_STARTS)
    assert ask(running, ALLOWED) == "200 site"
    assert ask(running, BLOCKED) == "403 block"
    assert journal(running, "origin").count("GET / ") == 1  # the allowed one's; nobody asked the blocked one


def test_the_journal_says_nothing_of_who_went_where(running: Machine) -> None:
    for host in (BLOCKED, ALLOWED, "no-such-name.example"):
        ask(running, host)
    told = journal(running, "hedgerow")
    assert "listening on" in told
    assert [host for host in (BLOCKED, ALLOWED, "bet365", "no-such-name") if host in told] == []


def test_the_service_is_nobody_and_cannot_change_its_own_code(running: Machine) -> None:
    pid = shown(running, "hedgerow", "MainPID")
    status = running.run("grep", "-E", "^(Uid|CapEff|NoNewPrivs|Seccomp):", f"/proc/{pid}/status").out
    assert "Uid:\t0" not in status and "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
    assert "CapEff:\t0000000000000400" in status  # CAP_NET_BIND_SERVICE alone
    inside = (
        "nsenter",
        "--target",
        pid,
        "--mount",
        "setpriv",
        "--reuid=hedgerow",
        "--regid=hedgerow",
        "--clear-groups",
    )
    for place in ("/opt/hedgerow/current/addons/hedgerow/x", "/etc/hedgerow/x", "/var/lib/x", "/usr/x"):
        assert running.run(*inside, "touch", place).code != 0, place
    assert running.run(*inside, "ls", "/root").code != 0
    assert running.run(*inside, "touch", "/var/lib/hedgerow/x").code == 0


def test_what_the_kernel_tells_reaches_the_sandbox(running: Machine) -> None:
    """Without these, own addresses would be dialled and a clock that was set back would lengthen a grant: silently."""
    inside = ("nsenter", "--target", shown(running, "hedgerow", "MainPID"), "--mount", "cat")
    assert ORIGIN in running.run(*inside, "/proc/net/fib_trie").out
    assert len(running.run(*inside, "/proc/sys/kernel/random/boot_id").out.strip()) == 36
    assert "are not watched" not in journal(running, "hedgerow")  # the neighbour tables of the staff's network


def test_commands_of_root_leave_nothing_of_roots_in_the_state(running: Machine) -> None:
    for command in ("check --brief", "ca", "lists status", "record verify", f"explain http://{BLOCKED}/ --band staff"):
        assert running.sh(f"cd /root; hedgerow {command}").code == 0, command
    assert nobody_elses(running)
    assert running.run("setpriv", "--reuid=65534", "--clear-groups", "hedgerow", "check").code == 2


def test_a_line_of_the_schools_list_is_in_force_within_seconds(running: Machine) -> None:
    running.path("/etc/hedgerow/blocklists/gambling.txt").write_text(f"{ALLOWED}\n")
    assert becomes(running, ALLOWED, "403 block", 20)


@pytest.mark.parametrize("unit", ["hedgerow", "hedgerow-lists", "hedgerow-retention"])
@pytest.mark.parametrize("name", ["SSLKEYLOGFILE", "MITMPROXY_SSLKEYLOGFILE"])
def test_no_unit_starts_while_tls_secrets_would_be_written(running: Machine, unit: str, name: str) -> None:
    running.run("systemctl", "stop", unit)
    running.run("systemctl", "set-environment", f"{name}=/var/lib/hedgerow/keys.txt")
    try:
        done = running.run("timeout", "60", "systemctl", "start", unit)
        assert done.code != 0 and "assertion failed" in done.out.lower(), done.out
    finally:
        running.run("systemctl", "unset-environment", name)
        running.run("systemctl", "start", "hedgerow")


def test_nor_when_the_variable_comes_with_the_unit(running: Machine) -> None:
    running.sh(LEAKS.format(DROP_IN))
    try:
        assert running.run("timeout", "60", "systemctl", "restart", "hedgerow").code != 0
        assert "SSLKEYLOGFILE is set: it would write every pupil's TLS secrets" in journal(running, "hedgerow")
    finally:
        running.sh(f"rm -r {DROP_IN}; systemctl daemon-reload; systemctl restart hedgerow")


def test_the_timers_do_their_work_in_their_sandbox(running: Machine) -> None:
    assert running.run("systemctl", "start", "hedgerow-retention").code == 0
    assert "kept for 30 days" in journal(running, "hedgerow-retention")
    running.run("systemctl", "start", "hedgerow-lists")  # there is no internet: it fails, for everybody to see
    assert shown(running, "hedgerow-lists", "Result") == "exit-code"
    told = journal(running, "hedgerow-lists")
    assert "nothing is held of it yet" in told and "Traceback" not in told
    assert f"{names_by_hand(running):,} names in force" in told
    timers = running.run("systemctl", "list-timers", "--no-pager").out
    assert [name for name in ("lists", "names", "retention") if f"hedgerow-{name}.timer" not in timers] == []


def test_lists_are_built_in_the_sandbox_and_come_into_force(running: Machine) -> None:
    lists = running.path("/etc/hedgerow/blocklists")
    (lists / "ours").mkdir()
    (lists / "ours" / "bets.txt").write_text("".join(f"bet{number}.example.net\n" for number in range(200)))
    source = {"title": "ours", "path": "local/ours/bets.txt", "format": "domains", "category": "gambling"}
    told = {"licence": "ours", "home": "https://school.example", "least-names": "100"}
    lines = "".join(f"    {key}: {json.dumps(value)}\n" for key, value in (source | told).items())
    (lists / "sources.yaml").write_text(f"sources:\n  ours:\n{lines}".replace('"100"', "100"))
    running.run("systemctl", "start", "hedgerow-lists")
    said = journal(running, "hedgerow-lists")
    assert f"{names_by_hand(running) + 200:,} names in force" in said, said[-2000:]
    assert becomes(running, "bet7.example.net", "403 block", 10)
    assert "gambling" in running.run("hedgerow", "lists", "lookup", "bet7.example.net").out


def test_a_reload_is_asked_for_and_done(running: Machine) -> None:
    pid = shown(running, "hedgerow", "MainPID")
    assert running.run("systemctl", "reload", "hedgerow").code == 0
    assert shown(running, "hedgerow", "MainPID") == pid and ask(running, BLOCKED) == "403 block"


def test_a_killed_supervisor_is_started_again(running: Machine) -> None:
    running.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", "hedgerow")
    assert becomes(running, BLOCKED, "403 block", 60)


def test_one_that_hangs_is_killed_by_the_watchdog_and_started_again(running: Machine) -> None:
    assert running.run("timeout", "170", "systemctl", "start", "hedgerow").code == 0  # nobody watches it before
    pid = shown(running, "hedgerow", "MainPID")
    assert running.sh(f"kill -STOP {pid}").code == 0
    assert running.run("timeout", "150", "tail", f"--pid={pid}", "-f", "/dev/null").code == 0
    assert becomes(running, BLOCKED, "403 block", 60)
    assert "Watchdog timeout" in journal(running, "hedgerow")


def test_the_record_knows_each_start(running: Machine) -> None:
    assert running.run("hedgerow", "record", "verify").code == 0
    told = [json.loads(line) for line in running.run("hedgerow", "record", "list", "--json").out.splitlines()]
    assert any("the gateway started" in str(entry["what"]) for entry in told)
