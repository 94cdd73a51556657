"""``hedgerow network unbound``: the name server's configuration and zones, made from site.yaml, bands and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.asked import moment
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_export import about_file, wanted_names
from hedgerow.runtime import Snapshot
from hedgerow.stores.exports.safe import FORMATS as SAFE_FORMATS
from hedgerow.stores.exports.safe import safe_answers
from hedgerow.stores.exports.verdicts import Verdicts
from hedgerow.stores.exports.writing import export
from hedgerow.stores.network import folder
from hedgerow.stores.network.https_records import SCRIPT as HTTPS_RECORDS
from hedgerow.stores.network.unbound import SCRIPT, configuration, names_bands, names_zone, safe_bands, safe_zone

_DEFAULT = Path("/etc/unbound/hedgerow")
_MODULE = (
    "Unbound does not find its Python module: apt-get install python3-unbound, then\n"
    "ln -s /usr/lib/python3/dist-packages/unboundmodule.py /etc/unbound/    (or --https-records pass: see LIMITS.md)"
)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the files into this folder.")
@click.option("--diff", is_flag=True, help="Say which files of the folder would change; exit 1 when one would.")
@click.option("--at", help="As it is at this time of the school's clock: '2026-11-23 12:00'. Default: now.")
@click.option(
    "--https-records",
    type=click.Choice(["refuse", "pass"]),
    default="refuse",
    show_default=True,
    help="HTTPS records hold 'ech' and 'h3'; refusing them needs Unbound's Python module.",
)  # noqa: E501
@as_json
@placed
def unbound(place: Place, out: Path | None, diff: bool, at: str | None, https_records: str, as_json: bool) -> int:
    """Print Unbound's configuration; with --out write it, and the zones it reads, into a folder that Unbound includes.

    Unbound's own checker tries the files before they are put in place; then reload it.
    """
    snapshot = place.snapshot()
    when = moment(at, snapshot)
    where, script = (out or _DEFAULT).absolute(), https_records == "refuse"
    bands = safe_bands(snapshot.site, {name: band.safe for name, band in snapshot.policy.bands.items()})
    files = _files(snapshot, bands, when, script)

    def conf(folder: Path) -> str:
        return configuration(snapshot.site, bands, folder, script)

    found = folder.changes(where, files, conf(where)) if diff or as_json else []
    checked = _put(where, files, conf) if out and not diff else None
    until = _until(snapshot, when)
    if as_json:
        facts = {"configuration": conf(where), "folder": str(where), "files": sorted(files), "changes": found}
        print_json({**facts, "checked": checked, "until": until.isoformat(timespec="seconds") if until else None})
    elif diff:
        print_lines([f"would change: {name}" for name in found] or [f"no difference: {where} is as it should be"])
    elif out is None:
        click.echo(conf(where), nl=False)
    else:
        print_lines(_told(where, files, checked, until))
    return FOUND if diff and found else FINE


def _files(snapshot: Snapshot, bands: list[str], when: datetime, script: bool) -> Mapping[str, folder.Fill]:
    """File name -> what writes it, in the order they are put in place."""
    files: dict[str, folder.Fill] = {f"{safe_zone(band)}.zone": partial(_safe, snapshot, band, when) for band in bands}
    files |= {f"{names_zone(band)}.zone": partial(_names, snapshot, band, when) for band in names_bands(snapshot.site)}
    if script:
        files[SCRIPT] = lambda out: out.write(HTTPS_RECORDS.encode())
    return files


def _safe(snapshot: Snapshot, band: str, when: datetime, out: IO[bytes]) -> int:
    """Search engines and YouTube in their safe modes: what `hedgerow lists export --safe-search` writes."""
    verdicts = Verdicts(snapshot.policy, band, snapshot.index, when)
    answers = safe_answers(snapshot.policy.bands[band].safe, verdicts.refused)
    return out.write(
        "".join(f"{line}\n" for line in SAFE_FORMATS["rpz"](answers, int(when.timestamp()))).encode("ascii")
    )


def _names(snapshot: Snapshot, band: str, when: datetime, out: IO[bytes]) -> int:
    """The band's verdicts: what `hedgerow lists export --format rpz` writes."""
    wanted = wanted_names(snapshot, Verdicts(snapshot.policy, band, snapshot.index, when))
    return export(wanted, "rpz", "", about_file(snapshot, band, when), out)


def _put(where: Path, files: Mapping[str, folder.Fill], conf: Callable[[Path], str]) -> bool:
    try:
        return folder.put(where, files, conf)
    except folder.UnboundError as error:
        hint = f"\n{_MODULE}" if "unboundmodule" in str(error) else ""
        raise Failure(f"unbound-checkconf: {error}{hint}\n{where} is as it was") from error


def _until(snapshot: Snapshot, when: datetime) -> datetime | None:
    """When the first of the zones is no longer right; None when no clock changes them."""
    ends = (about_file(snapshot, band, when).until for band in names_bands(snapshot.site))
    return min((end for end in ends if end is not None), default=None)


def _told(where: Path, files: Mapping[str, folder.Fill], checked: bool | None, until: datetime | None) -> Iterator[str]:
    yield f"{where}: hedgerow.conf and {len(files)} files" + (
        "" if checked else "; not checked: unbound is not installed"
    )
    if until:
        yield f"right until {until:%Y-%m-%d %H:%M}, then make it anew"
    yield "now: systemctl reload unbound"
