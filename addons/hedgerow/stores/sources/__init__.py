"""Whose lists a school takes in: ``sources.yaml``, what was fetched of them, and how.

::

    sources:
      ut1:                              # the id, for commands and metrics
        title: "UT1 blacklists"
        url: https://...                # one file; or
        files: {gambling: https://...}  # several, by the source's own category; or
        path: local/ours                # a file or folder below the blocklists folder
        format: squidguard              # one of stores.formats
        field: Domain                   # CSV and JSON: where the name stands; category-field: its category
        categories: {publicite: ads-trackers, cooking: []}    # the source's own -> ours; [] = unused on purpose
        category: gambling              # instead: of all its names
        role: list                      # list | education | must-reach | popular
        trust: 2                        # 1 to 3, see blocklists/README.md
        family: ut1                     # sources that copy each other are one voice; default: the id
        licence: "CC BY-SA 4.0"
        home: https://...
        refresh: 1 day
        least-names: 1000               # fewer are no list
        shrink: 0.5                     # refused when more than this part of the names is gone
        grow: 10                        # refused when there are more than so many times the names
        most-size: 300 MB               # of one file, as it is sent
        most-files: 10000               # in an archive; only: "*/domains" reads those of such a name
        checksum: {url: https://.../MD5SUM.LST, algorithm: md5}
        signature: {url: https://....minisig, key: RW...}
        required: true                  # its failure is an alarm
        share: true                     # the licence lets a bundle carry it
        use: true

A school's ``local/sources.yaml`` adds sources of its own, and says of a shipped one only ``use``, ``trust``,
``required``, ``refresh`` and ``categories``. In ``categories``, ``"*"`` speaks for all that are not named.
"""

from __future__ import annotations

from hedgerow.stores.sources.held import Downloads, Held
from hedgerow.stores.sources.model import Checksum, Role, Signature, Source
from hedgerow.stores.sources.reader import BUNDLED, SOURCES, load_sources

__all__ = ["BUNDLED", "SOURCES", "Checksum", "Downloads", "Held", "Role", "Signature", "Source", "load_sources"]
