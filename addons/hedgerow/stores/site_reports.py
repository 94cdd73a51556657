"""The part of site.yaml that says who is told what children report, and how: ``reports`` and ``mail``.

::

    reports: {help: ["mailto:lead@school.example", "desk:Ms Lan"], technical: "https://hooks.school.example/filter"}
    mail: {server: mail.school.example, security: starttls, user: gateway, password-file: /etc/hedgerow/mail.password,
           from: gateway@school.example}

``desk:NAME`` is a person who reads ``hedgerow reports list`` each school hour. ``port`` is that of the ``security``
(587, 465, 25) if none is named.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from hedgerow.core.addresses import is_private
from hedgerow.core.refusals import private_allowed
from hedgerow.stores import readers
from hedgerow.stores.policy_names import host
from hedgerow.stores.site import REPORT_TOPICS, Mail
from hedgerow.stores.yamlfile import MapNode, Node

MAIL_KEYS = ("server", "port", "security", "user", "password-file", "from")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""RFC 6409 and 8314; ``none`` is for a server inside the school."""

_ADDRESS = re.compile(r"[A-Za-z0-9._%+=/&'-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_DESK = re.compile(r"desk:\S.{0,59}")
_LEGAL = "'mailto:name@school', 'https://...' or 'desk:NAME'"


def reports(node: Node | None, private: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Topic -> recipients. ``private``: the private destinations that site.yaml names."""
    found = {}
    for key, value in readers.mapping(node, *REPORT_TOPICS) if node else ():
        found[key.value] = tuple(filter(None, readers.some(value, lambda item: _recipient(item, private))))
    return found


def _recipient(node: Node, private: tuple[str, ...]) -> str:
    value = readers.text(node, 500)
    scheme, _, rest = value.partition(":")
    if scheme == "https" and rest.startswith("//") and value.isprintable() and " " not in value:
        return _webhook(node, value, private)
    if value and not (scheme == "mailto" and _ADDRESS.fullmatch(rest)) and not _DESK.fullmatch(value):
        node.mistake(f"{_LEGAL} expected, not {value!r}")
        return ""
    return value


def _webhook(node: Node, url: str, private: tuple[str, ...]) -> str:
    """Nobody is to reach the inside of the school by naming a recipient; names are judged again at each delivery."""
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        name = ""
    if not name or "@" in parts.netloc:
        node.mistake(f"an address such as 'https://hooks.school.example/x' expected, without a user name, not {url!r}")
        return ""
    if is_private(name) and not (name in private or (_is_address(name) and private_allowed(private, name))):
        node.mistake(f"{name!r} is a private address; if it is meant, name it under 'private' too")
        return ""
    return url


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def mail(node: Node | None) -> Mail | None:
    """The mail server, None when there is none."""
    if node is None or readers.nothing(node):
        return None
    found = readers.mapping(node, *MAIL_KEYS)
    if not any(True for _ in found):
        return None
    server, sender = _needed(found, "server"), _needed(found, "from")
    name = _server(server) if server else ""
    security, port = found.get("security"), found.get("port")
    kind = (readers.choice(security, "security", tuple(PORTS)) if security else "") or "starttls"
    number = readers.integer(port, 1, 65535) if port else PORTS[kind]
    return Mail(name, number, kind, _from(sender) if sender else "", *_login(found, kind))


def _needed(node: MapNode, key: str) -> Node | None:
    value = node.get(key)
    if value is None:
        node.mistake(f"'mail' needs {key!r}")
    return value


def _server(node: Node) -> str:
    """A name or an address; the school's own server may well be inside."""
    value = readers.text(node, 253)
    return value if _is_address(value) else (host(node) or "")


def _from(node: Node) -> str:
    value = readers.text(node, 320)
    if value and not _ADDRESS.fullmatch(value):
        node.mistake(f"an address such as 'gateway@school.example' expected, not {value!r}")
        return ""
    return value


def _login(node: MapNode, security: str) -> tuple[str, str]:
    user, file = node.get("user"), node.get("password-file")
    if user is None and file is None:
        return "", ""
    if user is None or file is None:
        node.mistake("'user' and 'password-file' belong together")
        return "", ""
    name, path = readers.text(user, 300), readers.text(file, 1000)
    if security == "none":
        user.mistake("a password would travel in the clear; 'security' must be starttls or tls")
    if path and not path.startswith("/"):
        file.mistake(f"the whole path of a file expected, such as '/etc/hedgerow/mail.password', not {path!r}")
    return name, path
