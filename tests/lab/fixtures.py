"""Fixtures that evasion and e2e tests share. Imported by their conftest files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import net, school
from .client import MODES, Device
from .contacts import Watch
from .gateway import Gateway
from .lab import Lab, shared


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The lab of this run. Skips with a reason where namespaces cannot be made."""
    if reason := net.why_not():
        pytest.skip(reason)
    return shared()


@pytest.fixture(scope="session")
def gateway(lab: Lab) -> Iterator[Gateway]:
    """The ordinary gateway: two workers, both modes, v4 and v6."""
    yield school.gateway()


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pupil(lab: Lab, gateway: Gateway, mode: str) -> Device:
    """A pupil of ages-8-10, in each mode."""
    return lab.device("pupil8", mode, gateway.ca)


@pytest.fixture
def teen(lab: Lab, gateway: Gateway, mode: str) -> Device:
    """A pupil of ages-14-17, in each mode."""
    return lab.device("pupil14", mode, gateway.ca)


@pytest.fixture
def explicit(lab: Lab, gateway: Gateway) -> Device:
    return lab.device("pupil8", "explicit", gateway.ca)


@pytest.fixture
def transparent(lab: Lab, gateway: Gateway) -> Device:
    return lab.device("pupil8", "transparent", gateway.ca)


@pytest.fixture
def watch(lab: Lab, gateway: Gateway) -> Watch:
    """Contacts from the beginning of the test."""
    return lab.watch()
