"""Reads ``sources.yaml`` and the school's ``local/sources.yaml``; see the package for what stands in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hedgerow.core.addresses import is_private
from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.formats import FORMATS, Options
from hedgerow.stores.sources.minisign import SignatureFault, public_key
from hedgerow.stores.sources.model import Algorithm, Checksum, Role, Signature, Source
from hedgerow.stores.yamlfile import MapNode, Node, load

SOURCES = "sources.yaml"
_INSTEAD = "write its sites into local/corrections.yaml"
BUNDLED = "bundled.yaml"
"""Below ``state/lists``: what a bundle said of sources that are described nowhere else."""

NEEDED = ("title", "format", "licence", "home")
KEYS = (
    *NEEDED,
    "url",
    "files",
    "path",
    "field",
    "category-field",
    "only",
    "most-files",
    "category",
    "categories",
    "role",
    "trust",
    "family",
    "refresh",
    "least-names",
    "shrink",
    "grow",
    "most-size",
    "checksum",
    "signature",
    "required",
    "share",
    "use",
)
CHANGES = ("use", "trust", "required", "refresh", "categories")
"""What a school may say about a shipped source."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_FILE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,79}", re.ASCII)
_SPAN = re.compile(r"(\d{1,3}) (hour|day|week)s?", re.ASCII)
_HOURS = {"hour": 1, "day": 24, "week": 168}
_MOST_SIZE = 300_000_000


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading an entry needs to know beside it."""

    categories: Collection[str]
    id: str
    schools: bool = False  # the school's own file


def load_sources(*paths: Path, categories: Collection[str], unused: bool = False) -> tuple[Source, ...]:
    """The sources in use, in the order of the files: the shipped one, BUNDLED, the school's. A missing one names none.

    An id that stood in an earlier file may only be changed (``CHANGES``); a new one is a source of the school's own. Of
    BUNDLED, only new ones count. ``categories`` are the ids that may be mapped to; ``unused``: with those switched off.
    Raises PolicyError with every mistake of every file.
    """
    mistakes = Mistakes()
    found: dict[str, Source] = {}
    for path in paths:
        if path.exists():
            _read(path, found, categories, mistakes)
    mistakes.raise_if_any()
    return tuple(source for source in found.values() if source.use or unused)


def _read(path: Path, found: dict[str, Source], categories: Collection[str], mistakes: Mistakes) -> None:
    name = f"local/{path.name}" if path.parent.name == "local" else path.name
    root = load(path, name, mistakes)
    root.known("sources")
    node = root.get("sources")
    before = dict(found)
    for key, value in readers.mapping(node) if node else ():
        if _ID.fullmatch(key.value) is None:
            key.mistake(f"{key.value!r}: an id has small letters, digits and '-', 40 at most")
            continue
        reading = _Reading(categories, key.value, name != path.name)
        entry = readers.mapping(value)
        old = before.get(key.value)
        if old and path.name == BUNDLED:
            continue
        source = _changed(old, entry, reading) if old else _source(entry, reading)
        if source is not None:
            found[key.value] = source


def _changed(old: Source, node: MapNode, reading: _Reading) -> Source:
    """A shipped source as the school wants it."""
    for name, _ in node:
        if name.value not in CHANGES:
            name.mistake(
                f"{old.id!r} is a shipped source: only {', '.join(CHANGES)} can be changed; "
                "for another list write a source of your own under another id"
            )
    mapped = node.get("categories")
    more = _categories(mapped, reading) if mapped else {}
    if mapped and old.category:
        mapped.mistake(f"{old.id!r} has one category ({old.category}), not a map; write a source of your own")
    return replace(
        old,
        use=_flag(node, "use", old.use),
        trust=_trust(node, old.trust),
        required=_flag(node, "required", old.required),
        refresh=_refresh(node, old.refresh),
        categories={**old.categories, **more},
    )


def _source(node: MapNode, reading: _Reading) -> Source | None:
    node.known(*KEYS)
    needed = [node.need(key) for key in NEEDED]
    title, format, licence, home = needed
    addresses = _addresses(node)
    if addresses is None or not (title and format and licence and home):
        return None
    role = _choice(node, "role", tuple(Role), Role.LIST)
    if reading.schools and role in (Role.EDUCATION, Role.MUST_REACH, Role.REFUTED):
        node.mistake(f"role {role!s}: what outweighs lists, also of malware, is not the school's to say; {_INSTEAD}")
    urls, names, path = addresses
    category, categories = _mapped(node, role, reading)
    return Source(
        id=reading.id,
        title=readers.text(title),
        urls=urls,
        names=names,
        path=path,
        format=readers.choice(format, "format", FORMATS),
        options=_options(node),
        category=category,
        categories=categories,
        role=Role(role),
        trust=_trust(node, 2),
        family=_text(node, "family", reading.id),
        licence=readers.text(licence),
        home=_url(home),
        refresh=_refresh(node, timedelta(days=1)),
        least_names=_integer(node, "least-names", 1, 1, 100_000_000),
        shrink=_decimal(node, "shrink", 0.5, 0.01, 1.0),
        grow=_decimal(node, "grow", 10.0, 1.1, 1000.0),
        most_bytes=_size(node, "most-size", _MOST_SIZE),
        required=_flag(node, "required", False),
        share=_flag(node, "share", True),
        where=node.where,
        checksum=_checksum(node),
        signature=_signature(node),
        use=_flag(node, "use", True),
    )


def _addresses(node: MapNode) -> tuple[tuple[str, ...], tuple[str, ...], str] | None:
    """(addresses, the names they are kept under, a path on this machine); one of the three keys says it."""
    given = [key for key in ("url", "files", "path") if node.get(key)]
    if len(given) != 1:
        node.mistake("exactly one of 'url', 'files' and 'path' says where the list is")
        return None
    if path := node.get("path"):
        return (), (), _path(path)
    if url := node.get("url"):
        address = _url(url)
        return (address,), (kept_under(address),), ""
    pairs = list(_files(readers.mapping(node.get("files") or node)))
    if not pairs:
        node.mistake("'files' names no file; write NAME: ADDRESS lines")
    return tuple(url for url, _ in pairs), tuple(name for _, name in pairs), ""


def _files(node: MapNode) -> Iterator[tuple[str, str]]:
    """Each file is kept as ``<the source's category>.<its ending>``, so that a folder of them has categories."""
    for key, value in node:
        if _FILE.fullmatch(key.value) is None:
            key.mistake(f"{key.value!r}: letters, digits, '.', '_' and '-' are legal in a file's name")
        address = _url(value)
        yield address, key.value + _ending(address)


