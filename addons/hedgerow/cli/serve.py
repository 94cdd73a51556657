"""``hedgerow serve``: the gateway in the foreground, as a service manager runs it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from hedgerow.cli.common import Decorated, Failure, Place, placed
from hedgerow.stores import logs
from hedgerow.stores.dumps import forbid
from hedgerow.supervisor_serve import Options, ServeError
from hedgerow.supervisor_serve import serve as run_gateway
from hedgerow.supervisor_sockets import MODES, ListenError, parse_listen

DEFAULT_LISTEN = ":8080"
DEFAULT_METRICS = "127.0.0.1:9160"


def gateway_options(function: Decorated) -> Decorated:
    """The options of ``serve`` and ``up``."""
    for option in (
        click.option("--upstream-ca", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Trust these CAs (PEM) in place of the system's for the sites themselves."),  # noqa: E501
        click.option("--portal", default="", show_default="only through the filter", help="HOST:PORT where the portal (reports, poster, help) answers without the proxy as well."),  # noqa: E501
        click.option("--selftest-every", type=click.FloatRange(0, 60), default=5.0, show_default=True, help="Minutes between self-tests. 0: only when somebody asks; nothing watches then."),  # noqa: E501
        click.option("--metrics", default=DEFAULT_METRICS, show_default=True, help="HOST:PORT of the scrape endpoint."),
        click.option("--workers", type=click.IntRange(1, 64), default=max(2, os.cpu_count() or 2), show_default="one a core, at least 2", help="Worker processes."),  # noqa: E501
        click.option("--mode", type=click.Choice(MODES), default="regular", show_default=True, help="How clients arrive at a plain --listen."),  # noqa: E501
        click.option("--listen", multiple=True, default=[DEFAULT_LISTEN], show_default=True, help="HOST:PORT, or HOST:PORT/transparent. May be given several times. No HOST: all addresses, IPv4 and IPv6."),  # noqa: E501
    ):  # fmt: skip
        function = option(function)
    return placed(function)


def options_of(place: Place, **given: Any) -> Options:
    """The command line as the supervisor wants it. Raises Failure."""
    try:
        listens = tuple(parse_listen(text, given["mode"]) for text in given["listen"])
        metrics = parse_listen(given["metrics"])
        portal = parse_listen(given["portal"]) if given.get("portal") else None
    except ListenError as error:
        raise Failure(str(error)) from error
    address = (metrics.host, metrics.port)
    minutes = given["selftest_every"]
    return Options(
        place.sources, place.state, listens, given["workers"], address, given["upstream_ca"], portal, minutes * 60
    )


@click.command()
@gateway_options
def serve(place: Place, **given: Any) -> None:
    """Run the gateway until SIGTERM. SIGHUP, or saving a file, puts changed policies and lists in force."""
    logs.begin()
    forbid()  # the workers and the portal inherit it
    try:
        options = options_of(place, **given)
        os.umask(0o077)  # whatever a worker writes is the service's own
        run_gateway(options, say=lambda line: click.echo(line))
    except ServeError as error:
        raise Failure(f"hedgerow: {error}") from error
