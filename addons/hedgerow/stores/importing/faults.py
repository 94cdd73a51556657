"""What ends an import before anything is written."""

from __future__ import annotations


class ImportFault(Exception):
    """The operator has to name something else, or something more. The message says what; nothing was written."""
