"""What the portal shows its pages from: the files in force, and the stores of this box."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow import runtime
from hedgerow.core.model import Policy
from hedgerow.portal.flood import CARE, ORDINARY, Flood
from hedgerow.portal.forms import FormTokens
from hedgerow.stores.categories import CategoryTable
from hedgerow.stores.identities import Identities
from hedgerow.stores.messages import Texts
from hedgerow.stores.pass_ledger import PassError
from hedgerow.stores.pass_rows import GrantKind
from hedgerow.stores.passes import PassStore, open_passes
from hedgerow.stores.policy_helplines import Helpline
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site
from hedgerow.stores.state import State, StateError, key
from hedgerow.stores.tokens import Tokens

logger = logging.getLogger(__name__)

_RELAXED_SECONDS = 2.0


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
    registers: Mapping[str, str]  # band -> how our pages speak to it
    unread: tuple[str, ...] = ()  # hosts whose connections stay closed to the filter, with all below them or not
    help_hosts: tuple[str, ...] = ()  # of helplines: neither read nor written down

    def helplines_for(self, language: str) -> tuple[Helpline, ...]:
        """The local helplines as readers of ``language`` should see them."""
        return runtime.for_readers(self.helplines, language)

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
        registers={name: band.register for name, band in policy.bands.items()},
        unread=tuple(sorted(policy.no_decrypt)),
        help_hosts=tuple(sorted(host for host in policy.protected if _is_never_opened(host, policy))),
    )


def _is_never_opened(host: str, policy: Policy) -> bool:
    """True for a helpline with a host of its own; of one on a shared platform the path must be read."""
    return host not in policy.gateway_names and all(not entry.path for entry in policy.protected[host])


class House:
    """The version in force and the stores. ``load`` runs in a thread: one assignment is the whole of a reload."""

    def __init__(
        self, state: State, first: Shown, school: Path | None = None, proxies: tuple[tuple[str, int], ...] = ()
    ) -> None:
        self.state = state
        self.shown = first
        self.school = school  # policies/local
        self.proxies = proxies  # listening addresses that devices may use as their proxy
        self.troubles: tuple[str, ...] = ()  # with the gateway itself, as the supervisor last said
        self._reports: ReportStore | None = None
        self._passes: PassStore | None = None
        self._opening = threading.Lock()
        self.tokens = FormTokens(key(state.keys / "portal.key"))
        self.page_tokens = Tokens(state.keys)  # those of the workers' pages
        self.marks = secrets.token_bytes(32)  # dies with the process: nobody can find out later who reported
        self._floods = {True: Flood(CARE), False: Flood(ORDINARY)}
        self._relaxed: tuple[float, float] = (0.0, 0.0)  # asked at (monotonic), in force until (Unix seconds)

    @property
    def reports(self) -> ReportStore:
        """Opened when it is first needed: a broken file takes no helpline page away. Raises ReportsUnavailable."""
        with self._opening:
            if self._reports is None:
                self._reports = ReportStore(self.state.reports)
            return self._reports

    @property
    def passes(self) -> PassStore:
        """Opened when it is first needed. Raises PassError."""
        with self._opening:
            if self._passes is None:
                self._passes = _opened(self.state)
            return self._passes

    def flood(self, care: bool) -> Flood:
        """The window reports of this sort are counted in."""
        return self._floods[care]

    def banner(self, language: str) -> str:
        """What every page says while the filter is relaxed; "" otherwise. Asks the store every two seconds at most.

        A guard: no fault of the store takes a page, and whom to call on it, away.
        """
        try:
            return self._banner(language)
        except Exception as error:
            logger.error("fault in the portal's banner: %s", type(error).__name__)
            return ""

    def _banner(self, language: str) -> str:
        asked, until = self._relaxed
        if time.monotonic() - asked > _RELAXED_SECONDS:
            until = self._until()
            self._relaxed = (time.monotonic(), until)
        if until <= time.time():
            return ""
        texts, ends = self.shown.texts(language), datetime.fromtimestamp(until, self.shown.zone)
        return texts["portal.relaxed"].replace("{time}", texts.clock(ends))

    def _until(self) -> float:
        try:
            held = self.passes.held(GrantKind.RELAX)
        except PassError:
            return 0.0
        return max((time.time() + self.passes.left(row) for row in held), default=0.0)

    def load(self, path: Path) -> str:
        """Read a snapshot and put it in force; returns its version. Raises what ``shown`` raises."""
        self.shown = shown(path)
        return self.shown.version

    def close(self) -> None:
        if self._reports is not None:
            self._reports.close_file()
        if self._passes is not None:
            self._passes.close()


def _opened(state: State) -> PassStore:
    try:
        return open_passes(state)
    except StateError as error:
        raise PassError(str(error)) from error


def open_house(
    root: Path, snapshot: Path, school: Path | None = None, proxies: tuple[tuple[str, int], ...] = ()
) -> House:
    """Everything from its files. Raises OSError, ValueError, StateError when one cannot be used."""
    return House(State(root), shown(snapshot), school, proxies)
