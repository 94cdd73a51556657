"""``hedgerow explain``: the very decision that traffic meets, told step by step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from hedgerow.cli.asked import Asked, Continued, identity_of, moment, passages, request_of
from hedgerow.cli.common import Place, as_json, placed, print_json, print_lines
from hedgerow.cli.granting import in_force
from hedgerow.core.explain import Explanation
from hedgerow.core.explain import explain as tell
from hedgerow.core.model import Capture, Kind, Step

_CAPTURES = [str(capture) for capture in Capture]
_KINDS = [str(kind) for kind in Kind]


@click.command()
@click.argument("url")
@click.option("--band", help="As a pupil of this band.")
@click.option("--client", help="As the device with this address.")
@click.option("--at", help="At this time, as the school's clock shows it: '2026-11-23 12:00'. Default: now.")
@click.option("--method", default="GET", show_default=True, help="The HTTP method.")
@click.option("--sni", default="", help="The name in the TLS handshake, when it is another than the URL's.")
@click.option("--host", default="", help="The Host header, when it is another than the URL's.")
@click.option("--connect", default="", help="The name of the CONNECT, when there was one.")
@click.option("--destination", default="", help="The address the device dialled, when it was redirected.")
@click.option("--capture", type=click.Choice(_CAPTURES), help="What the network lets us see.")
@click.option("--kind", type=click.Choice(_KINDS), help="What was answered. Default: a page.")
@click.option("--media-type", default="", help="Of the answer: application/zip.")
@click.option("--file-type", default="", help="Of the answer, when its name says otherwise: exe.")
@click.option("--fault", default="", help="What the gateway refused the request for itself, as the log has it.")
@click.option("--size", type=int, help="Of the answer, in bytes.")
@click.option("--text", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A page's text or HTML.")
@click.option("--continued", is_flag=True, help="As somebody who continued past the warning.")
@as_json
@placed
def explain(
    place: Place,
    band: str | None,
    client: str | None,
    at: str | None,
    capture: str | None,
    text: Path | None,
    continued: bool,
    as_json: bool,
    **facts: Any,
) -> None:
    """Say what happens when URL is asked for, by which line of which file, and how that came about.

    Passes, exams and a relaxation in force count, unless --at asks about another time.
    """
    snapshot = place.snapshot()
    asked = Asked(**{name: value for name, value in facts.items() if value is not None})
    identity = identity_of(snapshot, band, client, capture)
    when, seen = moment(at, snapshot), passages(text)
    grants = in_force(place, continued) if not at else Continued() if continued else None

    def told(request_asked: Asked) -> Explanation:
        request = request_of(request_asked)
        policy, index, scan = snapshot.policy, snapshot.index, snapshot.lexicon.scan
        return tell(request, identity, policy, index, when, scan, seen, grants)

    explanation = told(asked)
    if explanation.decision.pending and not asked.kind:
        explanation = told(replace(asked, kind=str(Kind.PAGE)))
    if snapshot.member_unread:
        unread = (str(Step.ILLEGAL), "not asked: this account may not see member-only lists; codes differ, too")
        explanation = replace(explanation, steps=(*explanation.steps, unread))
    if as_json:
        print_json(explanation.as_dict())
    else:
        print_lines(_words(explanation))


def _words(explanation: Explanation) -> list[str]:
    decision = explanation.decision
    lines = [f"{decision.action}: {decision.evidence}", f"  rule   {decision.rule}   ({decision.where})"]
    lines.append(f"  band   {decision.band}   capture {decision.capture}   code {decision.code}")
    if decision.lifted_by:
        lines.append(f"  pass   {decision.lifted_by}   (hedgerow pass list)")
    return [*lines, "", *(f"  {step:12} {text}" for step, text in explanation.steps)]
