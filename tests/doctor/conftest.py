"""The lab, for the doctor of a whole gateway."""

from __future__ import annotations

from tests.lab.fixtures import lab

__all__ = ["lab"]