def kept_under(address: str) -> str:
    """What a single file is kept under."""
    name = PurePosixPath(urlsplit(address).path).name
    return name if _FILE.fullmatch(name) else "list.txt"


def _ending(address: str) -> str:
    """``.tar.gz`` of an archive: what is inside is told by its beginning, the ending is for people."""
    endings = [
        one for one in PurePosixPath(urlsplit(address).path).suffixes[-2:] if re.fullmatch(r"\.[a-z0-9]{1,5}", one)
    ]
    packed = [one for one in endings if one in (".tar", ".gz", ".tgz", ".zip", ".xz", ".bz2")]
    return "".join(packed) or ".txt"


def _path(node: Node) -> str:
    path = readers.text(node)
    if path.startswith("/") or ".." in PurePosixPath(path).parts or "://" in path:
        node.mistake("a path below the blocklists folder expected, without '..'")
        return ""
    return path


def _url(node: Node) -> str:
    """An https address of a host outside. Fallback: ""."""
    address = readers.text(node)
    try:
        parts = urlsplit(address)
        host = canonical_host(parts.hostname or "") if address else ""
        port = parts.port
    except (ValueError, HostError):
        host, port, parts = "", None, urlsplit("")
    if address and (parts.scheme != "https" or not host or parts.username is not None or port == 0):
        node.mistake(f"an address that begins with https:// expected, not {address[:100]!r}")
        return ""
    if host and is_private(host):
        node.mistake(f"{host} is an address inside; lists are fetched from outside. A file of your own: 'path'")
        return ""
    return address


