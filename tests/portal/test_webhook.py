from __future__ import annotations

import asyncio
import select
import socket
import threading
from pathlib import Path

import pytest

from hedgerow.portal.mail import NotDelivered
from hedgerow.portal.webhook import Way, send_webhook
from tests.portal.receivers import Taken, Trust, https_server, make_trust


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return make_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def trusted(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> Trust:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    return trust


def post(url: str, *private: str, parent: str = "") -> None:
    asyncio.run(send_webhook(url, {"event": "reports"}, "id1", Way(private, parent)))


@pytest.mark.parametrize("named", ["localhost", "127.0.0.0/8"])
def test_json_is_posted_with_its_key(trusted: Trust, named: str) -> None:
    taken = Taken()
    with https_server(taken, trusted.context()) as port:
        post(f"https://localhost:{port}/hook?room=7", named, *(("::1/128",) if "/" in named else ()))
    ((headers, content),) = taken.posts
    assert content == {"event": "reports"} and headers["idempotency-key"] == "id1"
    assert headers["host"] == f"localhost:{port}" and headers["content-type"] == "application/json"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"])
def test_the_inside_is_closed_unless_the_school_names_it(trusted: Trust, host: str) -> None:
    taken = Taken()
    with https_server(taken, trusted.context()) as port, pytest.raises(NotDelivered, match="private address"):
        post(f"https://{host}:{port}/", "10.0.0.0/8", "other.school.example")
    assert not taken.posts


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "localhost", "[fd00::1]"])
def test_nor_is_the_parent_proxy_asked_for_it(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.2)
        with pytest.raises(NotDelivered, match="private address"):
            post(f"https://{host}/", parent=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with pytest.raises(TimeoutError):
            proxy.accept()


def tunnel(proxy: socket.socket, port: int, asked: list[str]) -> None:
    """One CONNECT, led to the port whatever name was asked for."""
    client, _ = proxy.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as origin:
        asked.append(client.recv(4096).decode().partition("\r\n")[0])
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        ends = {client: origin, origin: client}
        while True:
            for ready in select.select(list(ends), [], [])[0]:
                if not (data := ready.recv(65536)):
                    return
                ends[ready].sendall(data)


def test_it_goes_by_the_parent_proxy_and_the_certificate_is_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust, taken, asked = make_trust(tmp_path, "hooks.school.test"), Taken(), list[str]()
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    with https_server(taken, trust.context()) as port, socket.create_server(("127.0.0.1", 0)) as proxy:
        thread = threading.Thread(target=tunnel, args=(proxy, port, asked))
        thread.start()
        post("https://hooks.school.test/x", parent=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        thread.join(10)
    assert asked == ["CONNECT hooks.school.test:443 HTTP/1.1"]
    assert [headers["host"] for headers, _ in taken.posts] == ["hooks.school.test"]


@pytest.mark.parametrize("answer", ["301", "307", "400", "500"])
def test_only_2xx_is_taken_and_no_redirect_is_followed(trusted: Trust, answer: str) -> None:
    taken = Taken(refuse=lambda: answer)
    with https_server(taken, trusted.context()) as port, pytest.raises(NotDelivered, match=f"answered {answer}"):
        post(f"https://localhost:{port}/", "localhost")


def test_a_certificate_nobody_vouches_for(trust: Trust) -> None:
    taken = Taken()
    with https_server(taken, trust.context()) as port, pytest.raises(NotDelivered, match="certificate verify failed"):
        post(f"https://localhost:{port}/", "localhost")
    assert not taken.posts


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(NotDelivered, match="nowhere.invalid"):
        post("https://nowhere.invalid/")
