"""A configuration of e2guardian with its own phrase lists from the archive: what its manual switches on, and more.

Its lists for English and Russian about everything that is measured here are on: gambling and drugs, which it ships
switched off, too. It has none for Vietnamese, Persian and Kazakh.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from hedgerow.stores.importing.e2baseline import LIMIT

_ENGLISH = (
    "goodphrases pornography nudism badwords drugadvocacy illegaldrugs intolerance gore violence weapons gambling "
    "personals proxies warezhacking"
)
WEIGHTED = (
    *(f"ukenglish/{name}/weighted" for name in _ENGLISH.split()),
    "ukenglish/goodphrases/weighted_news",
    "russian-1251/pornography/weighted",
    "russian-koi8-r/pornography/weighted",
)
_LISTS = "/etc/e2guardian/lists"


def installation(data: Path, folder: Path) -> Path:
    """``folder`` as e2guardian's own: its two configuration files and the lists. Returns it."""
    lists = folder / "lists"
    shutil.copytree(data / "phrases" / "e2guardian" / "phraselists", lists / "phraselists")
    includes = (f".Include<{_LISTS}/phraselists/{name}>\n" for name in WEIGHTED)
    (lists / "weightedphraselist").write_text("".join(includes))
    (folder / "e2guardian.conf").write_text("filtergroups = 1\n")
    own = f"naughtynesslimit = {LIMIT:g}\nweightedphraselist = '{_LISTS}/weightedphraselist'\n"
    (folder / "e2guardianf1.conf").write_text(own)
    return folder