def _mapped(node: MapNode, role: str, reading: _Reading) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """(our category of all names, the map): one of the two."""
    one, several = node.get("category"), node.get("categories")
    if one and several:
        node.mistake("'category' and 'categories' say the same thing twice; keep one of the two")
    if role == Role.LIST and not one and not several:
        node.mistake("'category' (of all names) or 'categories' (the source's own -> ours) is missing")
    category = readers.choice(one, "category", reading.categories) if one else ""
    return category, _categories(several, reading) if several else {}


def _categories(node: Node, reading: _Reading) -> dict[str, tuple[str, ...]]:
    def ours(item: Node) -> str:
        return readers.choice(item, "category", reading.categories)

    found = {}
    for key, value in readers.mapping(node):
        if readers.nothing(value):
            value.mistake(f"{key.value!r} leads nowhere; write [] when it is left unused on purpose")
        else:
            found[key.value] = tuple(dict.fromkeys(readers.some(value, ours)))
    return found


def _options(node: MapNode) -> Options:
    field, category = _text(node, "field", ""), _text(node, "category-field", "")
    files = _integer(node, "most-files", Options().most_parts, 1, 1_000_000)
    return Options(field, category, most_parts=files, only=_text(node, "only", ""))


def _checksum(node: MapNode) -> Checksum | None:
    given = node.get("checksum")
    if given is None:
        return None
    entry = readers.mapping(given, "url", "algorithm")
    url = entry.need("url")
    algorithm = _choice(entry, "algorithm", tuple(Algorithm), Algorithm.SHA256)
    return Checksum(_url(url), Algorithm(algorithm)) if url else None


def _signature(node: MapNode) -> Signature | None:
    given = node.get("signature")
    if given is None:
        return None
    entry = readers.mapping(given, "url", "key")
    url, key = entry.need("url"), entry.need("key")
    if not (url and key):
        return None
    if not node.get("url"):
        given.mistake("a signature belongs to one file: use 'url'")
    try:
        public_key(readers.text(key))
    except SignatureFault as error:
        key.mistake(str(error))
    return Signature(_url(url), readers.text(key))


def _refresh(node: MapNode, default: timedelta) -> timedelta:
    given = node.get("refresh")
    if given is None:
        return default
    value = readers.text(given)
    found = _SPAN.fullmatch(value)
    hours = int(found[1]) * _HOURS[found[2]] if found else 0
    if not 1 <= hours <= 366 * 24:
        given.mistake(f"a time such as '6 hours', '1 day' or '2 weeks' expected, not {value!r}")
        return default
    return timedelta(hours=hours)


def _trust(node: MapNode, default: int) -> int:
    return _integer(node, "trust", default, 1, 3)


def _choice(node: MapNode, key: str, choices: tuple[str, ...], default: str) -> str:
    given = node.get(key)
    return (readers.choice(given, key, choices) or default) if given else default


def _text(node: MapNode, key: str, default: str) -> str:
    given = node.get(key)
    return readers.text(given, 200) if given else default


def _flag(node: MapNode, key: str, default: bool) -> bool:
    given = node.get(key)
    return readers.boolean(given) if given else default


def _integer(node: MapNode, key: str, default: int, low: int, high: int) -> int:
    given = node.get(key)
    return readers.integer(given, low, high) if given else default


def _decimal(node: MapNode, key: str, default: float, low: float, high: float) -> float:
    given = node.get(key)
    return readers.decimal(given, low, high) if given else default


def _size(node: MapNode, key: str, default: int) -> int:
    given = node.get(key)
    return readers.size(given) if given else default
