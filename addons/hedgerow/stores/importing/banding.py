"""Which band a group becomes: what the operator says, else what its name or its limit lets guess, else a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import Group

NONE = "none"
_BY_NAME = (
    ("staff", r"staff|teach|admin|lehrer|prof(?!il)|personal|giáo|gv\b|учител|мұғалім|معلم"),
    ("ages-5-7", r"kinder|nursery|infant|pre-?school|maternelle"),
    ("ages-8-10", r"primary|elementary|grundschule|primaire|tiểu học|junior|child"),
    ("ages-11-13", r"middle|secondary|college|mittelstufe|thcs"),
    ("ages-14-17", r"high|lycee|lycée|oberstufe|sixth|senior|student|thpt"),
)


def bands_for(
    groups: Sequence[Group], said: Mapping[str, str], known: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """(group -> band, group -> why). Raises ImportFault when two groups would share a band, or a name is unknown."""
    keys = {group.key for group in groups}
    for key, band in said.items():
        if key not in keys:
            raise ImportFault(f"--band {key}={band}: no such group; there are: {', '.join(sorted(keys)) or 'none'}")
        if band not in (*known, NONE):
            raise ImportFault(f"--band {key}={band}: no such band; known: {', '.join(known)}; {NONE} leaves it out")
    chosen, whys = {}, {}
    for group in groups:
        band, why = (said[group.key], "as you said") if group.key in said else guessed(group)
        if band != NONE:
            chosen[group.key], whys[group.key] = band, why
    _no_two(groups, chosen)
    return chosen, whys


def guessed(group: Group) -> tuple[str, str]:
    """e2guardian's own guide: a limit of 50 is for young children, 100 for older ones, 160 for young adults."""
    for band, words in _BY_NAME:
        if re.search(words, f"{group.title} {group.key}", re.IGNORECASE):
            return band, f"guessed from its name {group.title or group.key!r}"
    if group.unfiltered:
        return "staff", "guessed: nothing was filtered for it"
    if group.limit:
        band = "ages-8-10" if group.limit <= 50 else "ages-11-13" if group.limit <= 100 else "ages-14-17"
        return band, f"guessed from its limit for phrases, {group.limit:g}"
    return "ages-11-13", "nothing tells the age of this group"


def _no_two(groups: Sequence[Group], chosen: Mapping[str, str]) -> None:
    """One band has one set of rules: two groups that both seem to be it are a question to the operator."""
    for band in dict.fromkeys(chosen.values()):
        sharing = [group for group in groups if chosen.get(group.key) == band]
        if len(sharing) > 1:
            named = " and ".join(f"{g.key}{f' ({g.title})' if g.title and g.title != g.key else ''}" for g in sharing)
            example = ",".join(f"{group.key}=BAND" for group in sharing)
            raise ImportFault(f"{named} would both become {band}; say which bands they are: --band {example}")
