"""Fetching from a real server in a namespace: what changed, what broke off, what must not be reached, how long."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.stores.sources import Downloads
from tests.lab.listnet import ListNet
from tests.stores.sources.listed import names, source

pytestmark = pytest.mark.net

LISTS = "https://lists.example"


def held(state: Path) -> bytes:
    found = Downloads(state).held(source())
    return found.path.read_bytes() if found else b""


def from_(*urls: str) -> dict[str, object]:
    return {"urls": urls}


def test_new_then_unchanged_by_a_conditional_request(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    first = internet.update(state, source=from_(f"{LISTS}/a.txt"))
    assert (first["outcome"], first["names"], held(state)) == ("new", 50, names(50))
    second = internet.update(state, source=from_(f"{LISTS}/a.txt"), now=time.time() + 100)
    assert (second["outcome"], second["names"]) == ("unchanged", 50)
    before, after = internet.asked()
    assert "if-none-match" not in before["headers"] and after["headers"]["if-none-match"]
    meta = Downloads(state).meta(source())
    assert meta.current and meta.fetched > meta.current.taken + 90  # confirmed, not taken anew


def test_nothing_about_the_school_is_told(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    for _ in range(2):
        internet.update(state, source=from_(f"{LISTS}/x?to={LISTS}/a.txt"), wishes={"force": True})
    for asked in internet.asked():
        assert set(asked["headers"]) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert asked["headers"]["user-agent"] == "Hedgerow"


def test_a_changed_list_replaces_the_old(internet: ListNet, state: Path) -> None:
    internet.serve("b.txt", names(50))
    internet.update(state, source=from_(f"{LISTS}/b.txt"))
    internet.serve("b.txt", names(60))
    found = internet.update(state, source=from_(f"{LISTS}/b.txt"))
    assert (found["outcome"], found["before"], found["names"], held(state)) == ("new", 50, 60, names(60))


def test_what_is_not_due_is_not_asked_for(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    here = from_(f"{LISTS}/a.txt")
    internet.update(state, source=here, wishes={})
    assert internet.update(state, source=here, wishes={}, now=time.time() + 3600)["outcome"] == "not-due"
    assert len(internet.asked()) == 1
    assert internet.update(state, source=here, wishes={}, now=time.time() + 86_000)["outcome"] == "unchanged"
    assert internet.update(state, source=here, wishes={}, now=time.time() - 86_000)["outcome"] == "unchanged"


@pytest.mark.parametrize("more, resumed", [("", True), ("&weak=1", False), ("&norange=1", True)])
def test_a_broken_connection_goes_on_where_it_broke_off(
    internet: ListNet, state: Path, more: str, resumed: bool
) -> None:
    body = names(5000)
    internet.serve("big.txt", body)
    found = internet.update(state, source=from_(f"{LISTS}/big.txt?cut=30000{more}"))
    asked = internet.asked()
    ranges = [one["headers"]["range"] for one in asked if "range" in one["headers"]]
    if resumed:
        assert ranges and all(int(one.removeprefix("bytes=").rstrip("-")) > 0 for one in ranges)
        assert (found["outcome"], held(state)) == ("new", body)
    else:  # a weak ETag names no bytes: from the beginning each time, and here each time it breaks off
        assert not ranges and found["outcome"] == "failed" and "broke off" in found["reason"]


def test_it_goes_on_in_the_next_run_too_unless_the_list_changed(internet: ListNet, state: Path) -> None:
    internet.serve("big.txt", names(5000))
    cut = from_(f"{LISTS}/big.txt?cut=30000")
    assert internet.update(state, source=cut, limits={"tries": 1})["outcome"] == "failed"
    internet.serve("big.txt", names(6000))
    internet.asked()
    assert internet.update(state, source=cut)["outcome"] == "new"
    assert "range" in internet.asked()[0]["headers"]
    assert held(state) == names(6000)  # If-Range: begun anew, not the end of one at the beginning of the other


def test_a_server_that_sends_another_part_is_not_believed(internet: ListNet, state: Path) -> None:
    internet.serve("big.txt", names(5000))
    found = internet.update(state, source=from_(f"{LISTS}/big.txt?cut=30000&lie=1"))
    assert found["outcome"] == "failed" and held(state) == b""


@pytest.mark.parametrize(
    "query, reason",
    [
        ("?status=503&times=2", ""),
        ("?status=503", "answered 503"),
        ("?status=404", "answered 404"),
        ("?status=403", "answered 403"),
        ("?gzip=1", ""),  # packed on the way: read as what it is
        ("?nolen=1", ""),
    ],
)
def test_answers_of_servers(internet: ListNet, state: Path, query: str, reason: str) -> None:
    internet.serve("s.txt", names(50))
    found = internet.update(state, source=from_(f"{LISTS}/s.txt{query}&x={id(state)}"))
    assert found["outcome"] == ("failed" if reason else "new") and reason in found["reason"]
    tries = len(internet.asked())
    assert tries == (3 if "503" in query else 1)  # what is not there is not asked for again


def test_a_redirect_is_followed_from_name_to_name(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    found = internet.update(state, source=from_(f"{LISTS}/x?to=https://moved.example/a.txt"))
    assert found["outcome"] == "new"
    assert [one["to"] for one in internet.asked()] == ["45.90.10.80", "45.90.10.81"]


@pytest.mark.parametrize(
    "url, reason",
    [
        (f"{LISTS}/x?to=https://inside.example/a.txt", "leads to 10.99.0.1, an address inside"),
        (f"{LISTS}/x?to=http://lists.example/a.txt", "from https to http"),
        ("http://lists.example/x?to=http://127.0.0.1/a.txt", "127.0.0.1 is an address inside"),
        ("http://lists.example/x?to=http://[::ffff:10.99.0.1]/a.txt", "an address inside"),
        (f"{LISTS}/x?to=file:///etc/passwd", "only http and https"),
        (f"{LISTS}/x?to=ftp://moved.example/a.txt", "only http and https"),
        (f"{LISTS}/x?to=https://me@moved.example/a.txt", "with a user name"),
        ("https://inside.example/a.txt", "10.99.0.1, an address inside"),
        ("https://looped.example/a.txt", "127.0.0.1, an address inside"),
        ("https://mapped.example/a.txt", "an address inside"),
        ("https://mixed.example/a.txt", "10.99.0.1, an address inside"),
        ("http://127.0.0.1/a.txt", "an address inside"),
        ("http://10.99.0.1/a.txt", "an address inside"),
        ("http://[::1]/a.txt", "an address inside"),
        ("http://[::ffff:7f00:1]/a.txt", "an address inside"),
        ("http://0x7f.1/a.txt", "an address inside"),
        ("http://169.254.169.254/a.txt", "an address inside"),
        ("http://localhost/a.txt", "an address inside"),
        ("file:///etc/passwd", "only http and https"),
        ("https://nobody.example/a.txt", "no such name"),
    ],
)
def test_what_stands_inside_is_never_reached(internet: ListNet, state: Path, url: str, reason: str) -> None:
    internet.serve("a.txt", names(50))
    found = internet.update(state, source=from_(url), limits={"tries": 1})
    assert found["outcome"] == "failed" and reason in found["reason"], found
    assert {one["to"] for one in internet.asked()} <= {"45.90.10.80"}


def test_a_loop_of_redirects_ends_after_five(internet: ListNet, state: Path) -> None:
    found = internet.update(state, source=from_(f"{LISTS}/x?loop=1"))
    assert found["outcome"] == "failed" and "more than 5 redirects" in found["reason"]
    assert len(internet.asked()) == 6


@pytest.mark.parametrize("where", ["1", "head"])
def test_who_sends_a_byte_now_and_then_is_left_in_time(internet: ListNet, state: Path, where: str) -> None:
    began = time.monotonic()
    found = internet.update(state, source=from_(f"{LISTS}/x?drip={where}"), limits={"total": 1.5})
    assert found["outcome"] == "failed" and "did not end within" in found["reason"]
    assert time.monotonic() - began < 4


def test_a_list_without_an_end_is_left_at_its_largest_size(internet: ListNet, state: Path) -> None:
    internet.serve("huge.txt", names(100_000))
    found = internet.update(state, source={"urls": [f"{LISTS}/huge.txt?nolen=1"], "most_bytes": 100_000})
    assert found["outcome"] == "refused" and "is larger than" in found["reason"]
    assert not any(path.suffix == ".part" for path in Downloads(state).work(source()).iterdir())


def test_the_certificate_must_be_the_names(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    found = internet.update(state, source=from_(f"{LISTS}/a.txt"), ca="/etc/ssl/certs/ca-certificates.crt")
    assert found["outcome"] == "failed" and "certificate" in found["reason"].lower()
    found = internet.update(state, source=from_("https://45.90.10.80/a.txt"), limits={"tries": 1})
    assert found["outcome"] == "failed"


def test_a_host_that_no_try_reaches_is_not_waited_for_by_each_file(internet: ListNet, state: Path) -> None:
    """Without internet a school's 88 files must not take minutes to say so."""
    many = {"urls": [f"https://45.90.10.89/{n}.txt" for n in range(40)], "names": [f"{n}.txt" for n in range(40)]}
    began = time.monotonic()
    found = internet.update(state, source=many, limits={"pause": 0.5, "tries": 3})
    assert found["outcome"] == "failed" and time.monotonic() - began < 6  # 7 rounds of 1.5 s otherwise


