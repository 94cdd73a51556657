"""What must come back: the verdict of the very functions that filter, on the very snapshot that is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hedgerow.core.explain import explain
from hedgerow.core.hosts import canonical_host
from hedgerow.core.model import Capture, Decision, Grants, Identity, Kind, Name, NameSource, Request
from hedgerow.core.search import typed_in_url
from hedgerow.core.text import file_type
from hedgerow.core.urls import canonical_path
from hedgerow.runtime import Snapshot

KEY = "selftest"


@dataclass(frozen=True, slots=True)
class Player:
    """Whom a client plays: a band's pupil, or whoever has this address."""

    band: str = ""
    address: str = ""

    def identity(self, snapshot: Snapshot) -> Identity:
        """As ``proxy.canary`` makes it."""
        if self.address:
            return replace(snapshot.identities.resolve(self.address), key=KEY, synthetic=True)
        return Identity(KEY, self.band, "", Capture.DECRYPTED, synthetic=True)

    @property
    def greeting(self) -> Mapping[str, object]:
        return {"address": self.address} if self.address else {"band": self.band}


def request_of(url: str) -> Request:
    """The URL as ``proxy.facts`` reads it from a client that uses the gateway as its proxy."""
    parts = urlsplit(url)
    host = canonical_host(parts.hostname or "")
    path = canonical_path(parts.path or "/")
    return Request(
        names=(Name(NameSource.HOST, host, parts.netloc),),
        scheme=parts.scheme,
        port=443 if parts.scheme == "https" else 80,
        path=path,
        query=parts.query,
        raw_path=parts.path or "/",
        typed=typed_in_url(host, path, parts.query, "GET"),
        file_type=file_type(path, "", ""),
    )


def expected(url: str, player: Player, snapshot: Snapshot, grants: Grants) -> Decision:
    """The final verdict on a page (HTML) at this address, now."""
    now = datetime.now(UTC).astimezone(snapshot.zone)
    request, identity = request_of(url), player.identity(snapshot)

    def told(asked: Request) -> Decision:
        scan = snapshot.lexicon.scan
        return explain(asked, identity, snapshot.policy, snapshot.index, now, scan, (), grants).decision

    first = told(request)
    return told(replace(request, kind=Kind.PAGE, media_type="text/html")) if first.pending else first
