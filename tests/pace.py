"""How long something takes, on machines that have other work as well."""

from __future__ import annotations

import time
from collections.abc import Callable


def takes_less(seconds: float, work: Callable[[], object]) -> bool:
    """True when one of three tries takes less CPU time of this process: what else runs only adds."""

    def spent() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return any(spent() < seconds for _ in range(3))
