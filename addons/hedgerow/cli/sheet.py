"""``hedgerow sheet``: a month of the filter on paper, for the head of the school to read, sign and file."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.common import Failure, Place, as_json, placed, print_json
from hedgerow.sheet.gather import gather
from hedgerow.sheet.model import ROWS, Month
from hedgerow.sheet.page import Page
from hedgerow.sheet.pdf import CannotPrint, to_pdf
from hedgerow.stores.messages import LANGUAGES
from hedgerow.stores.state import State, write_whole

_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])", re.ASCII)


@click.command()
@click.option("--month", help="YYYY-MM, as the school's calendar has it. Default: the last whole month.")
@click.option("--language", type=click.Choice(LANGUAGES), help="vi, en, fa, kk or ru; else the school's first.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file: .pdf, or .html to look at.")
@as_json
@placed
def sheet(place: Place, month: str | None, language: str | None, out: Path | None, as_json: bool) -> None:
    """What was asked of the filter, what was checked, how often, with what result; and what is not covered."""
    site = place.files().site
    now = datetime.now(ZoneInfo(site.timezone))
    wanted = month or f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    if not _MONTH.fullmatch(wanted):
        raise Failure(f"--month {wanted!r}: a month as YYYY-MM, such as 2026-11")
    if wanted > f"{now:%Y-%m}":
        raise Failure(f"--month {wanted}: that month has not begun")
    if out is None and not as_json:
        raise Failure(f"say where to: --out hedgerow-{wanted}.pdf")
    made = gather(State(place.state), site, wanted, now)
    if out is not None:
        _write(made, language or site.languages[0], out)
    if as_json:
        print_json(_facts(made, out))
    else:
        click.echo(f"{out}: {made.runs} runs of the self-test, {made.asked} questions, {made.wrong} answered otherwise")


def _write(made: Month, language: str, out: Path) -> None:
    html = Page(made, language).html()
    if out.suffix not in (".pdf", ".html"):
        raise Failure(f"--out {out}: a file that ends in .pdf or .html")
    try:
        content = to_pdf(html, language) if out.suffix == ".pdf" else html.encode()
    except CannotPrint as error:
        raise Failure(f"hedgerow: {error}") from error
    write_whole(out, content, 0o644)


def _facts(made: Month, out: Path | None) -> dict[str, object]:
    pairs = {name: made.row(name) for name in ROWS}
    rows = {
        name: {"result": made.result(name), "passed": p, "asked": asked, "unasked": made.not_asked(name)}
        for name, (p, asked) in pairs.items()
    }
    return {**asdict(made), "rows": rows, "file": str(out) if out else None}
