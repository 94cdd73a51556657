"""``hedgerow``: the command line. A command is a module of this folder, named in ``COMMANDS``.

To add one: write ``cli/<name>.py`` with a click command of that name, and a row in ``COMMANDS``. Modules are imported
when their command is asked for, so that ``hedgerow --help`` and ``hedgerow events`` start at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from hedgerow import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("hedgerow.cli.up", "Start the gateway in the background, test it, and say how it is."),
    "serve": ("hedgerow.cli.serve", "Run the gateway until it is told to stop."),
    "check": ("hedgerow.cli.check", "Read all policies and lists, and report every mistake."),
    "test": ("hedgerow.cli.test", "Run the examples that stand in the bands and word lists."),
    "explain": ("hedgerow.cli.explain", "Say what happens to a request, step by step, and why."),
    "scan": ("hedgerow.cli.scan", "Judge texts by their words: files, or a line each."),
    "evaluate": ("hedgerow.cli.evaluate", "Measure the word lists on labelled texts: caught, false alarms, errors."),
    "events": ("hedgerow.cli.events", "Read the decision log."),
    "reports": ("hedgerow.cli.reports", "What children reported: read, answer, close."),
    "pass": ("hedgerow.cli.passes", "Open a site or a category for a lesson; make codes that pupils type."),
    "exam": ("hedgerow.cli.exam", "Leave only the sites of an exam, for a band or a network."),
    "relax": ("hedgerow.cli.relax", "Judge by names only for a while, on the day it all goes wrong."),
    "ca": ("hedgerow.cli.ca", "The school's own CA: where it lies, its fingerprint, its end."),
    "lists": ("hedgerow.cli.lists", "Build the lists, look a name up, say what is in force."),
    "import": ("hedgerow.cli.importing", "Bring e2guardian's or squidGuard's configuration along."),
    "retention": ("hedgerow.cli.retention", "Delete what must not be kept any longer; the gateway does it too."),
    "privacy": ("hedgerow.cli.privacy", "What parents and pupils are told, and the impact assessment."),
    "record": ("hedgerow.cli.record", "Who changed what, when and why; and whether the record is whole."),
    "identity": ("hedgerow.cli.identity", "Who is behind a pseudonym: opened by two keyholders, never unseen."),
    "doctor": ("hedgerow.cli.doctor", "Look for what is usually wrong with a gateway, and say the cure."),
    "selftest": ("hedgerow.cli.canaries", "Ask the running gateway as a pupil of each band would."),
    "sheet": ("hedgerow.cli.sheet", "The month on paper: what was asked of the filter, what was checked, what not."),
    "network": ("hedgerow.cli.network", "Firewall and name server, made from site.yaml."),
    "schema": ("hedgerow.cli.schema", "The JSON Schemas of the policy files, for editors."),
}

FINE, FOUND, BAD = 0, 1, 2
"""Exit codes: all is well; something was found; bad usage or configuration."""


class _Commands(click.Group):
    """Lists the commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hedgerow")
def cli() -> None:
    """Hedgerow: a school's content-filtering proxy."""


def run(arguments: Sequence[str]) -> int:
    """One command line to its exit code. An operator's mistake is told in words, never as a traceback.

    Whoever asked for JSON is told in JSON, on standard output: ``{"ok": false, "error": TEXT, "mistakes": [...]}``.
    """
    from hedgerow.cli.common import Failure, told

    try:
        code = cli.main(list(arguments), prog_name="hedgerow", standalone_mode=False)
        return code if isinstance(code, int) else FINE
    except Failure as failure:
        _tell(arguments, str(failure), failure)
        return failure.code
    except click.ClickException as error:
        if _asked_for_json(arguments):
            _tell(arguments, error.format_message(), error)
        else:
            error.show()
        return BAD
    except click.Abort:
        return 130
    except BrokenPipeError:  # ``hedgerow events | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except told as error:
        _tell(arguments, f"hedgerow: {error}", error)
        return BAD


def _asked_for_json(arguments: Sequence[str]) -> bool:
    options = list(arguments)
    return "--json" in (options[: options.index("--")] if "--" in options else options)


def _tell(arguments: Sequence[str], text: str, error: Exception) -> None:
    from hedgerow.cli.common import mistakes_of, print_json, told_plainly

    if _asked_for_json(arguments):
        print_json({"ok": False, "error": text, "mistakes": mistakes_of(error)})
    else:
        click.echo(told_plainly(text), err=True)


def main() -> None:
    """The ``hedgerow`` script."""
    sys.exit(run(sys.argv[1:]))
