"""``hedgerow sheet``: a month of the filter on paper, for the head of the school to read, sign and file."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.common import STANDARD, Failure, Place, as_json, placed, print_json, writable
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
@click.option("--html", "as_html", is_flag=True, help="A page to look at, in place of the PDF.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable,
    help="The file: .pdf, or .html to look at; -: standard output.",
)
@as_json
@placed
def sheet(
    place: Place, month: str | None, language: str | None, as_html: bool, out: Path | None, as_json: bool
) -> None:
    """What was asked of the filter, what was checked, how often, with what result; and what is not covered."""
    site = place.files().site
    now = datetime.now(ZoneInfo(site.timezone))
    wanted = month or f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    if not _MONTH.fullmatch(wanted):
        raise Failure(f"--month {wanted!r}: a month as YYYY-MM, such as 2026-11")
    if wanted > f"{now:%Y-%m}":
        raise Failure(f"--month {wanted}: that month has not begun")
    if out is None and not as_json:
        raise Failure(f"say where to: --out hedgerow-{wanted}.pdf (or --out - > hedgerow-{wanted}.pdf)")
    if out == STANDARD and as_json:
        raise Failure("--json and --out - both want standard output: name a file")
    made = gather(State(place.state), site, wanted, now)
    if out is not None:
        _write(_content(made, language or site.languages[0], _is_page(out, as_html)), out)
    if as_json:
        print_json(_facts(made, out))
    else:
        told = f"{made.runs} runs of the self-test, {made.asked} questions, {made.wrong} answered otherwise"
        click.echo(f"{out}: {told}", err=out == STANDARD)


def _is_page(out: Path, as_html: bool) -> bool:
    """By the file's name; on standard output by the option. Raises Failure."""
    if out == STANDARD:
        return as_html
    if out.suffix not in (".pdf", ".html") or (as_html and out.suffix == ".pdf"):
        raise Failure(f"--out {out}: a file that ends in {'.html' if as_html else '.pdf or .html'}")
    return out.suffix == ".html"


def _content(made: Month, language: str, as_page: bool) -> bytes:
    html = Page(made, language).html()
    try:
        return html.encode() if as_page else to_pdf(html, language)
    except CannotPrint as error:
        raise Failure(f"hedgerow: {error}") from error


def _write(content: bytes, out: Path) -> None:
    if out == STANDARD:
        sys.stdout.buffer.write(content)
    else:
        write_whole(out, content, 0o644)


def _facts(made: Month, out: Path | None) -> dict[str, object]:
    pairs = {name: made.row(name) for name in ROWS}
    rows = {
        name: {"result": made.result(name), "passed": p, "asked": asked, "unasked": made.not_asked(name)}
        for name, (p, asked) in pairs.items()
    }
    return {**asdict(made), "rows": rows, "file": str(out) if out else None}
