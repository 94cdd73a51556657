"""From a URL and what else a person knows of a request to the facts that ``core.explain`` judges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hedgerow.cli.common import Failure
from hedgerow.core.doh import asks_names
from hedgerow.core.hosts import HostError, canonical_host, suspicious
from hedgerow.core.model import (
    Capture,
    Grant,
    Grants,
    Identity,
    Kind,
    Name,
    NameSource,
    Passage,
    Request,
)
from hedgerow.core.search import typed_in_url
from hedgerow.core.sniff import file_type
from hedgerow.core.text import visible_text
from hedgerow.core.urls import UrlError, canonical_path, parse_url
from hedgerow.runtime import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts of a request as options give them; "" is "as the URL says"."""

    url: str
    method: str = "GET"
    sni: str = ""
    host: str = ""
    connect: str = ""
    destination: str = ""
    kind: str = ""
    media_type: str = ""
    file_type: str = ""
    fault: str = ""  # built-in refusals the gateway found, with commas
    size: int | None = None


def request_of(asked: Asked) -> Request:
    """The request, with every oddity kept as the fault or the unreadable name that traffic would show."""
    try:
        target = parse_url(asked.url)
    except UrlError as error:
        raise Failure(f"{asked.url!r} is no URL: {error}") from error
    names = _names(asked, target.host_raw, target.scheme)
    path = canonical_path(target.path)
    mixed = ("mixed-scripts",) if any(n.host and suspicious(n.host) for n in names) else ()
    faults = (*(fault for fault in asked.fault.split(",") if fault), *mixed)
    host = next((n.host for n in reversed(names) if n.host), "") or ""
    return Request(
        names=names,
        scheme=target.scheme,
        method=asked.method.upper(),
        port=target.port,
        path=path,
        query=target.query,
        raw_path=target.path,
        typed=typed_in_url(host, path, target.query, asked.method.upper()),
        kind=Kind(asked.kind) if asked.kind else Kind.UNKNOWN,
        media_type=asked.media_type,
        size=asked.size,
        file_type=asked.file_type or file_type(path, asked.media_type, ""),
        faults=faults,
        asks_names=asks_names(path, target.query),
    )


def _names(asked: Asked, host: str, scheme: str) -> tuple[Name, ...]:
    """The names as a browser would give them for this URL, but for those that were named."""
    given = [(NameSource.CONNECT, asked.connect), (NameSource.DESTINATION, asked.destination)]
    given.append((NameSource.SNI, asked.sni or (host if scheme == "https" else "")))
    given += [(NameSource.HOST, asked.host or host)]
    if asked.host and scheme == "http":
        given.append((NameSource.URI, host))
    return tuple(_name(source, raw) for source, raw in given if raw)


def _name(source: NameSource, raw: str) -> Name:
    try:
        return Name(source, canonical_host(raw), raw)
    except HostError:
        return Name(source, None, raw)


def identity_of(snapshot: Snapshot, band: str | None, client: str | None, capture: str | None) -> Identity:
    """Who asks: a band by name, or an address as the networks of ``site.yaml`` know it. Raises Failure."""
    bands = snapshot.policy.bands
    if (band is None) == (client is None):
        raise Failure(f"name either --band or --client; bands: {', '.join(bands)}")
    if band is not None and band not in bands:
        raise Failure(f"unknown band {band!r}; known: {', '.join(bands)}")
    try:
        identity = Identity("", band) if band is not None else snapshot.identities.resolve(client or "")
    except ValueError as error:
        raise Failure(f"--client {client}: {error}") from error
    return replace(identity, level=Capture(capture)) if capture else identity


def moment(text: str | None, snapshot: Snapshot) -> datetime:
    """``--at`` in the school's time, or now. Raises Failure."""
    if not text:
        return datetime.now(snapshot.zone)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"--at {text!r}: expected a time such as '2026-11-23 12:00'") from error
    return at.astimezone(snapshot.zone) if at.tzinfo else at.replace(tzinfo=snapshot.zone)


def passages(path: Path | None) -> tuple[Passage, ...]:
    """What a reader would see of a file: text, HTML or JSON."""
    if path is None:
        return ()
    content = path.read_bytes()
    media_type = {".html": "text/html", ".htm": "text/html", ".json": "application/json"}.get(path.suffix, "")
    return visible_text(content, media_type, limit=max(len(content), 1)).passages


class Continued(Grants):
    """Grants of somebody who continued past every warning they met: ``explain --continued``."""

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None:
        return Grant(person, site, digest, now.timestamp() + 1)
