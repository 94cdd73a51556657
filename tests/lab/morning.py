"""What goes on at a school in a minute: something for each panel of the dashboards to show."""

from __future__ import annotations

import contextlib
import ssl

from .client import Device, Refused, get
from .lab import Lab


def one_round(lab: Lab, device: Device) -> None:
    """Pages, pictures, films, banks, helplines; blocked, warned and broken sites; a device without the CA."""
    for host in ("allowed.test", "blocked.test", "warned.test", "nx.test", "selfsigned.test", "bank.test",
                 "helpline.test", "pornhub.com", "n1.unlisted.test"):  # fmt: skip
        device.https(host)
    for path in ("/_text?type=image/png&words=" + "x" * 500, "/_text?type=text/css&words=" + "x" * 200,
                 "/_huge?mb=1&type=video/mp4", "/_huge?mb=3&type=text/html", "/_coded?as=gzip"):  # fmt: skip
        device.https("allowed.test", get("allowed.test", path))
    device.http("blocked.test")
    device.h2("allowed.test")
    with contextlib.suppress(Refused, OSError), device.tunnel("allowed.test") as link:
        ssl.create_default_context().wrap_socket(link.socket, server_hostname="allowed.test").close()
    with contextlib.suppress(Refused, OSError), device.tunnel("allowed.test") as link:
        link.send(b"\x00\x01nothing we filter")
        link.more()
