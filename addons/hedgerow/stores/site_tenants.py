"""The part of site.yaml that says whose accounts may sign in: ``tenants``.

::

    tenants:
      google: [school.example]
      microsoft: {tenants: [school.example], directory: 8d7b1c9e-0f3a-4c55-9d53-0a6f0c1d2e3f, personal: block}
"""

from __future__ import annotations

import re

from hedgerow.core.tenants import Tenants
from hedgerow.stores import readers
from hedgerow.stores.policy_names import host
from hedgerow.stores.yamlfile import Node

TENANT_KEYS = ("google", "microsoft")
MICROSOFT_KEYS = ("tenants", "directory", "personal")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def tenants(node: Node | None) -> Tenants:
    """What stands under ``tenants:``; nothing there: any account."""
    if node is None:
        return Tenants()
    found = readers.mapping(node, *TENANT_KEYS)
    google, microsoft = found.get("google"), found.get("microsoft")
    domains = tuple(filter(None, (host(item) for item in readers.items(google)))) if google else ()
    if microsoft is None:
        return Tenants(domains)
    inside = readers.mapping(microsoft, *MICROSOFT_KEYS)
    named, directory, personal = inside.get("tenants"), inside.get("directory"), inside.get("personal")
    allowed = tuple(filter(None, map(_tenant, readers.items(named)))) if named else ()
    if named and allowed and directory is None:
        named.mistake("'directory' expected beside 'tenants': the id of the directory that restricts (a UUID)")
    closed = readers.choice(personal, "value of 'personal'", ("allow", "block")) == "block" if personal else False
    return Tenants(domains, allowed, _directory(directory), not closed)


def _tenant(node: Node) -> str:
    value = readers.text(node)
    return value.lower() if _ID.fullmatch(value) else host(node)


def _directory(node: Node | None) -> str:
    value = readers.text(node) if node else ""
    if node and value and not _ID.fullmatch(value):
        node.mistake(f"a directory id such as 8d7b1c9e-0f3a-4c55-9d53-0a6f0c1d2e3f expected, not {value!r}")
        return ""
    return value.lower()
