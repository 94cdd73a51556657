"""The pages as Chromium shows them."""

from __future__ import annotations

from tests.browser import chromium

__all__ = ["chromium"]
