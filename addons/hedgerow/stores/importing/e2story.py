"""e2guardian 5's storyboards: which functions a site or a group has overridden, and the few that can be carried over.

The library (``common.story``) is what the order in ``e2guardian`` follows; it is not read. What other files override is
either known here or told as not carried over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.importing.e2conf import included
from hedgerow.stores.importing.reading import Refused, Root, text_lines
from hedgerow.stores.importing.report import Report

_FUNCTION = re.compile(r"function\(\s*([\w-]+)\s*\)")
_STEP = re.compile(r"(if|ifnot)\(([^)]*)\)\s*(.*)")
_INCLUDE = re.compile(r"\.Include\s*<([^>]*)>")
_LIBRARY = "common.story"
_HARMLESS = frozenset(
    {"checknobypasslists", "checknoscanlists", "checknoscantypes", "checksni", "icapsquidbump", "sslcheckmitm"}
    | {"embeddedcheck", "thttps-checkrequest", "pre-authcheck", "thttps-pre-authcheck", "icap-pre-authcheck"}
)
_BLANKETS = ("checkblanketblock", "sslcheckblanketblock")
_LOCAL = {"localgreycheck": "localgrey", "localbannedcheck": "localbanned", "localexceptioncheck": "localexception"}


@dataclass(slots=True)
class Story:
    """What the files beside the library say."""

    functions: dict[str, tuple[list[str], Where]] = field(default_factory=dict)
    block_unknown: Where | None = None
    block_addresses: Where | None = None
    unfiltered: Where | None = None
    blocked: Where | None = None
    silent: set[str] = field(default_factory=set)  # lists that are never asked
    only_files: Where | None = None


def story(root: Root, written: str, near: Path, where: Where, report: Report) -> Story:
    """The storyboard a setting names. What cannot be opened is told."""
    told = Story()
    try:
        _read(root, root.find(written, near), report, told, ())
    except Refused as error:
        report.refuse(where, str(error))
    for name, (body, place) in told.functions.items():
        _understand(told, name, body, place, report)
    return told


def _read(root: Root, path: Path, report: Report, told: Story, opened: tuple[Path, ...]) -> None:
    name = root.name(path)
    body: list[str] = []
    if path.name == _LIBRARY:
        report.changed(Where(name), "the library of storyboards: its order of lists is the one carried over")
        return
    try:
        for number, raw in text_lines(path):
            text, where = re.split(r"\s#|^#", raw.strip(), maxsplit=1)[0].strip(), Where(name, number)
            if found := _INCLUDE.match(text):
                report.changed(where, "an include: what stands in the file is told at its own lines")
                if target := included(root, found[1], where, path, report, (*opened, path)):
                    _read(root, target, report, told, (*opened, path))
            elif found := _FUNCTION.match(text):
                body = []
                told.functions[found[1]] = (body, where)
            elif text:
                body.append(text)
    except OSError as error:
        report.refuse(Where(name), f"cannot be opened: {error.strerror or error}")


def _understand(told: Story, name: str, body: list[str], where: Where, report: Report) -> None:
    """The overrides that the library's own comments offer."""
    steps = [found for line in body if (found := _STEP.match(line))]
    does = {(step[2].split(",")[0].strip(), step[3].replace("return", "").strip()) for step in steps}
    if name in _BLANKETS and does & {("true", "setblock"), ("siteisip", "setblock")}:
        if ("true", "setblock") in does:
            told.block_unknown = where
        else:
            told.block_addresses = where
    elif name == "checkrequest" and does == {("true", "setexception")}:
        told.unfiltered = where
    elif name == "checkrequest" and does == {("true", "setblock")}:
        told.blocked = where
    elif name in _LOCAL and not body:
        told.silent.add(_LOCAL[name])
        report.changed(where, f"the list {_LOCAL[name]!r} is not asked, as here")
    elif name in ("localcheckrequest", "localsslrequestcheck") and not body:
        told.silent |= set(_LOCAL.values())
        report.changed(where, "the local lists are not asked, as here")
    elif name == "checkfiletype" and ("true", "setblock") in does:
        told.only_files = where
        report.left(where, "only listed kinds of files open: here files are closed by name (files: in a band)")
    elif name in _HARMLESS or not body:
        report.left(where, "a step of e2guardian that has no counterpart here; it decides about no listed name")
    else:
        report.left(where, f"a storyboard function of your own ({name}): see what it does, and write it as a rule")
