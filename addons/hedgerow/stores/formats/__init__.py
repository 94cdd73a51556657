"""What lists look like: sixteen formats, each a file here, read alike from a file, a folder or an archive.

    for part in parts(path, "hosts"):
        for row in part.rows():  # Found or Skipped, in the file's order
            ...

To add a format: write ``<format>.py`` with its parser and its ``Format``, name it in FORMATS, add a row to the table in
``tests/stores/formats/test_formats.py`` and to the one in ``blocklists/README.md``. A format in which each line speaks
for itself is a function of (line number, line) that yields ``Found``; ``lines.by_line`` does the rest. It raises
LineError for a line that means nothing and Unusable for one that a filter of names cannot act on: both become
``Skipped``, with their number, and reading goes on. What is found blocks as far as lists usually reach; an exception
(``excepts``) reaches no further than it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hedgerow.stores.formats.adblock import ADBLOCK
from hedgerow.stores.formats.addresses import IPS
from hedgerow.stores.formats.clash import CLASH
from hedgerow.stores.formats.dnsmasq import DNSMASQ
from hedgerow.stores.formats.domains import DOMAINS
from hedgerow.stores.formats.hosts import HOSTS
from hedgerow.stores.formats.jsonlist import JSON
from hedgerow.stores.formats.model import (
    Format,
    FormatError,
    Found,
    LineError,
    Listed,
    Options,
    Part,
    Row,
    Scope,
    Skipped,
    Unusable,
)
from hedgerow.stores.formats.names import parse_name
from hedgerow.stores.formats.rpz import RPZ
from hedgerow.stores.formats.singbox import SING_BOX
from hedgerow.stores.formats.squidguard import SQUIDGUARD
from hedgerow.stores.formats.surge import SURGE
from hedgerow.stores.formats.swot import SWOT
from hedgerow.stores.formats.table import CSV
from hedgerow.stores.formats.unbound import UNBOUND
from hedgerow.stores.formats.unpack import unpacked
from hedgerow.stores.formats.v2fly import V2FLY
from hedgerow.stores.formats.wildcard import WILDCARD

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Format",
    "FormatError",
    "Found",
    "LineError",
    "Listed",
    "Options",
    "Part",
    "Row",
    "Scope",
    "Skipped",
    "Unusable",
    "parse_name",
    "parts",
]

FORMATS: dict[str, Format] = {
    "adblock": ADBLOCK,
    "clash": CLASH,
    "csv": CSV,
    "dnsmasq": DNSMASQ,
    "domains": DOMAINS,
    "hosts": HOSTS,
    "ips": IPS,
    "json": JSON,
    "rpz": RPZ,
    "sing-box": SING_BOX,
    "squidguard": SQUIDGUARD,
    "surge": SURGE,
    "swot": SWOT,
    "unbound": UNBOUND,
    "v2fly": V2FLY,
    "wildcard": WILDCARD,
}

SUFFIXES: dict[str, str] = {"txt": "domains"} | {name: name for name, format in FORMATS.items() if format.suffix}
"""By the suffix of a school's own list: ``local/gambling.hosts`` is read as "hosts"."""


_NO_OPTIONS = Options()


def parts(path: Path, format: str, options: Options = _NO_OPTIONS) -> Iterator[Part]:
    """The lists of a file, a folder or an archive, sorted by their names.

    Of an archive, a part's rows can be read until the iterator goes on. Raises FormatError for a source that cannot be
    used at all, and OSError; so does reading the rows.
    """
    with unpacked(path, options) as tree:
        yield from FORMATS[format].read(tree, options)
