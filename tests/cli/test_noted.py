"""Heads that left the machine: what Prometheus saw finds a record that was written anew or set back in between."""

from __future__ import annotations

import json
import shutil
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hedgerow.cli.common import Failure
from hedgerow.cli.noted import by_hand, by_prometheus
from hedgerow.stores.record import Record
from tests.cli.conftest import Run

SEEN: dict[str, list[tuple[float, float]]] = {}
"""Metric -> (time, value), as Prometheus would have scraped."""
GATEWAYS = ["school:9160"]


class Prometheus(BaseHTTPRequestHandler):
    """Answers range queries as https://prometheus.io/docs/prometheus/latest/querying/api/ says."""

    def do_GET(self) -> None:
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        name, _, chosen = asked["query"][0].partition("{")
        points = [[moment, f"{value:.15g}"] for moment, value in SEEN.get(name, [])]
        gateways = [one for one in GATEWAYS if not chosen or f'instance="{one}"' in chosen]
        result = [{"metric": {"__name__": name, "instance": one}, "values": points} for one in gateways if points]
        assert float(asked["end"][0]) - float(asked["start"][0]) < 11_000 * float(asked["step"][0])
        body = json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def prometheus() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def record(school: Path) -> Record:
    """Five entries, each of which Prometheus saw."""
    for folder in ("record", "keys"):
        shutil.rmtree(school / "state" / folder, ignore_errors=True)
    record = Record(school / "state" / "record")
    SEEN.clear()
    for number in range(1, 6):
        record.append("policy", "minh", f"change {number}")
        SEEN.setdefault("hedgerow_record_entries", []).append((900.0 * number, number))
        SEEN.setdefault("hedgerow_record_fingerprint", []).append((900.0 * number, record.head().fingerprint))
    return record


def test_an_honest_record_fits_all_that_was_seen(hedgerow: Run, record: Record, prometheus: str) -> None:
    assert by_prometheus(prometheus, "").keys() == {1, 2, 3, 4, 5}
    code, out, _ = hedgerow("record", "verify", "--prometheus", prometheus)
    assert code == 0, out


def test_set_back_and_overtaken_between_two_scrapes(
    hedgerow: Run, record: Record, school: Path, prometheus: str
) -> None:
    """A copy of everything from before is put back and filled up past the old number: no metric ever fell."""
    state = school / "state"
    for folder in ("record", "keys"):
        shutil.rmtree(state / folder)
    forged = Record(state / "record")
    for number in range(1, 8):
        forged.append("policy", "minh", f"another change {number}")
    assert hedgerow("record", "verify")[0] == 0, "on the machine nothing tells"
    code, out, _ = hedgerow("record", "verify", "--prometheus", prometheus)
    assert code == 1 and out.count("is not the one noted elsewhere: the record was written anew") == 5


def test_several_gateways_in_one_prometheus(record: Record, prometheus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.cli.test_noted.GATEWAYS", ["school:9160", "other:9160"])
    with pytest.raises(Failure, match="choose one with --instance: other:9160, school:9160"):
        by_prometheus(prometheus, "")
    assert len(by_prometheus(prometheus, "other:9160")) == 5


def test_what_is_no_prometheus_is_told(hedgerow: Run, record: Record, prometheus: str) -> None:
    SEEN.clear()
    for address, told in (
        (prometheus, "has seen no hedgerow_record_entries"),
        ("http://127.0.0.1:1", "did not answer as Prometheus does"),
        ("file:///etc/passwd", "http://HOST:9090 expected"),
    ):
        code, _, err = hedgerow("record", "verify", "--prometheus", address)
        assert code == 2 and told in err


@pytest.mark.parametrize("text", ["", "3", "3:", "x:1", "3:inf"])
def test_by_hand(text: str) -> None:
    assert by_hand("3:203956878356401") == by_hand("3:2.03956878356401e+14") == (3, 203956878356401)
    with pytest.raises(Failure, match="NUMBER:FINGERPRINT expected"):
        by_hand(text)
