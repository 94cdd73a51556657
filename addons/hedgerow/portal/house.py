"""What the portal shows its pages from: the files in force, and the stores of this box."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow import runtime
from hedgerow.stores.categories import CategoryTable
from hedgerow.stores.identities import Identities
from hedgerow.stores.messages import Texts
from hedgerow.stores.policy_helplines import Helpline
from hedgerow.stores.site import Site
from hedgerow.stores.state import State


@dataclass(frozen=True, slots=True)
class Shown:
    """One version of the files, as the portal needs them: taken once for one request."""

    version: str
    site: Site
    zone: ZoneInfo
    identities: Identities
    gateway_names: frozenset[str]
    categories: CategoryTable
    helplines: tuple[Helpline, ...]  # of the school's place, the nearest first
    messages: Mapping[str, Texts]

    def helplines_for(self, language: str) -> tuple[Helpline, ...]:
        """The local helplines, those that speak ``language`` first."""
        return tuple(sorted(self.helplines, key=lambda line: language not in line.languages))

    def texts(self, language: str) -> Texts:
        """The sentences in this language, else in English."""
        return self.messages.get(language) or self.messages["en"]


def shown(path: Path) -> Shown:
    """What a snapshot's file says. Raises OSError, TypeError, or what ``pickle`` raises."""
    files = runtime.read(path)
    site, policy = files.site, files.policy
    return Shown(
        version=files.version,
        site=site,
        zone=ZoneInfo(policy.calendar.timezone),
        identities=Identities(site.networks, policy.default_band),
        gateway_names=policy.gateway_names,
        categories=files.categories,
        helplines=tuple(runtime.local_helplines(files.loaded.helplines, site)),
        messages=files.messages,
    )


class House:
    """The version in force and the stores. ``load`` runs in a thread: one assignment is the whole of a reload."""

    def __init__(self, state: State, first: Shown) -> None:
        self.state = state
        self.shown = first

    def load(self, path: Path) -> str:
        """Read a snapshot and put it in force; returns its version. Raises what ``shown`` raises."""
        self.shown = shown(path)
        return self.shown.version

    def close(self) -> None:
        """Nothing waits to be written: every store writes before it answers."""


def open_house(root: Path, snapshot: Path) -> House:
    """Everything from its files. Raises OSError, ValueError or StateError when one cannot be used."""
    return House(State(root), shown(snapshot))
