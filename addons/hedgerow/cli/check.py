"""``hedgerow check``: every mistake of every file, what is legal yet hardly meant, what an upgrade changes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Place, as_json, mistakes_of, placed, print_json, print_lines
from hedgerow.cli.list_notes import list_notes
from hedgerow.cli.member import blind_spots
from hedgerow.core.model import Where
from hedgerow.runtime import Files
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.lint import lint
from hedgerow.stores.linting import Finding
from hedgerow.stores.lists import open_index
from hedgerow.stores.policy_changes import changes, recall, remember
from hedgerow.stores.privacy_text import own_mistakes

_SEEN = "shipped.json"


@click.command()
@click.option("--brief", is_flag=True, help="Only mistakes; say nothing when there are none.")
@click.option("--accept", is_flag=True, help="Remember the shipped policies as seen: changes are told from now on.")
@as_json
@placed
def check(place: Place, brief: bool, accept: bool, as_json: bool) -> int:
    """Read policies, lists and messages; put nothing in force. Exit 1 when a mistake is found."""
    try:
        files = place.files()
    except PolicyError as error:
        return _refused(error, as_json)
    findings = lint(files.loaded, datetime.now(ZoneInfo(files.policy.calendar.timezone)), open_index(files.index))
    findings += tuple(Finding(Where(m.file, m.line), m.message) for m in own_mistakes(files.site, place.policies))
    findings += tuple(Finding(Where("state/member"), told) for told in blind_spots(files, files.member.open()))
    news, notes = _news(place, files, accept), (*files.loaded.notes, *list_notes(place, files.list_sources))
    if as_json:
        print_json(_facts(files, findings, news, notes))
    else:
        print_lines(_lines(files, findings, news, notes, brief))
    return FOUND if any(finding.refused for finding in findings) else FINE


def _refused(error: PolicyError, as_json: bool) -> int:
    if as_json:
        print_json({"ok": False, "mistakes": mistakes_of(error)})
    else:
        print_lines(map(str, error.mistakes))
        count = len(error.mistakes)
        click.echo(f"{count} {'mistake' if count == 1 else 'mistakes'}: what is in force stays in force", err=True)
    return FOUND


def _news(place: Place, files: Files, accept: bool) -> tuple[str, ...]:
    """What the shipped policies say differently since this school last looked; the first look only remembers."""
    path = place.state / "seen" / _SEEN
    old = recall(path)
    if (accept or old is None) and path.parent.is_dir():
        remember(path, files.loaded)
    return changes(old, files.loaded) if old is not None else ()


def _facts(
    files: Files, findings: tuple[Finding, ...], news: tuple[str, ...], notes: tuple[str, ...]
) -> dict[str, object]:
    return {
        "ok": not any(finding.refused for finding in findings),
        "mistakes": [],
        "version": files.version,
        "warnings": [{"where": str(f.where), "message": f.message, "refused": f.refused} for f in findings],
        "notes": list(notes),
        "bad_lines": {"counts": files.report.bad, "samples": _bad_lines(files)},
        "changes": list(news),
    }


def _bad_lines(files: Files) -> list[str]:
    return [f"{where}: {message}" for where, message in files.report.samples]


def _counts(files: Files) -> list[str]:
    """How many lines of each list list nothing: only the first few are shown."""
    return [
        f"{file}: {count} {'line' if count == 1 else 'lines'} could not be read and list nothing"
        for file, count in sorted(files.report.bad.items())
    ]


def _lines(
    files: Files, findings: tuple[Finding, ...], news: tuple[str, ...], notes: tuple[str, ...], brief: bool
) -> list[str]:
    refused = [f"refused: {finding}" for finding in findings if finding.refused]
    if brief:
        return refused
    lines = refused + [f"warning: {finding}" for finding in findings if not finding.refused]
    lines += [f"warning: {told}" for told in (*_bad_lines(files), *_counts(files))]
    lines += [f"note: {note}" for note in notes]
    if news:
        lines += ["", "An upgrade changed the shipped policies (`hedgerow check --accept` when you have read it):"]
        lines += [f"  {line}" for line in news]
    summary = f"{len(files.loaded.bands)} bands, {files.report}".splitlines()[0]
    summary += f", {files.listed:,} names in force with what was downloaded"
    return [*lines, f"fine: {summary}, {len(files.phrases)} phrases; version {files.version}"]
