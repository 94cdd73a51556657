"""The lab, for the doctor of a whole gateway; and who says that his test makes a fault has seen the check find it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.doctor import faults
from tests.lab.fixtures import lab

__all__ = ["lab"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that passed, and in which a check of its ``@makes`` found nothing, fails."""
    faults.returned.clear()
    result = yield
    made = {name for mark in item.iter_markers("makes") for name in mark.args}
    assert made <= faults.returned, f"not found in this test: {', '.join(sorted(made - faults.returned))}"
    return result
