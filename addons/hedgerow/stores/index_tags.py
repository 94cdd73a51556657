"""What one row of the index says, packed into 32 bits: the list's number, how the line is meant, the category."""

from __future__ import annotations

CATEGORY_BITS = 0xFF
EXACT_BIT = 0x100  # only this very host
CORRECTION_BIT = 0x200  # a person's word about lists
EXCEPT_BIT = 0x400  # the list says: not this (adblock @@, RPZ passthru)
IMPORTANT_BIT = 0x800  # its own list's exceptions do not reach it (adblock $important)
SILENT_BIT = 0x1000  # said, and not believed (``core.trust``)
REFUTED_BIT = 0x2000  # somebody looked at the site: it is not what lists say
REMOVED_BIT = 0x4000  # of a correction: it takes the name out of this category
FILE_SHIFT = 16
MOST_FILES = 1 << 16

EVIDENCE = ("evidence:kept-open", "evidence:popular")
"""Rows that speak for a name; of the second kind the line is the rank. They stand behind the categories."""
KEPT_OPEN, POPULAR = EVIDENCE
