"""``hedgerow lists diff``: what another version of the lists changes, above all for sites that many visit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_build import bars
from hedgerow.cli.list_known import known_sites
from hedgerow.core.by_lists import by_lists
from hedgerow.core.model import Action, Index
from hedgerow.stores.index_layers import AnyIndex, open_index
from hedgerow.stores.list_diff import Difference, Moved, difference
from hedgerow.stores.list_pointer import BASE, base_in_force

_SHOWN = 20
_STRIDE = 20_000


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--popular",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sites, the most visited first, one a line. Default: the fetched list of popular sites.",
)
@click.option("--most", default=100_000, show_default=True, help="So many of them are compared.")
@click.option("--band", default="ages-11-13", show_default=True, help="Whose verdicts are compared.")
@as_json
@placed
def diff(
    place: Place, old: str | None, new: str | None, popular: Path | None, most: int, band: str, as_json: bool
) -> int:
    """Compare two built indexes: names of state/index, or folders. Default: the one before, and the one in force.

    Exit 1 when a site that many visit would meet another action.
    """
    before, after = _opened(place, old, before=True), _opened(place, new, before=False)
    policy = place.files().policy
    if band not in policy.bands:
        raise Failure(f"unknown band {band!r}; known: {', '.join(policy.bands)}")

    def judge(index: Index, host: str, path: str) -> Action:
        return by_lists(index, host, path, policy.bands[band], policy.floor).action

    with bars(as_json) as progress:
        count, whole = 0, before.names + after.names

        def seen() -> None:
            nonlocal count
            count += 1
            if count % _STRIDE == 0:
                progress("comparing names", count, whole)

        found = difference(before, after, known_sites(place, popular, most), judge, seen)
    if as_json:
        print_json(_facts(before, after, found))
    else:
        print_lines(_lines(before, after, found))
    return FOUND if found.moved else FINE


def _opened(place: Place, name: str | None, before: bool) -> AnyIndex:
    folder = place.sources.index
    if name is None:
        in_force = folder / base_in_force(folder)
        others = sorted(set(folder.glob(f"{BASE}*/")) - {in_force}, key=lambda path: path.stat().st_mtime)
        if not others or in_force == folder:
            raise Failure("no index of downloaded lists is kept before the one in force; name two: lists diff OLD NEW")
        return open_index(others[-1] if before else in_force)
    found = Path(name) if Path(name).is_dir() else folder / name
    if not found.is_dir():
        known = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        raise Failure(f"{name}: no such index; there are: {', '.join(known) or 'none'}")
    return open_index(found)


def _facts(before: AnyIndex, after: AnyIndex, found: Difference) -> dict[str, object]:
    return {
        "old": before.version,
        "new": after.version,
        "came": dict(found.came),
        "went": dict(found.went),
        "moved": [
            {
                "host": one.host,
                "rank": one.rank,
                "before": str(one.before),
                "after": str(one.after),
                "categories": list(one.categories),
            }
            for one in found.moved
        ],
    }


def _lines(before: AnyIndex, after: AnyIndex, found: Difference) -> Iterator[str]:
    yield f"{before.version} ({before.names:,} names) -> {after.version} ({after.names:,} names)"
    for category in sorted({*found.came, *found.went}):
        yield f"  {category:20} +{found.came[category]:,} -{found.went[category]:,}"
    stricter = [one for one in found.moved if one.after > one.before]
    laxer = [one for one in found.moved if one.after < one.before]
    yield from _moved("newly closed and popular", stricter)
    yield from _moved("newly open and popular", laxer)
    if not found.moved:
        yield "no site that many visit meets another action"


def _moved(title: str, moved: list[Moved]) -> Iterator[str]:
    if moved:
        yield f"{title}: {len(moved)}"
    for one in moved[:_SHOWN]:
        yield f"  {one.rank:>7,}  {one.host:32} {one.before} -> {one.after}  {', '.join(one.categories)}"
    if len(moved) > _SHOWN:
        yield f"  and {len(moved) - _SHOWN} more (--json shows all)"