def test_ipv6_and_a_second_address(internet: ListNet, state: Path) -> None:
    internet.serve("a.txt", names(50))
    assert internet.update(state, source=from_("https://six.example/a.txt"))["outcome"] == "new"
    assert internet.update(state, source=from_("https://dead-first.example/a.txt"))["outcome"] == "unchanged"
    assert [one["to"] for one in internet.asked()] == ["2a0e:b107:10::80", "45.90.10.80"]


@pytest.fixture(scope="module")
def proxy(internet: ListNet) -> Iterator[str]:
    """mitmproxy as the district's forwarding proxy: it passes TLS on unread."""
    arguments = "--listen-host 10.99.0.1 --listen-port 3128 -q --ignore-hosts .* --set termlog_verbosity=error"
    confdir = internet.folder / "mitm"
    code = "from mitmproxy.tools.main import mitmdump; mitmdump()"
    process = internet.started("-c", code, *arguments.split(), "--set", f"confdir={confdir}")
    deadline = time.monotonic() + 20
    while subprocess.run(
        internet.host.command("bash", "-c", ": < /dev/tcp/10.99.0.1/3128"), capture_output=True
    ).returncode:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.1)
    yield "http://10.99.0.1:3128"
    process.kill()
    process.wait()


def test_through_a_proxy(internet: ListNet, state: Path, proxy: str) -> None:
    internet.serve("a.txt", names(50))
    found = internet.update(state, source=from_(f"{LISTS}/x?to=https://moved.example/a.txt"), proxy=proxy)
    assert found["outcome"] == "new", found
    closed = internet.update(state, source=from_(f"{LISTS}/a.txt"), proxy="http://10.99.0.1:3129")
    assert closed["outcome"] == "failed"  # no way round the proxy


@pytest.mark.parametrize("url", ["https://10.99.0.1/a.txt", "https://inside.example/a.txt", "http://localhost/a.txt"])
def test_not_through_a_proxy_to_the_inside_either(internet: ListNet, state: Path, proxy: str, url: str) -> None:
    found = internet.update(state, source=from_(url), proxy=proxy)
    assert found["outcome"] == "failed" and "address inside" in found["reason"]
    assert internet.asked() == []
