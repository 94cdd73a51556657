"""Imported by Python itself in each worker of the tests that need to wait: the wall clock is ahead by a file's seconds.

The file ``$HEDGEROW_LAB_LATER`` holds the seconds. Monotonic and boot clocks stay as they are.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def _install(told: Path) -> None:
    real = time.time

    def ahead() -> float:
        return float(told.read_text() or 0)

    time.time = lambda: real() + ahead()  # before anything of ours is imported
    from hedgerow.proxy.services import Services

    make = Services.__init__

    def init(self: Services, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self.clock = lambda: datetime.now().astimezone() + timedelta(seconds=ahead())

    Services.__init__ = init  # type: ignore[method-assign]


if "HEDGEROW_WORKER" in os.environ and "HEDGEROW_LAB_LATER" in os.environ:
    _install(Path(os.environ["HEDGEROW_LAB_LATER"]))
