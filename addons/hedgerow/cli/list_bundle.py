"""``hedgerow lists bundle`` and ``unbundle``: all lists in one signed file, for schools without internet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_build import put_in_force
from hedgerow.cli.list_sources import chosen, described, recording, remember, sources_of, writing
from hedgerow.cli.list_update import result_lines
from hedgerow.stores.sources import Source
from hedgerow.stores.sources.bundle import Bundled, bundle
from hedgerow.stores.sources.signing import (
    BundleFault,
    fingerprint,
    new_keys,
    private_key,
    public_key,
    shown,
)
from hedgerow.stores.sources.taking import Result, Taker
from hedgerow.stores.sources.unbundle import Opened, Unbundler

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("bundle")
@click.argument("out", type=_FILE, required=False)
@click.option("--key", type=_FILE, help="The private key that signs.")
@click.option("--new-key", type=_FILE, help="Make a pair instead: this file, and the public key beside it as .pub.")
@click.option("--source", "ids", multiple=True, metavar="ID", help="Only this source. Repeatable.")
@as_json
@placed
def bundle_lists(
    place: Place, out: Path | None, key: Path | None, new_key: Path | None, ids: tuple[str, ...], as_json: bool
) -> int:
    """Write all lists that are held, and may be passed on, into one signed file OUT."""
    try:
        if new_key is not None:
            return _made(new_key, as_json)
        if out is None or key is None:
            raise Failure("OUT and --key FILE are needed; --new-key FILE makes a key")
        signer, sources = private_key(key), chosen(sources_of(place), ids)
        with writing(place) as downloads:
            made = bundle(out, sources, downloads, signer)
    except BundleFault as fault:
        raise Failure(str(fault)) from fault
    if as_json:
        print_json(asdict(made))
    else:
        print_lines(_told(out, made))
    return FINE


def _made(private: Path, as_json: bool) -> int:
    public = new_keys(private)
    key = public_key(public.read_text())
    if as_json:
        print_json({"private": str(private), "public": shown(key), "key": fingerprint(key)})
    else:
        print_lines(
            [
                f"{private}: the private key. Keep it off the gateways; whoever has it can open every site to a school",
                f"{public}: the public key, for each school: {shown(key)}",
                f"fingerprint {fingerprint(key)}: read it out by telephone",
            ]
        )
    return FINE


def _told(out: Path, made: Bundled) -> list[str]:
    left = [f"left out   {source:26} {reason}" for source, reason in made.left_out]
    size = f"{made.size / 1e6:,.1f} MB"
    return [*left, f"{out}: {len(made.sources)} lists of {_day(made.made)}, {size}, signed with {made.key}"]


@click.command("unbundle")
@click.argument("file", type=_FILE)
@click.option("--key", required=True, help="The maker's public key, or the file it stands in.")
@click.option("--older", is_flag=True, help="Take lists also that are older than what is held.")
@click.option("--accept", multiple=True, metavar="ID", help="Take this list although it shrank or grew. With --by.")
@click.option("--by", default="", help="Who takes it in: your name, for the change record.")
@click.option("--reason", default="", help="Why, for the change record.")
@as_json
@placed
def unbundle_lists(
    place: Place, file: Path, key: str, older: bool, accept: tuple[str, ...], by: str, reason: str, as_json: bool
) -> int:
    """Take in the lists of FILE, a bundle. Exit 1 when a list was refused. What the school says of them stays."""
    if (accept or older) and not by:
        raise Failure("--accept and --older need --by NAME: a person answers for it, in the change record")
    try:
        owner = public_key(Path(key).read_text() if Path(key).is_file() else key)
        with writing(place) as downloads, file.open("rb") as content:
            unbundler = Unbundler(content, owner)
            sources, off = _wanted(place, unbundler.opened)
            taker = Taker(downloads, recording(place, by, reason))
            results = tuple(unbundler.take(sources, taker, accept, older))
            _tell(results, unbundler.opened, off, as_json)
            put_in_force(place, as_json)
    except BundleFault as fault:
        raise Failure(f"{file}: {fault}") from fault
    return FOUND if any(one.bad for one in results) else FINE


def _tell(results: Sequence[Result], opened: Opened, off: Sequence[str], as_json: bool) -> None:
    if as_json:
        made = datetime.fromtimestamp(opened.made, UTC).isoformat()
        print_json({"made": made, "key": opened.key, "lists": [asdict(one) for one in results], "off": off})
    else:
        print_lines(_taken(results, opened, off))


def _wanted(place: Place, opened: Opened) -> tuple[tuple[Source, ...], list[str]]:
    """(sources of the bundle that are in use here, ids that are switched off here). New ones are remembered."""
    remember(place, [source for source in described(place, opened.sources_yaml) if source.id in opened.carried])
    sources = tuple(source for source in sources_of(place) if source.id in opened.carried)
    return sources, sorted(opened.carried.keys() - {source.id for source in sources})


def _taken(results: Sequence[Result], opened: Opened, off: Sequence[str]) -> list[str]:
    head = f"a bundle of {_day(opened.made)}, signed with {opened.key}: {len(opened.carried)} lists"
    switched = [f"not used here: {', '.join(off)}"] if off else []
    return [head, *result_lines(results, "hedgerow lists unbundle FILE --key KEY"), *switched]


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")
