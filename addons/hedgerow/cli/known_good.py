"""``hedgerow lists known-good``: make the list of hosts whose parts open in every band, from benign data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Place, as_json, placed, print_json
from hedgerow.core.categories import categories_of
from hedgerow.core.model import Index
from hedgerow.core.parts import KNOWN_GOOD
from hedgerow.stores.categories import load_categories
from hedgerow.stores.known_good import Candidate, known_good, names, saved_pages
from hedgerow.stores.lists import build, open_index
from hedgerow.stores.site import TEST_ZONE

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_HEAD = """# Hosts that deliver parts of other people's pages: scripts, styles, fonts, pictures. Opened as parts only.
# Made by `hedgerow lists known-good` from benign data; do not edit: strike a name in known-good-except.txt.
# Behind each name its evidence: the rank of its site among benign sites, saved benign pages that draw from it.
"""


@click.command("known-good")
@click.option("--pages", multiple=True, type=_FOLDER, help="Saved benign pages (HTML) and visits (HAR). Repeatable.")
@click.option("--rank", type=_FILE, help="Benign sites, the most visited first, one a line.")
@click.option("--reviewed", multiple=True, type=_FILE, help="Names that somebody looked at and found good. Repeatable.")
@click.option("--harmful", multiple=True, type=_FILE, help="Names of any blocklist, never taken. Repeatable.")
@click.option("--except", "struck", type=_FILE, help="Names a person struck: they and all below them stay out.")
@click.option("--least-pages", default=2, show_default=True, help="So many saved pages are evidence by themselves.")
@click.option("--most-rank", default=10_000, show_default=True, help="Down to this rank a site is well known.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the list here instead of showing it."
)
@as_json
@placed
def known_good_list(
    place: Place,
    pages: tuple[Path, ...],
    rank: Path | None,
    reviewed: tuple[Path, ...],
    harmful: tuple[Path, ...],
    struck: Path | None,
    least_pages: int,
    most_rank: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Make the list of known-good part hosts. Exit 1 when nothing was found."""
    found = known_good(
        saved_pages(pages),
        names(rank) if rank else (),
        (name for path in reviewed for name in names(path)),
        (name for path in harmful for name in names(path)),
        names(struck) if struck else (),
        _closed(place),
        least_pages=least_pages,
        most_rank=most_rank,
    )
    if out is not None:
        asked = f"{KNOWN_GOOD}.{TEST_ZONE}"  # by the self-test, as of every category
        out.write_text(_HEAD + "".join(f"{one}\n" for one in (*found, asked)), encoding="utf-8")
    _tell(found, out, as_json)
    return FINE if found else FOUND


def _tell(found: list[Candidate], out: Path | None, as_json: bool) -> None:
    if as_json:
        print_json([{"host": one.host, "rank": one.rank, "pages": one.pages} for one in found])
    elif out is not None:
        click.echo(f"{len(found)} hosts in {out}")
    else:
        for one in found:
            click.echo(str(one))


def _closed(place: Place) -> Callable[[str], bool]:
    """Says of a host that our own lists keep it from the youngest, or that they open it already."""
    table = load_categories(place.sources.list_file("categories.yaml"))
    folders = (place.sources.blocklists / "seed", place.sources.blocklists / "local")
    index: Index = open_index(build(folders, table.ids, place.sources.index))
    return lambda host: bool(categories_of(index, host) - {KNOWN_GOOD})
