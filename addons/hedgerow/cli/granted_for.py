"""For whom a grant is, and which rules stand in the way of what it opens: ``decide`` is asked before it is issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hedgerow.cli import FOUND
from hedgerow.cli.common import Failure, Place
from hedgerow.cli.granting import in_force
from hedgerow.cli.in_force import in_force as in_force_policy
from hedgerow.core.hosts import HostError, is_public_suffix
from hedgerow.core.lifting import House, Lifting, lift_category, lift_site
from hedgerow.core.model import Identity
from hedgerow.core.urls import UrlError, parse_url
from hedgerow.runtime import Snapshot
from hedgerow.stores.passes import Scope, Target


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope, and who ``decide`` is asked as."""

    snapshot: Snapshot
    scope: Scope
    house: House

    def moments(self, length: int) -> list[datetime]:
        """Now and each minute after it: what closes while a grant holds is lifted too."""
        now = datetime.now(self.snapshot.zone)
        return [now + timedelta(minutes=minute) for minute in range(length + 1)]


def asked_for(place: Place, band: str, network: str, beside: bool = True) -> Asked:
    """Raises Failure unless one known band or one known network is named. ``beside``: an exam in force counts."""
    if bool(band) == bool(network):
        raise Failure("name either --band or --network")
    snapshot = in_force_policy(place)
    identity = _of_band(snapshot, band) if band else _of_network(snapshot, network)
    grants = in_force(place) if beside else None
    house = House(identity, snapshot.policy, snapshot.index, snapshot.lexicon.scan, grants)
    return Asked(snapshot, Scope(band=band, network=network), house)


def _of_band(snapshot: Snapshot, band: str) -> Identity:
    if band not in snapshot.policy.bands:
        raise Failure(f"--band {band}: unknown; known: {', '.join(snapshot.policy.bands)}")
    return Identity("", band)


def _of_network(snapshot: Snapshot, network: str) -> Identity:
    known = {rule.name: rule for rule in snapshot.site.networks}
    if network not in known:
        raise Failure(f"--network {network}: unknown; known: {', '.join(known) or 'none; site.yaml names them'}")
    rule = known[network]
    return Identity("", rule.band, network, rule.level, rule.staff_only)


def site_of(text: str) -> tuple[str, str]:
    """(canonical host, path) of what a person writes for a site; path "" for all of it. Raises Failure."""
    try:
        target = parse_url(text if "://" in text else f"https://{text}")
        host, path = target.host, target.clean_path
    except (UrlError, HostError) as error:
        raise Failure(f"--site {text!r}: {error}; write wiki.example, or wiki.example/part") from error
    if is_public_suffix(host):
        raise Failure(f"--site {text!r}: all sites below {host} are strangers to each other; name the one you mean")
    return host, "" if path == "/" else path


def wanted(site: str, category: str) -> Target:
    """What shall open, not yet with what that lifts. Raises Failure."""
    if bool(site) == bool(category):
        raise Failure("name either --site or --category")
    return Target(*site_of(site)) if site else Target(category=category)


def target_of(asked: Asked, wanted: Target, length: int) -> Target:
    """The same with what a grant of so many minutes has to lift.

    Raises Failure; with exit code 1 when nothing stands in the way, or what does cannot be lifted.
    """
    if wanted.category:
        target = _category_target(asked, wanted.category, length)
    else:
        target = site_target(asked, wanted.host, wanted.path, length)
    if not target.digests:
        raise Failure(f"{target} is open already for {asked.scope}: there is nothing to lift", FOUND)
    return target


def site_target(asked: Asked, host: str, path: str, length: int) -> Target:
    """As ``target_of``; nothing to lift is no failure. Raises Failure when what stands in the way cannot be lifted."""
    lifting = lift_site(host, path, asked.house, asked.moments(length))
    return _liftable(Target(host, path, digests=lifting.digests, rules=_names(lifting)), lifting)


def _category_target(asked: Asked, category: str, length: int) -> Target:
    known = asked.snapshot.policy.bands[asked.house.identity.band].categories
    if category not in known:
        raise Failure(f"--category {category}: unknown; known: {', '.join(sorted(known))}")
    lifting = lift_category(category, asked.house, asked.moments(length))
    return _liftable(Target(category=category, digests=lifting.digests, rules=_names(lifting)), lifting)


def _names(lifting: Lifting) -> tuple[str, ...]:
    return tuple(sorted(set(lifting.rules.values())))


def _liftable(target: Target, lifting: Lifting) -> Target:
    if lifting.refused is not None:
        rule = lifting.refused
        raise Failure(f"{target} stays closed, no grant lifts {rule.rule} ({rule.where}): {rule.evidence}", FOUND)
    return target
