"""``hedgerow lists export``: a band's verdicts as a file for a resolver, for networks where only names are seen."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from hedgerow.cli.asked import moment
from hedgerow.cli.common import Failure, Place, as_json, or_standard, placed, print_json, print_lines
from hedgerow.runtime import Snapshot
from hedgerow.stores.exports.changes import right_until
from hedgerow.stores.exports.hosts import NotSayable
from hedgerow.stores.exports.safe import ALIASES, known, safe_answers
from hedgerow.stores.exports.safe import FORMATS as SAFE_FORMATS
from hedgerow.stores.exports.verdicts import Verdicts
from hedgerow.stores.exports.wanted import Wanted
from hedgerow.stores.exports.writing import FORMATS, LOST, About, export, write
from hedgerow.stores.lists import AnyIndex


@click.command("export")
@click.option("--format", required=True, type=click.Choice(list(FORMATS)), help="What the resolver reads.")
@click.option("--band", help="The band whose verdicts these are.")
@click.option("--network", help="The band of this network of site.yaml.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=or_standard,
    help="The file. Default, and -: standard output.",
)
@click.option("--at", help="As it is at this time of the school's clock: '2026-11-23 12:00'. Default: now.")
@click.option("--answer", default="", help="The address that refused names get. Default: there is no such name.")
@click.option(
    "--safe-search", is_flag=True, help="The names of search engines and YouTube in their safe modes instead."
)
@as_json
@placed
def list_export(
    place: Place,
    format: str,
    band: str | None,
    network: str | None,
    out: Path | None,
    at: str | None,
    answer: str,
    safe_search: bool,
    as_json: bool,
) -> None:
    """Write what a resolver must refuse and let through for one band. --json prints the counts.

    With --json and without --out nothing is written: it tells what would be. --safe-search writes another file, to be
    read first: which names the resolver answers as the engine's strict one.
    """
    snapshot = place.snapshot()
    name, when, given = _band(snapshot, band, network), moment(at, snapshot), _address(answer)
    verdicts = Verdicts(snapshot.policy, name, snapshot.index, when)
    if safe_search:
        _safely(snapshot, verdicts, format, out, as_json)
        return
    wanted = wanted_names(snapshot, verdicts)
    about = about_file(snapshot, name, when)

    def fill(file: IO[bytes]) -> int:
        return export(wanted, format, given, about, file)

    try:
        lines = _written(fill, out, as_json)
    except NotSayable as error:
        raise Failure(f"--format {format} --band {name}: {error}") from error
    facts = _facts(wanted, about, format, lines, out)
    if as_json:
        print_json(facts)
    elif out is not None:
        print_lines(_words(facts, out))


def _safely(snapshot: Snapshot, verdicts: Verdicts, format: str, out: Path | None, as_json: bool) -> None:
    answers = safe_answers(snapshot.policy.bands[verdicts.band].safe, verdicts.refused)
    lines = list(SAFE_FORMATS[format](answers, int(verdicts.now.timestamp())))
    body = "".join(f"{line}\n" for line in lines).encode("ascii")

    def fill(file: IO[bytes]) -> int:
        return file.write(body) and len(lines)

    _written(fill, out, as_json)
    lost = 0 if format in ALIASES else len(answers) - len(known(answers))
    facts = {"format": format, "band": verdicts.band, "names": len(answers) - lost, "lost": lost, "out": str(out or "")}
    if as_json:
        print_json(facts)
    elif out is not None:
        print_lines([f"{facts['names']} names of search engines and YouTube in {out}", *_without_address(lost)])


def _without_address(lost: int) -> list[str]:
    return [f"not in this file: {lost} names whose engine publishes no address (take rpz or unbound)"] if lost else []


def wanted_names(snapshot: Snapshot, verdicts: Verdicts) -> Wanted:
    """The names a file of this band must hold."""
    policy, band = snapshot.policy, snapshot.policy.bands[verdicts.band]
    rules = [site for table in (band.sites, policy.floor.sites) for sites in table.values() for site in sites]
    helplines = {host for host, entries in policy.protected.items() if any(not entry.path for entry in entries)}
    asked = (verdicts.refused, verdicts.address_refused)
    wanted = Wanted(lambda: _watched(snapshot.index), verdicts.named(), helplines, *asked)
    wanted.lost["paths"] = sum(bool(rule.path) for rule in rules)
    wanted.lost["paths"] += sum(bool(entry.path) for entries in policy.protected.values() for entry in entries)
    return wanted


def _written(fill: Callable[[IO[bytes]], int], out: Path | None, as_json: bool) -> int:
    if out is not None:
        return write(out, fill)
    if not as_json:
        return fill(sys.stdout.buffer)
    with Path("/dev/null").open("wb") as nowhere:
        return fill(nowhere)


def _band(snapshot: Snapshot, band: str | None, network: str | None) -> str:
    """The band that was named, or the network's. Raises Failure."""
    bands, networks = snapshot.policy.bands, {rule.name: rule.band for rule in snapshot.site.networks}
    if band is not None and band not in bands:
        raise Failure(f"unknown band {band!r}; known: {', '.join(bands)}")
    if network is not None and network not in networks:
        raise Failure(f"unknown network {network!r}; known: {', '.join(networks)}")
    if band is None and network is None:
        raise Failure(f"name --band or --network; bands: {', '.join(bands)}")
    of_network = networks[network] if network is not None else band
    if band is not None and band != of_network:
        raise Failure(f"the network {network} has the band {of_network}, not {band}")
    return of_network or ""


def _address(answer: str) -> str:
    try:
        return str(ipaddress.ip_address(answer)) if answer else ""
    except ValueError as error:
        raise Failure(f"--answer {answer}: expected an address such as 192.0.2.1") from error


def about_file(snapshot: Snapshot, band: str, when: datetime) -> About:
    """What the head of the file tells."""
    return About(band, snapshot.version, snapshot.index.version, when, _until(snapshot, band, when))


def _until(snapshot: Snapshot, band: str, when: datetime) -> datetime | None:
    expires = snapshot.index.expires
    return right_until(snapshot.policy, snapshot.policy.bands[band], when, [expires] if expires else [])


def _watched(index: AnyIndex) -> Iterator[tuple[str, bool, bool]]:
    """The lists' names, with a bar on a terminal: three million take their time."""
    if not sys.stderr.isatty():
        yield from index.listed()
        return
    with click.progressbar(index.listed(), length=index.names, label="names", file=sys.stderr) as bar:
        yield from bar


def _facts(wanted: Wanted, about: About, format: str, lines: int, out: Path | None) -> dict[str, object]:
    return {
        "format": format,
        "band": about.band,
        "policy": about.policy,
        "index": about.index,
        "at": about.at.isoformat(timespec="seconds"),
        "until": about.until.isoformat(timespec="seconds") if about.until else None,
        "not named": "refused" if wanted.closed else "let through",
        "listed": wanted.counts["listed"],
        "refused": wanted.counts["refused"],
        "let through": wanted.counts["let through"],
        "lines": lines,
        "lost": {what: number for what, number in sorted(wanted.lost.items()) if number},
        "out": str(out) if out is not None else None,
    }


def _words(facts: dict[str, object], out: Path) -> Iterable[str]:
    yield f"{out}: {facts['lines']} lines; {facts['refused']} names refused, {facts['let through']} let through"
    yield f"  a site that is not named: {facts['not named']}"
    if facts["until"]:
        yield f"  right until {facts['until']}, then make it anew"
    lost = facts["lost"]
    assert isinstance(lost, dict)
    yield from (f"  not in it: {number} {LOST[what]}" for what, number in lost.items())
