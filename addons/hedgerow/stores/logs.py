"""The service's log: what strangers said stands in it on one line, and a line of ours cannot be forged (CWE-117).

Every line that begins at the margin with a time is ours; whatever follows in the same message is indented.
"""

from __future__ import annotations

import logging

from hedgerow.core.plain import plain

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class PlainFormatter(logging.Formatter):
    """Escapes control characters in messages and tracebacks, and indents what takes several lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _indented(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: logging._SysExcInfoType) -> str:
        return "  " + _indented(super().formatException(ei))


def _indented(text: str) -> str:
    return "\n  ".join(plain(line) for line in text.split("\n"))


def begin(level: int = logging.WARNING) -> None:
    """Log to standard error. Called once, where a process of ours begins."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter(FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
