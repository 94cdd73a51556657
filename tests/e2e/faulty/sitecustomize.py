"""Imported by Python itself in each worker of the fault tests: any hook can be told to fail, by a line in a file.

The file ``$HEDGEROW_LAB_FAULT`` holds ``Class.hook kind``; kind is raise, hang or nonsense. Empty: nothing fails.
``$HEDGEROW_LAB_PATIENCE``: a hook hangs after so many seconds, not after the gateway's own two.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _faulty(told: Path, name: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        wanted, _, kind = told.read_text().strip().partition(" ")
        if wanted == name and kind == "raise":
            raise RuntimeError("told to fail")
        if wanted == name and kind == "hang":
            time.sleep(30)
        if wanted == name and kind == "nonsense":
            return "nonsense"
        return hook(*arguments)

    return call


def _install(told: Path) -> None:
    import hedgerow.proxy.limits

    if seconds := os.environ.get("HEDGEROW_LAB_PATIENCE"):
        hedgerow.proxy.limits.HOOK_SECONDS = float(seconds)  # before the guard takes it for its default
    from tests.e2e.hooks import addon_classes, hooks

    kinds = {kind.__name__: kind for kind in addon_classes()}
    for class_name, hook in hooks():
        original = getattr(kinds[class_name], hook)
        setattr(kinds[class_name], hook, _faulty(told, f"{class_name}.{hook}", original))


if "HEDGEROW_WORKER" in os.environ and "HEDGEROW_LAB_FAULT" in os.environ:
    _install(Path(os.environ["HEDGEROW_LAB_FAULT"]))
