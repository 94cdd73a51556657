"""What the commands about sources share: the sources in use, the state they lie in, the way out, and the record."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hedgerow.cli.common import Failure, Place, acting
from hedgerow.stores.categories import load_categories
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import promised
from hedgerow.stores.site_reader import parent_proxy
from hedgerow.stores.sources import BUNDLED, SOURCES, Downloads, Source, load_sources
from hedgerow.stores.sources.held import Busy
from hedgerow.stores.sources.reach import Way
from hedgerow.stores.sources.taking import Recorded
from hedgerow.stores.sources.written import written
from hedgerow.stores.state import State, belong, prepare, write_whole
from hedgerow.stores.yamlfile import load
from hedgerow.stores.yamlnodes import legal

_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY")


def sources_of(place: Place, unused: bool = False) -> tuple[Source, ...]:
    """All sources in use, or all that are described. Raises PolicyError."""
    shipped, _, ours = place.sources.list_sources
    bundled = State(place.state).lists / BUNDLED
    return load_sources(shipped, bundled, ours, categories=category_ids(place), unused=unused)


def category_ids(place: Place) -> tuple[str, ...]:
    """What sources may be mapped to. Raises PolicyError."""
    return load_categories(place.sources.list_file("categories.yaml")).ids


def described(place: Place, sources_yaml: bytes) -> tuple[Source, ...]:
    """Sources as a bundle's maker describes them. Raises PolicyError when this Hedgerow cannot read it."""
    path = State(place.state).lists / f".{SOURCES}"
    write_whole(path, sources_yaml)
    try:
        return load_sources(path, categories=category_ids(place))
    finally:
        path.unlink()


def remember(place: Place, sources: Sequence[Source]) -> None:
    """Keep what a bundle says of sources that neither Hedgerow nor the school describes, beside earlier bundles'."""
    path, categories = State(place.state).lists / BUNDLED, category_ids(place)
    known = {source.id: source for source in load_sources(path, categories=categories)}
    shipped = {source.id for source in load_sources(place.sources.list_sources[0], categories=categories, unused=True)}
    ours = {source.id for source in sources_of(place, unused=True)} - known.keys() | shipped
    if strangers := {source.id: source for source in sources if source.id not in ours}:
        write_whole(path, written({**known, **strangers}.values()).encode())
        belong(path)


def chosen(sources: Sequence[Source], ids: Sequence[str]) -> tuple[Source, ...]:
    """The fetched ones among them, or those with these ids. Raises Failure for an id that names none."""
    fetched = {source.id: source for source in sources if source.urls}
    here = {source.id: source.path for source in sources if source.path}
    for name in ids:
        if name in here:
            raise Failure(f"{name} lies on this machine ({here[name]}): `hedgerow lists build` takes it as it is")
        if name not in fetched:
            raise Failure(legal("source", name, fetched))
    return tuple(source for source in fetched.values() if source.id in ids or not ids)


def way_out(place: Place, proxy: str, ca: Path | None) -> Way:
    """``--proxy`` as it was given ("env": what the environment says), else site.yaml's parent. Raises Failure."""
    if proxy == "env":
        proxy = next((os.environ[name] for name in _PROXY_VARIABLES if os.environ.get(name)), "")
        if not proxy:
            raise Failure(f"--proxy env: none of {', '.join(_PROXY_VARIABLES)} is set")
    if proxy and not proxy.startswith(("http://", "https://")):
        raise Failure(f"--proxy {proxy!r}: http://HOST:PORT expected")
    return Way(proxy or _parent(place), ca)


def _parent(place: Place) -> str:
    """``proxy: {parent: ...}`` of site.yaml. Only that is read: a mistake elsewhere must not keep lists old."""
    path, mistakes = place.policies / "site.yaml", Mistakes()
    parent = parent_proxy(load(path, "local/site.yaml", mistakes).get("proxy")) if path.exists() else ""
    mistakes.raise_if_any()
    return parent


@contextmanager
def writing(place: Place) -> Iterator[Downloads]:
    """What is held, for one who changes it. Raises Failure, StateError."""
    if not (place.state / "keys").is_dir():
        prepare(place.state)
    downloads = Downloads(State(place.state).lists)
    try:
        with downloads.writing():
            yield downloads
    except Busy as busy:
        raise Failure(str(busy)) from busy


def recording(place: Place, by: str = "", reason: str = "") -> Recorded:
    """Writes to the change record what is about to be put in force; what then fails is recorded as not done."""
    record = Record(State(place.state).record)

    @contextmanager
    def recorded(what: str, detail: Mapping[str, object]) -> Iterator[None]:
        with promised(record) as told:
            told.append("list", acting(by), what, reason, detail)
            yield

    return recorded
