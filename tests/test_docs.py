"""The documents say what the program does: every command, option, metric and hook, and nothing that is not there."""

from __future__ import annotations

import inspect
import os
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from prometheus_client.core import Metric

from hedgerow import metrics
from hedgerow.cli import COMMANDS
from hedgerow.cli.list_export import list_export
from hedgerow.proxy.decrypt import Decrypt
from hedgerow.proxy.enforce import Enforce
from hedgerow.proxy.identify import Identify
from hedgerow.proxy.inspect import Inspect
from hedgerow.proxy.record import Record
from hedgerow.stores.exports.writing import FORMATS
from hedgerow.stores.sources.facts import ListFacts
from hedgerow.supervisor_box import Box, BoxCollector
from hedgerow.supervisor_canaries import Told
from hedgerow.supervisor_member import MemberFacts

ROOT = Path(__file__).parents[1]
METRICS = (ROOT / "deploy" / "METRICS.md").read_text()
DEPLOY = (ROOT / "deploy" / "README.md").read_text()
ADDONS = (ROOT / "addons" / "README.md").read_text()


def exposed(metric: Metric) -> str:
    return metric.name + ("_total" if metric.type == "counter" else "")


def all_metrics() -> dict[str, Metric]:
    lists, member = (ListFacts("ut1"),), (MemberFacts("iwf"),)
    box = Box(workers={0: "v"}, lists=lambda: lists, member=lambda: member, staff_on_link={"staff-room": 1})
    box.processes = lambda: {"supervisor": os.getpid()}
    box.selftest = Told({("floor", "staff"): True}, expiries={"ca": 1.0})
    found = [*metrics.WORKER.collect(), *BoxCollector(box).collect()]
    return {exposed(metric): metric for metric in found}


def rows() -> dict[str, set[str]]:
    """Name -> labels, as METRICS.md has them."""
    found = re.findall(r"^\| `(hedgerow_\w+)` \| ([^|]*)\|", METRICS, re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in found}


def test_every_metric_is_documented_and_no_other() -> None:
    assert set(rows()) == set(all_metrics())


@pytest.mark.parametrize("name", sorted(all_metrics()))
def test_the_documented_labels_are_the_real_ones(name: str) -> None:
    worker = {
        exposed_name: set(collector._labelnames)
        for collector in vars(metrics).values()
        if hasattr(collector, "_labelnames")
        for exposed_name in [collector._name + ("_total" if type(collector).__name__ == "Counter" else "")]
    }
    box = {label for sample in all_metrics()[name].samples for label in sample.labels}
    assert rows()[name] == worker.get(name, box)


def test_every_metric_named_in_a_document_exists() -> None:
    known = set(all_metrics())
    for path in (*ROOT.glob("*.md"), *(ROOT / "deploy").glob("*.md"), *(ROOT / "policies").glob("*.md")):
        for name in re.findall(r"\bhedgerow_[a-z_]+[a-z]\b", path.read_text()):
            assert name in known or any(one.startswith(name) for one in known), f"{path.name} names {name}"


def commands() -> Iterator[tuple[str, click.Command]]:
    for name, (module, _) in COMMANDS.items():
        command: click.Command = getattr(import_module(module), name)
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {child}", one) for child, one in command.commands.items())


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert f"`hedgerow {name}" in DEPLOY


@pytest.mark.parametrize("name, command", list(commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_says_what_it_is_for(name: str, command: click.Command) -> None:
    assert command.help or command.short_help, f"hedgerow {name} has no help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"hedgerow {name} {parameter.opts[0]} has no help"


def test_every_command_in_a_document_exists() -> None:
    for path in (*ROOT.glob("*.md"), *(ROOT / "deploy").glob("*.md"), *(ROOT / "policies").glob("*.md")):
        for name in re.findall(r"(?:`|bin/|^ *)hedgerow ([a-z]+)\b", path.read_text(), re.MULTILINE):
            assert name in COMMANDS, f"{path.relative_to(ROOT)} names `hedgerow {name}`"


def test_the_exports_in_the_documents_are_commands() -> None:
    lines = re.findall(r"hedgerow lists export (--[^`>\n]*)", DEPLOY)
    formats = {
        list_export.make_context("export", shlex.split(line)).params["format"] for line in lines if "F" not in line
    }
    assert formats | {"hosts"} == set(FORMATS)
    table = DEPLOY.partition("## Names-only networks")[2].partition("\n## ")[0]
    assert all(f"| `{format}` |" in table for format in FORMATS)


@pytest.mark.parametrize("addon", [Identify, Decrypt, Enforce, Inspect, Record])
def test_the_addons_table_names_every_hook_and_file(addon: type) -> None:
    row = next(line for line in ADDONS.splitlines() if line.startswith(f"| {addon.__name__.lower()} "))
    hooks = {name for name, _ in inspect.getmembers(addon, inspect.isfunction) if not name.startswith("_")}
    assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == hooks
    assert f"hedgerow/proxy/{addon.__name__.lower()}.py" in row
    assert len(hooks) <= 4


def test_links_in_the_documents_lead_somewhere() -> None:
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("addons/hedgerow/*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"
