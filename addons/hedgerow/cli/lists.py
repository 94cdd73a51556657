"""``hedgerow lists``: build the lists, look a name up in them, say what is in force."""

from __future__ import annotations

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.asked import Asked, request_of
from hedgerow.cli.common import Place, as_json, placed, print_json
from hedgerow.cli.known_good import known_good_list
from hedgerow.cli.member import member
from hedgerow.core.categories import covering
from hedgerow.stores.categories import load_categories
from hedgerow.stores.lists import MappedIndex, Report, open_index
from hedgerow.stores.lists import build as build_index


@click.group()
def lists() -> None:
    """The categories' lists: files under blocklists/ made into the index that judges."""


lists.add_command(known_good_list)
lists.add_command(member)


def _built(place: Place) -> tuple[MappedIndex, Report]:
    sources, report = place.sources, Report()
    table = load_categories(sources.list_file("categories.yaml"))
    folders = (sources.blocklists / "seed", sources.blocklists / "local")
    return open_index(build_index(folders, table.ids, sources.index, report)), report


@lists.command()
@as_json
@placed
def build(place: Place, as_json: bool) -> int:
    """Build the index from seed/ and local/. Exit 1 when a line could not be read; the other lines count."""
    index, report = _built(place)
    bad = sum(report.bad.values())
    if as_json:
        print_json({"version": index.version, "names": sum(report.names.values()), "bad": bad, "lists": report.names})
    else:
        click.echo(f"{report}\nindex {index.version}")
    return FOUND if bad else FINE


@lists.command()
@click.argument("url")
@as_json
@placed
def lookup(place: Place, url: str, as_json: bool) -> int:
    """Say which lists name URL (a host, or host/path), by file and line. Exit 1 when it is listed."""
    index, _ = _built(place)
    request = request_of(Asked(url))
    host = next((name.host for name in request.names if name.host), "") or ""
    rows = [
        {"name": match.name, "category": category, "source": entry.source, "where": str(entry.where)}
        for category, match in covering(index, host, request.path)
        for entry in index.explain(match, category)
    ]
    if as_json:
        print_json({"host": host, "path": request.path, "entries": rows})
    else:
        for row in rows:
            click.echo("{category:20} {name:40} {where}".format(**row))
        if not rows:
            click.echo(f"{host} stands in no list")
    return FOUND if rows else FINE


@lists.command()
@as_json
@placed
def status(place: Place, as_json: bool) -> None:
    """Say how many names each list holds, and the index's version."""
    index, report = _built(place)
    if as_json:
        print_json({"version": index.version, "lists": report.names, "bad": report.bad})
        return
    for name, count in sorted(report.names.items()):
        bad = report.bad.get(name, 0)
        click.echo(f"{count:8}  {name}" + (f"   {bad} lines could not be read" if bad else ""))
    click.echo(f"{sum(report.names.values()):8}  index {index.version}")
