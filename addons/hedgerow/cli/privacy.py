"""``hedgerow privacy``: what parents and pupils are told, and the impact assessment, with the settings in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.common import Place, as_json, or_standard, placed, print_json
from hedgerow.stores.markdown import to_html
from hedgerow.stores.messages import LANGUAGES
from hedgerow.stores.privacy_text import dpia, notice
from hedgerow.stores.site import Site

_FILE = click.Path(path_type=Path, dir_okay=False)
_FRAME = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,"Noto Sans",Vazirmatn,sans-serif}}
table{{border-collapse:collapse;width:100%;margin:1rem 0}}
th,td{{border:1px solid #888;padding:.4rem .6rem;text-align:start;vertical-align:top}}
tr{{break-inside:avoid}}h2{{break-after:avoid}}</style></head><body>
{body}
</body></html>
"""


@click.group()
def privacy() -> None:
    """What the filter keeps, told to parents and pupils; and the data protection impact assessment."""


def _options[F: Callable[..., object]](function: F) -> F:
    """What both texts take. The language is the school's first one, unless named."""
    for option in (
        click.option("--language", type=click.Choice(LANGUAGES), help="vi, en, fa, kk or ru; else the school's first."),
        click.option("--html", "as_html", is_flag=True, help="A page to print or to publish, in place of Markdown."),
        click.option("--out", type=_FILE, callback=or_standard, help="Write this file; -: standard output."),
    ):
        function = option(function)
    return function


@privacy.command("notice")
@_options
@as_json
@placed
def notice_command(place: Place, language: str | None, as_html: bool, out: Path | None, as_json: bool) -> None:
    """The notice for parents and pupils: what is seen, kept and for how long, who may look."""
    site = place.files().site
    chosen = language or site.languages[0]
    _give("notice", chosen, notice(site, chosen, place.policies), as_html, out, as_json)


@privacy.command("dpia")
@_options
@as_json
@placed
def dpia_command(place: Place, language: str | None, as_html: bool, out: Path | None, as_json: bool) -> None:
    """The impact assessment: a form with the settings in force, for the head of the school to complete."""
    site = place.files().site
    chosen = language or site.languages[0]
    _give("dpia", chosen, dpia(site, chosen, _today(site), place.policies), as_html, out, as_json)


def _today(site: Site) -> date:
    return datetime.now(ZoneInfo(site.timezone)).date()


def _give(kind: str, language: str, text: str, as_html: bool, out: Path | None, as_json: bool) -> None:
    body = _page(language, text) if as_html else text
    if out is not None:
        out.write_text(body, encoding="utf-8")
    if as_json:
        print_json({"kind": kind, "language": language, "text": body, "file": str(out) if out else None})
    elif out is None:
        click.echo(body, nl=False)


def _page(language: str, text: str) -> str:
    title = escape(text.partition("\n")[0].removeprefix("# "))
    direction = "rtl" if language == "fa" else "ltr"
    return _FRAME.format(language=language, direction=direction, title=title, body=to_html(text))
