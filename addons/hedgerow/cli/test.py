"""``hedgerow test``: the promises that bands and word lists carry, judged by the code that judges traffic."""

from __future__ import annotations

from datetime import datetime

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.asked import Asked, request_of
from hedgerow.cli.common import Place, as_json, home, placed, print_json
from hedgerow.core.model import Request
from hedgerow.runtime import Snapshot, assemble
from hedgerow.stores.examples import Result, run_examples
from hedgerow.stores.policy_examples import Example
from hedgerow.stores.words import failed_samples, load_lists


@click.command()
@click.option("--band", help="Only this band's examples.")
@click.option("--verbose", "-v", is_flag=True, help="Also print the promises that are kept.")
@as_json
@placed
def test(place: Place, band: str | None, verbose: bool, as_json: bool) -> int:
    """Run the examples of the bands, and the sentences of the word lists. Exit 1 when a promise is not kept."""
    files = place.files()
    snapshot = assemble(files)
    wanted = tuple(e for e in files.loaded.examples if band in (None, e.band))
    results = _judged(wanted, snapshot)
    samples = () if band else _samples(place, snapshot)
    for result in results:
        if as_json:
            print_json(_row(result))
        elif verbose or not result.kept:
            click.echo(str(result))
    for line in samples:
        click.echo(line, err=as_json)
    failed = sum(not result.kept for result in results) + len(samples)
    click.echo(f"{len(results)} examples, {failed} not as promised", err=as_json)
    return FOUND if failed else FINE


def _judged(examples: tuple[Example, ...], snapshot: Snapshot) -> tuple[Result, ...]:
    today = datetime.now(snapshot.zone).date()
    return run_examples(examples, snapshot.policy, snapshot.index, snapshot.lexicon.scan, _request, today)


def _request(example: Example) -> Request:
    return request_of(Asked(example.url))


def _samples(place: Place, snapshot: Snapshot) -> tuple[str, ...]:
    lists = load_lists(home() / "policies" / "words", place.policies / "words")
    return tuple(map(str, failed_samples(lists, snapshot.lexicon.scan)))


def _row(result: Result) -> dict[str, object]:
    example, decision = result.example, result.decision
    return {
        "where": str(example.where),
        "band": example.band,
        "url": example.url,
        "kept": result.kept,
        "expect": str(example.expect),
        "action": str(decision.action),
        "rule": decision.rule,
        "code": decision.code,
        "problem": result.problem,
    }
