"""Sites that many visit, for reports about lists: from a file, or from the fetched list of popular sites."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from hedgerow.cli.common import Failure, Place
from hedgerow.cli.list_build import held_of
from hedgerow.cli.list_sources import sources_of
from hedgerow.stores.formats import Found, parts
from hedgerow.stores.list_quality import site_names
from hedgerow.stores.sources import Role


def known_sites(place: Place, given: Path | None, most: int) -> list[tuple[str, str]]:
    """(host, path) of at most so many sites, the most visited first. Raises Failure when there is no such list."""
    if given is not None:
        return list(islice(site_names(given), most))
    fetched, _ = held_of(place, sources_of(place))
    held = [one for one in fetched if one.source.role is Role.POPULAR]
    if not held:
        raise Failure("no list of popular sites is fetched: give one with --popular FILE, or run hedgerow lists update")
    found: list[tuple[str, str]] = []
    for part in parts(held[0].held.path, held[0].source.format, held[0].source.options):
        rows = (row for row in part.rows() if isinstance(row, Found))
        found += [(row.host, "/") for row in islice(rows, most - len(found))]
    return found
