"""The supervisor's own small HTTP server, in a thread: ``/metrics``, ``/ready`` and ``/version``."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST

from hedgerow import __version__
from hedgerow.supervisor_box import Box, render

Answer = tuple[int, str, bytes]
_JSON = "application/json"


def answer(path: str, box: Box, metrics_dir: str) -> Answer:
    """(status, content type, body) for one path."""
    match path.partition("?")[0]:
        case "/metrics":
            return 200, CONTENT_TYPE_LATEST, render(box, metrics_dir)
        case "/ready":
            workers = {str(slot): served for slot, served in box.workers.items()}
            body = {"ready": box.ready, "policy": box.version, "workers": workers}
            return (200 if box.ready else 503), _JSON, json.dumps(body).encode()
        case "/version":
            body = {"hedgerow": __version__, "mitmproxy": version("mitmproxy"), "policy": box.version}
            return 200, _JSON, json.dumps(body).encode()
        case _:
            return 404, _JSON, json.dumps({"known": ["/metrics", "/ready", "/version"]}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A scraper that hangs up is no news."""


def handler(answered: Callable[[str], Answer]) -> type[BaseHTTPRequestHandler]:
    """A handler class that answers GET by ``answered(path)`` and logs nothing."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "hedgerow"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:  # noqa: N802 - the name the standard library calls
            status, content_type, body = answered(self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Scrapes are not logged."""

    return Handler


def start(host: str, port: int, box: Box, metrics_dir: str) -> ThreadingHTTPServer:
    """Serve in a thread; ``shutdown`` ends it. Raises OSError when the address is taken."""
    family = socket.AF_INET6 if host and ipaddress.ip_address(host).version == 6 else socket.AF_INET
    kind = type("Server", (_Server,), {"address_family": family})
    server: ThreadingHTTPServer = kind((host, port), handler(lambda path: answer(path, box, metrics_dir)))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
