"""What a run of the self-test finds. ``CHECKS`` is the closed set of its labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CHECKS: Mapping[str, str] = {
    "floor": "what no school can open is closed: illegal content, malware, phishing",
    "categories": "each category's test host is closed, warned about or open as the band's policy says",
    "bypass": "VPNs and proxies, DNS over HTTPS, translators and caches are treated as the band's policy says",
    "doh": "well-known DNS over HTTPS servers are treated as the band's policy says",
    "safe-search": "search engines and YouTube are asked to search safely where the band asks for it",
    "words": "a search for a phrase of each word list is answered as the band's policy says",
    "helplines": "every helpline's site is open in the filter",
    "helplines-reached": "the helplines' own sites answer, unopened, with a certificate of their own",
    "networks": "each network of site.yaml, and whoever is in none, gets the band that is written there",
    "page": "our page is shown over https: status, headers, code, language, help",
    "certificate": "the certificate shown for it is the school's CA's, for this very name, and in time",
    "portal": "the gateway's own pages answer by their name",
}
BOX = ("helplines-reached", "certificate", "portal")
"""Checks that are about the box and no band: their label ``band`` is empty."""
EXPIRIES = ("ca", "leaf", "lists")


@dataclass(frozen=True, slots=True)
class Canary:
    """One question and whether it was answered as expected. ``told`` says what came instead; no pupil is in it.

    What was not ``asked`` (while relaxed, say) did not fail, and counts nowhere as tested.
    """

    check: str
    band: str
    what: str
    passed: bool
    told: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """All canaries of one run. Times in Unix seconds."""

    at: float
    seconds: float
    policy: str
    canaries: tuple[Canary, ...]
    expiries: Mapping[str, float] = field(default_factory=dict)  # of ``EXPIRIES``

    @property
    def results(self) -> Mapping[tuple[str, str], bool]:
        """By check and band: True when all its canaries passed. One of which nothing could be asked is absent."""
        found: dict[tuple[str, str], bool] = {}
        for one in filter(lambda one: one.asked, self.canaries):
            found[one.check, one.band] = found.get((one.check, one.band), True) and one.passed
        return found

    @property
    def failed(self) -> tuple[Canary, ...]:
        return tuple(one for one in self.canaries if not one.passed)

    def as_dict(self) -> dict[str, object]:
        """For JSON; ``read`` takes it back."""
        return {
            "at": self.at,
            "seconds": round(self.seconds, 2),
            "policy": self.policy,
            "expiries": dict(self.expiries),
            "canaries": [[one.check, one.band, one.what, one.passed, one.told, one.asked] for one in self.canaries],
        }


def read(raw: Mapping[str, object]) -> Run:
    """Raises KeyError, TypeError or ValueError for what ``as_dict`` never wrote."""
    rows = raw["canaries"]
    if not isinstance(rows, list) or not isinstance(raw["expiries"], dict):
        raise ValueError("no run of the self-test")
    canaries = tuple(
        Canary(str(check), str(band), str(what), bool(passed), str(told), bool(asked))
        for check, band, what, passed, told, asked in rows
    )
    expiries = {str(name): float(value) for name, value in raw["expiries"].items() if name in EXPIRIES}
    return Run(float(str(raw["at"])), float(str(raw["seconds"])), str(raw["policy"]), canaries, expiries)


def counted(canaries: Iterable[Canary]) -> dict[str, tuple[int, int]]:
    """By check: how many passed, of how many that were asked."""
    found: dict[str, tuple[int, int]] = {}
    for one in filter(lambda one: one.asked, canaries):
        passed, number = found.get(one.check, (0, 0))
        found[one.check] = (passed + one.passed, number + 1)
    return found


def unasked(canaries: Iterable[Canary]) -> dict[str, int]:
    """By check: how many could not be asked."""
    return dict(Counter(one.check for one in canaries if not one.asked))
