"""What a resolver must do with a name: ``core.policy.decide``, asked as where nothing but the name is seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hedgerow.core.hosts import is_address, parents, suspicious
from hedgerow.core.model import Capture, Decision, Identity, Index, Name, NameSource, Policy, Request, Step
from hedgerow.core.policy import decide

_BY_ADDRESS = frozenset({Step.FLOOR, Step.SITE, Step.CATEGORY})
ANY = "*"
"""A label no listed name has. ``*.x`` is asked about for whatever stands below x and is named nowhere."""

_Said = tuple[tuple[frozenset[str], bool, frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One band at one moment. Passes, exams and relaxations do not count: a resolver's file outlives them."""

    policy: Policy
    band: str
    index: Index
    now: datetime  # aware, in the school's time zone
    _named: frozenset[str] = field(init=False)
    _tails: frozenset[str] = field(init=False)
    _known: dict[_Said, bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", self.named())
        object.__setattr__(self, "_tails", frozenset(map(_tail, self.named())))

    def named(self) -> frozenset[str]:
        """Every name the policies speak about by itself: helplines, the gateway, sites of the floor and the band."""
        sites = self.policy.bands[self.band].sites
        return frozenset(self.policy.protected) | frozenset(self.policy.floor.sites) | frozenset(sites)

    def refused(self, host: str) -> bool:
        """True when pupils of this band get no page of this host; ``ANY`` and ``*.host`` for what nobody names.

        Names that no policy names and of which the lists say the same get the same verdict: asked once.
        """
        if "xn--" in host or self._is_below_a_named_one(host):
            return self._decided(host).action.forbids
        said = tuple((match.categories, match.correction, match.removed) for match in self.index.match(host))
        known = self._known.get(said)
        if known is None:
            known = self._known[said] = self._decided(host).action.forbids
        return known

    def _is_below_a_named_one(self, host: str) -> bool:
        """Nearly no name is, and of those the last two labels tell it."""
        tail = _tail(host)
        if tail not in self._tails and tail.rpartition(".")[2] not in self._tails:
            return False
        return not self._named.isdisjoint(parents(host))

    def address_refused(self, address: str) -> bool:
        """True when a list or rule closes this address or network; the band's word on unknown ones is none here."""
        decision = self._decided(address)
        return decision.action.forbids and decision.step in _BY_ADDRESS

    def _decided(self, host: str) -> Decision:
        """A resolver can show no page, as nobody can who opens a WebSocket: ``core.asking.weigh`` knows that one."""
        faults = ("mixed-scripts",) if not is_address(host) and suspicious(host) else ()
        request = Request((Name(NameSource.SNI, host, host),), upgrade="websocket", faults=faults)
        identity = Identity("", self.band, level=Capture.NAMES_ONLY)
        return decide(request, identity, self.policy, self.index, self.now)


def _tail(host: str) -> str:
    """The last two labels."""
    return ".".join(host.rsplit(".", 2)[-2:])
