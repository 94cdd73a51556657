"""Text of strangers, made fit for one line of a log or a terminal: nothing in it ends a line, colours, moves the
cursor, turns the reading direction or hides (CWE-117, CWE-150; Trojan Source, CVE-2021-42574).
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: line ends, escape sequences
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides, isolates
    "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible
    "\U000e0000-\U000e0fff"  # tags
    "\ud800-\udfff]"  # halves of surrogate pairs
)
"""Joiners and direction marks stay: Persian is written with them."""

LONGEST = 4096


def plain(text: str, longest: int = LONGEST) -> str:
    r"""``text`` on one line, what is hidden written out (``\x1b``), cut to ``longest`` characters of the original."""
    shown = _HIDDEN.sub(_written, text[:longest])
    return f"{shown} [{len(text) - longest} characters more]" if len(text) > longest else shown


def plain_json(text: str) -> str:
    r"""JSON with what is hidden in its strings written as ``\uXXXX``: the same value, safe to look at."""
    return _HIDDEN.sub(_escaped, text)


def _written(found: re.Match[str]) -> str:
    number = ord(found.group())
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\u{int.from_bytes(unit, 'big'):04x}" for unit in _units(found.group()))


def _units(character: str) -> list[bytes]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return [raw[index : index + 2] for index in range(0, len(raw), 2)]
